/**
 * The rules that every backend follows, and how they are checked: cases made at random, an error
 * model, a watched allocator. Without any test framework; see the package {@code junit} for one.
 */
@NullMarked
package org.aliasfree.conformance;

import org.jspecify.annotations.NullMarked;
