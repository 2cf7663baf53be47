/** The commands of {@code aliasfree}: options in, files and lines of text out. */
@NullMarked
package org.aliasfree.cli;

import org.jspecify.annotations.NullMarked;
