/** Files that are there in full or not at all. */
@NullMarked
package org.aliasfree.file;

import org.jspecify.annotations.NullMarked;
