package org.aliasfree.backend.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Code for devices that only tests need, in the part of Java that TornadoVM compiles rightly. */
public final class DeviceLanguage {
  private DeviceLanguage() {}

  /** y[offset + i] = i, of which sequential Java would make 0 everywhere. */
  public static void threadNumbers(KernelContext context, int[] p, int[] y) {
    int i = context.globalIdx;
    if (i < p[0]) {
      y[p[1] + i] = i + 1;
    }
  }

  /**
   * Philox4x32-10 of the counters (i, 0, 0, 0): the words of counter i are at 4i. Words are shifted
   * by {@code >>} and a mask: {@code >>>} shifts the sign in on devices.
   *
   * @param p {count, offset of y, low and high word of the key}
   */
  public static void philox(int[] p, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int c0 = i;
      int c1 = 0;
      int c2 = 0;
      int c3 = 0;
      int k0 = p[2];
      int k1 = p[3];
      for (int round = 0; round < 10; round++) {
        int high0 = high(0xd2511f53, c0);
        int low0 = 0xd2511f53 * c0;
        int high1 = high(0xcd9e8d57, c2);
        int low1 = 0xcd9e8d57 * c2;
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9e3779b9;
        k1 += 0xbb67ae85;
      }
      if (i < p[0]) {
        y[p[1] + 4 * i] = c0;
        y[p[1] + 4 * i + 1] = c1;
        y[p[1] + 4 * i + 2] = c2;
        y[p[1] + 4 * i + 3] = c3;
      }
    }
  }

  /** The high word of the product of two words without signs, by halves of 16 bits. */
  private static int high(int a, int b) {
    int al = a & 0xffff;
    int ah = (a >> 16) & 0xffff;
    int bl = b & 0xffff;
    int bh = (b >> 16) & 0xffff;
    int ll = al * bl;
    int lh = al * bh;
    int hl = ah * bl;
    int middle = ((ll >> 16) & 0xffff) + (lh & 0xffff) + (hl & 0xffff);
    return ah * bh + ((lh >> 16) & 0xffff) + ((hl >> 16) & 0xffff) + (middle >> 16);
  }
}
