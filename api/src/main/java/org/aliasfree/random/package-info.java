/** Random numbers that equal NumPy's. */
@NullMarked
package org.aliasfree.random;

import org.jspecify.annotations.NullMarked;
