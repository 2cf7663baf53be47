package org.aliasfree.backend;

import java.util.List;

/** Whether a backend can be used on this machine. */
public sealed interface Availability {

  /**
   * It can.
   *
   * @param score what {@code auto} compares: the reference has 1, plain CPU code about 10, a GPU
   *     100 or more
   * @param devices what can be chosen, the default first; never empty
   * @param note how it will run, for listings: {@code 512-bit vectors, 2 threads}
   */
  record Available(int score, List<Device> devices, String note) implements Availability {
    /** Copies the list. */
    public Available {
      devices = List.copyOf(devices);
    }
  }

  /**
   * It cannot.
   *
   * @param reason one line that ends in the remedy
   */
  record Unavailable(String reason) implements Availability {}

  /**
   * A device of a backend.
   *
   * @param index as in {@code cuda:1}; several levels are joined by colons
   * @param description for people
   */
  record Device(String index, String description) {}
}
