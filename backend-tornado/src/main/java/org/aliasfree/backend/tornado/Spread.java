package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.Slices;

/** Numbers of iterations of parallel loops. */
final class Spread {
  private Spread() {}

  /**
   * A number of iterations not much above {@code n}: one of eight in each doubling. The number is
   * compiled into the code; with few different numbers there is less to compile. The code must
   * therefore ask whether an iteration is wanted.
   */
  static int over(long n) {
    long step = Math.max(1, Long.highestOneBit(Math.max(1, n - 1)) / 8);
    return Math.toIntExact(Math.ceilDiv(n, step) * step);
  }

  /** A number of iterations for {@code items} items of much work each, shared by {@link Slices}. */
  static int evenly(long items) {
    return Math.multiplyExact(over(Math.max(1, Math.ceilDiv(items, Slices.COUNT))), Slices.COUNT);
  }
}
