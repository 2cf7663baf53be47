package org.aliasfree.random;

import org.aliasfree.tensor.HostTensor;

/**
 * Where random numbers for images come from. Each call is the next draw: one number, or a few, for
 * every image of the batch.
 */
public interface ImageRandom {
  /**
   * Fills a tensor with numbers uniform in [0, 1).
   *
   * @param values f32, its first axis the images of the batch
   */
  void uniform(HostTensor values);

  /**
   * Fills a tensor with standard normal numbers.
   *
   * @param values f32, its first axis the images of the batch
   */
  void normal(HostTensor values);

  /**
   * Numbers that depend on the seed, the stream, the image's number, the draw and the element
   * alone, not on how images are put into batches: see {@link PhiloxImageRandom}.
   *
   * @param seed of the training
   * @param stream tells what the numbers are for
   * @param firstImage number in the whole training of the batch's first image
   */
  static ImageRandom philox(int seed, int stream, long firstImage) {
    return new PhiloxImageRandom(seed, stream, firstImage);
  }
}
