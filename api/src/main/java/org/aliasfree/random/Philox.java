package org.aliasfree.random;

/**
 * Philox4x32-10: a function from a counter and a key to four random words (Salmon et al.,
 * <i>Parallel random numbers: as easy as 1, 2, 3</i>, 2011). There is no state, so any element of
 * any sequence can be had at once, in any order.
 */
public final class Philox {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xd251_1f53L;
  private static final long MULTIPLIER_1 = 0xcd9e_8d57L;
  private static final int WEYL_0 = 0x9e37_79b9;
  private static final int WEYL_1 = 0xbb67_ae85;
  private static final long LOW = 0xffff_ffffL;

  private Philox() {}

  /**
   * Replaces a counter by its random words.
   *
   * @param words the counter, four words of 32 bits, lowest first; afterwards the random words
   * @param key0 low word of the key
   * @param key1 high word of the key
   */
  public static void block(int[] words, int key0, int key1) {
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long a = MULTIPLIER_0 * (words[0] & LOW);
      long b = MULTIPLIER_1 * (words[2] & LOW);
      words[0] = (int) (b >>> 32) ^ words[1] ^ k0;
      words[1] = (int) b;
      words[2] = (int) (a >>> 32) ^ words[3] ^ k1;
      words[3] = (int) a;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
  }
}
