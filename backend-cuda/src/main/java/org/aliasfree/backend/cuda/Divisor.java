package org.aliasfree.backend.cuda;

/**
 * A number that kernels divide by: a {@code Divisor} of index.cuh.
 *
 * @param magic bits of the factor
 */
record Divisor(int number, int magic, int shift) {
  /** By a number from 1 to 2³¹ − 1. */
  static Divisor of(long number) {
    int shift = Long.SIZE - Long.numberOfLeadingZeros(number - 1);
    long magic = (1L << Integer.SIZE) * ((1L << shift) - number) / number + 1;
    return new Divisor(Math.toIntExact(number), (int) magic, shift);
  }

  /** Adds it to a kernel's arguments. */
  void addTo(Arguments arguments) {
    arguments.int32(number).bits(magic).int32(shift);
  }
}
