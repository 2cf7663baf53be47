package org.aliasfree.random;

import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * NumPy's legacy {@code RandomState}: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998)
 * and the draws that the official tools make with it, in the same order and with the same values,
 * so that "seed 2" is the same latent here and there.
 *
 * <p>All arithmetic is strict, hence the values are the same on every machine. An instance is a
 * sequence: it is not safe to share between threads.
 */
public final class RandomState {
  /** The largest seed, 2<sup>32</sup> − 1; the smallest is 0. */
  public static final long MAX_SEED = 0xffff_ffffL;

  private static final int STATE_WORDS = 624;
  private static final int SHIFT_WORDS = 397;

  private final int[] state = new int[STATE_WORDS];
  private int position = STATE_WORDS;
  private boolean hasSpareNormal;
  private double spareNormal;

  /**
   * The sequence of a seed.
   *
   * @param seed 0 to 2<sup>32</sup> − 1; anything else is an {@link AliasFreeException}
   */
  public RandomState(long seed) {
    if (seed < 0 || seed > MAX_SEED) {
      throw new AliasFreeException(
          "The random seed "
              + seed
              + " is out of range: seeds go from 0 to "
              + MAX_SEED
              + " (2^32 - 1); choose one of these.");
    }
    state[0] = (int) seed;
    for (int i = 1; i < STATE_WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next 32 random bits. */
  public int nextUInt32() {
    if (position == STATE_WORDS) {
      twist();
      position = 0;
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < STATE_WORDS; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % STATE_WORDS] & 0x7fffffff);
      int mixed = state[(i + SHIFT_WORDS) % STATE_WORDS] ^ (y >>> 1);
      state[i] = (y & 1) == 0 ? mixed : mixed ^ 0x9908b0df;
    }
  }

  /** Uniform in [0, 1) with 53 random bits; takes two 32-bit draws. */
  public double nextDouble() {
    int high = nextUInt32() >>> 5;
    int low = nextUInt32() >>> 6;
    return (high * 0x1p26 + low) * 0x1p-53;
  }

  /**
   * A standard normal value by Marsaglia's polar method. Values come in pairs: every second call
   * returns the one kept from the call before and draws nothing.
   */
  public double randn() {
    if (hasSpareNormal) {
      hasSpareNormal = false;
      return spareNormal;
    }
    double x1;
    double x2;
    double r2;
    do {
      x1 = 2 * nextDouble() - 1;
      x2 = 2 * nextDouble() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 == 0);
    double scale = StrictMath.sqrt(-2 * StrictMath.log(r2) / r2);
    spareNormal = scale * x1;
    hasSpareNormal = true;
    return scale * x2;
  }

  /**
   * Fills a tensor with {@link #randn()} in row-major order, each value rounded from f64 to the
   * tensor's floating-point type.
   */
  public void fillRandn(HostTensor tensor) {
    requireFloat(tensor.type());
    for (long i = 0; i < tensor.type().elements(); i++) {
      tensor.set(i, randn());
    }
  }

  /**
   * A new tensor filled by {@link #fillRandn}: the latents of a seed are {@code
   * randn(TensorType.f32(1, zDim))}.
   */
  public HostTensor randn(TensorType type) {
    requireFloat(type);
    HostTensor tensor = HostTensor.allocate(type);
    fillRandn(tensor);
    return tensor;
  }

  private static void requireFloat(TensorType type) {
    if (!type.dtype().isFloat()) {
      throw new AliasFreeException(
          "Normal random values need a tensor of a floating-point type (f16, f32 or f64), not "
              + type
              + ".");
    }
  }

  /**
   * A uniform integer from 0 to {@code max}, both included: draws as many bits as {@code max} has
   * until they do not exceed it. Draws nothing when {@code max} is 0.
   */
  public long interval(long max) {
    if (max < 0) {
      throw new AliasFreeException(
          "A random integer from 0 to " + max + " was asked for; the upper end must be 0 or more.");
    }
    if (max == 0) {
      return 0;
    }
    long mask = -1L >>> Long.numberOfLeadingZeros(max);
    long value;
    do {
      value = mask <= MAX_SEED ? nextUInt32() & MAX_SEED : nextUInt64();
      value &= mask;
    } while (value > max);
    return value;
  }

  private long nextUInt64() {
    long high = nextUInt32() & 0xffff_ffffL;
    return high << 32 | (nextUInt32() & 0xffff_ffffL);
  }

  /**
   * NumPy's {@code randint(bound)}: a uniform integer from 0 to {@code bound} − 1.
   *
   * @param bound 1 or more
   */
  public int randint(int bound) {
    if (bound < 1) {
      throw new AliasFreeException(
          "A random integer below " + bound + " was asked for; the bound must be 1 or more.");
    }
    return (int) interval(bound - 1L);
  }

  /**
   * Shuffles in place: for i from the last index down to 1, swaps the elements i and {@code
   * interval(i)}.
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = (int) interval(i);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** The integers from 0 to {@code count} − 1, shuffled. */
  public int[] permutation(int count) {
    if (count < 0) {
      throw new AliasFreeException(
          "A permutation of " + count + " items was asked for; it takes 0 or more.");
    }
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    shuffle(order);
    return order;
  }

  /**
   * NumPy's {@code choice(count, size, replace=False)}: {@code size} different integers from 0 to
   * {@code count} − 1.
   */
  public int[] choice(int count, int size) {
    if (size < 0 || size > count) {
      throw new AliasFreeException(
          "A choice of "
              + size
              + " different items out of "
              + count
              + " was asked for; it takes 0 to "
              + Math.max(count, 0)
              + " items.");
    }
    return java.util.Arrays.copyOf(permutation(count), size);
  }
}
