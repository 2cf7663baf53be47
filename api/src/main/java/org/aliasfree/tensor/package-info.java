/** Shapes, element types and tensors in host memory. */
@NullMarked
package org.aliasfree.tensor;

import org.jspecify.annotations.NullMarked;
