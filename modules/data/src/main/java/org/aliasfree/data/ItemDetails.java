package org.aliasfree.data;

import org.aliasfree.tensor.HostTensor;

/**
 * What an item of a data set is made of.
 *
 * @param rawIndex index of the image among the files, sorted by name
 * @param xflip whether it is mirrored left to right
 * @param yflip whether it is mirrored top to bottom
 * @param rawLabel as the data set's file has it: i64, a scalar, for a class; otherwise f32 [n]
 */
public record ItemDetails(int rawIndex, boolean xflip, boolean yflip, HostTensor rawLabel) {}
