/** Tests of the command: run as a user runs it, in this process. */
@NullMarked
package org.aliasfree.cli;

import org.jspecify.annotations.NullMarked;
