/** Golden data and checks that every backend must pass. */
@NullMarked
package org.aliasfree.conformance;

import org.jspecify.annotations.NullMarked;
