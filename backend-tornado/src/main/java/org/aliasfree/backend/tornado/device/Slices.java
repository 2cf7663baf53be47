package org.aliasfree.backend.tornado.device;

/**
 * Equal shares of work. The number of iterations of a loop is compiled into its code, so it is one
 * of few numbers and larger than the number of items; a CPU gives each core one stretch of the
 * iterations. So that no core gets mostly idle ones, both are cut into {@link #COUNT} slices.
 */
public final class Slices {
  /** How many slices. */
  public static final int COUNT = 32;

  private Slices() {}

  /**
   * The item that an iteration works at, or −1.
   *
   * @param i the iteration
   * @param n how many iterations there are, a multiple of {@link #COUNT}
   * @param items how many items there are, n or fewer
   */
  static int item(int i, int n, int items) {
    int length = n / COUNT;
    int slice = i / length;
    int whole = items / COUNT;
    int rest = items - whole * COUNT;
    int from = slice * whole + slice * rest / COUNT;
    int to = (slice + 1) * whole + (slice + 1) * rest / COUNT;
    int item = from + (i - slice * length);
    return item < to ? item : -1;
  }
}
