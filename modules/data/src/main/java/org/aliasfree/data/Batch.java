package org.aliasfree.data;

import org.aliasfree.tensor.HostTensor;

/**
 * Items of a data set to train on. The memory belongs to whoever took the batch.
 *
 * @param images u8 [N, C, H, W]
 * @param labels f32 [N, labelDim]; without elements when the data set has no labels
 * @param position of the sampler after these items: a loader whose sampler starts there gives the
 *     next batch
 */
public record Batch(HostTensor images, HostTensor labels, long position) {}
