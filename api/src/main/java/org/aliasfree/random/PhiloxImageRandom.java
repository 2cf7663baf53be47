package org.aliasfree.random;

import org.aliasfree.tensor.HostTensor;

/**
 * Numbers from Philox4x32-10 with the key (seed, stream) and the counter (element, draw, image):
 * element e of a uniform draw is word e mod 4 of block ⌊e/4⌋, its upper 24 bits divided by 2²⁴; of
 * a normal draw it comes from two words of block ⌊e/2⌋ by the method of Box and Muller. Uniform and
 * normal draws are counted together.
 */
final class PhiloxImageRandom implements ImageRandom {
  private final int seed;
  private final int stream;
  private final long firstImage;
  private int draw;

  PhiloxImageRandom(int seed, int stream, long firstImage) {
    this.seed = seed;
    this.stream = stream;
    this.firstImage = firstImage;
  }

  @Override
  public void uniform(HostTensor values) {
    fill(values, 4, (words, i) -> (words[i] >>> 8) * 0x1p-24);
  }

  @Override
  public void normal(HostTensor values) {
    fill(
        values,
        2,
        (words, i) -> {
          // The radius is never infinite, because the first number is never 0.
          double u = ((words[2 * i] & 0xffff_ffffL) + 1) * 0x1p-32;
          double v = (words[2 * i + 1] & 0xffff_ffffL) * 0x1p-32;
          return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
        });
  }

  /** Makes element {@code i} of those that come from one block. */
  @FunctionalInterface
  private interface Element {
    double of(int[] words, int i);
  }

  private void fill(HostTensor values, int perBlock, Element element) {
    long images = values.shape().dim(0);
    long perImage = images == 0 ? 0 : values.type().elements() / images;
    int[] words = new int[4];
    for (long n = 0; n < images; n++) {
      long image = firstImage + n;
      for (long e = 0; e < perImage; e++) {
        if (e % perBlock == 0) {
          words[0] = (int) (e / perBlock);
          words[1] = draw;
          words[2] = (int) image;
          words[3] = (int) (image >>> 32);
          Philox.block(words, seed, stream);
        }
        values.set(n * perImage + e, element.of(words, (int) (e % perBlock)));
      }
    }
    draw++;
  }
}
