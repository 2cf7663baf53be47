package org.aliasfree.training.augment;

import org.aliasfree.tensor.HostTensor;

/**
 * Where random numbers for augmentation come from. Each call is the next draw: one number, or a
 * few, for every image of the batch.
 */
public interface AugmentRandom {
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
   * alone, not on how images are put into batches: see {@link PhiloxAugmentRandom}.
   *
   * @param seed of the training
   * @param stream tells what is augmented, such as reals and fakes
   * @param firstImage number in the whole training of the batch's first image
   */
  static AugmentRandom philox(int seed, int stream, long firstImage) {
    return new PhiloxAugmentRandom(seed, stream, firstImage);
  }
}
