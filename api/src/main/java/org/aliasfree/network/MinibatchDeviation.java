package org.aliasfree.network;

import java.util.List;
import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.Shape;

/**
 * The discriminator's view of variety: the standard deviation over groups of images, averaged over
 * channels and pixels, as additional channels (Karras et al., <i>Progressive Growing of GANs</i>,
 * 2018, section 3).
 *
 * @param groupSize images taken together; empty for the whole batch. Image n belongs to group n mod
 *     (batch / groupSize)
 * @param numChannels channels added, each for as many of the image's channels
 */
public record MinibatchDeviation(OptionalInt groupSize, int numChannels) {
  /**
   * x [N, C, H, W] with its deviation, [N, C + numChannels, H, W].
   *
   * @throws AliasFreeException when the batch is larger than a group and no multiple of it
   */
  public Tensor apply(Tensor x) {
    long batch = x.dim(0);
    long size = Math.min(groupSize.orElse(Integer.MAX_VALUE), batch);
    if (batch % size != 0) {
      throw new AliasFreeException(
          "The discriminator takes batches of less than "
              + size
              + " images or a multiple of that (mbstd_group_size), but this one has "
              + batch
              + ".");
    }
    long groups = batch / size;
    long height = x.dim(2);
    long width = x.dim(3);
    Tensor y = x.reshape(size, groups, numChannels, x.dim(1) / numChannels, height, width);
    y = y.sub(y.mean(0)).square().mean(0).add(1e-8).sqrt().mean(3, 4, 5);
    y = y.expand(Shape.of(size, groups, numChannels, 1, height, width));
    return Ops.concat(1, List.of(x, y.reshape(batch, numChannels, height, width)));
  }
}
