package org.aliasfree.training;

import org.aliasfree.AliasFreeException;

/** Ranges of the numbers that training is configured with. */
final class Checks {
  private Checks() {}

  static void range(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new AliasFreeException(
          "The training option "
              + name
              + " is "
              + value
              + ", but must be "
              + (most == Double.MAX_VALUE
                  ? least + " or more."
                  : "from " + least + " to " + most + "."));
    }
  }

  static void atLeast(String name, double value, double least) {
    range(name, value, least, Double.MAX_VALUE);
  }
}
