/** Random numbers: sequences that equal NumPy's, and a function of a counter. */
@NullMarked
package org.aliasfree.random;

import org.jspecify.annotations.NullMarked;
