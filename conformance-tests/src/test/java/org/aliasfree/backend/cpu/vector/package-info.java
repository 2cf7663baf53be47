/** Backends with one fault each: cpu-vector, whose kernels only this package can reach. */
@NullMarked
package org.aliasfree.backend.cpu.vector;

import org.jspecify.annotations.NullMarked;
