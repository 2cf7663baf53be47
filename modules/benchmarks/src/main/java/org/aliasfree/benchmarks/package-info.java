/**
 * JMH benchmarks of single kernels, of the shapes that they have in the official configurations.
 */
@NullMarked
package org.aliasfree.benchmarks;

import org.jspecify.annotations.NullMarked;
