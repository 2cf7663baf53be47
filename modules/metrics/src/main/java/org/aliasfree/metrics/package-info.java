/**
 * How far the images of a network are from those of a data set: the sliced Wasserstein distance of
 * patches, which needs no trained detector. {@link org.aliasfree.metrics.SlicedWasserstein}
 * compares two {@link org.aliasfree.metrics.PatchDescriptors}.
 */
@NullMarked
package org.aliasfree.metrics;

import org.jspecify.annotations.NullMarked;
