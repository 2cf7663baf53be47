package org.aliasfree.network;

import org.aliasfree.AliasFreeException;

/**
 * Range checks of configuration values, with messages that name the keyword as network files spell
 * it.
 */
final class ConfigChecks {
  private ConfigChecks() {}

  static void range(String keyword, long value, long min, long max) {
    if (value < min || value > max) {
      throw new AliasFreeException(
          "The network's "
              + keyword
              + " is "
              + value
              + ", but must be a whole number from "
              + min
              + " to "
              + max
              + ".");
    }
  }

  static void range(String keyword, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new AliasFreeException(
          "The network's "
              + keyword
              + " is "
              + value
              + ", but must be a number from "
              + min
              + " to "
              + max
              + ".");
    }
  }
}
