package org.aliasfree.network;

import java.util.List;
import java.util.OptionalDouble;
import org.aliasfree.AliasFreeException;

/**
 * Range checks of configuration values, with messages that name the keyword as network files spell
 * it.
 */
final class ConfigChecks {
  /** Largest width of a layer that is fully connected. */
  static final int MAX_DIM = 65536;

  /** Largest resolution that is accepted, in pixels. */
  static final int MAX_RESOLUTION = 16384;

  /** Most channels of a layer. */
  static final int MAX_CHANNELS = 32768;

  private static final long MAX_PARAMETERS = 1L << 31;

  private ConfigChecks() {}

  /** StyleGAN2's resolutions: powers of two. */
  static void powerOfTwo(String keyword, int value, int min) {
    range(keyword, value, min, MAX_RESOLUTION);
    if (Integer.bitCount(value) != 1) {
      throw new AliasFreeException(
          "The network's "
              + keyword
              + " is "
              + value
              + ", but must be a power of two; choose "
              + Integer.highestOneBit(value)
              + " or "
              + 2 * Integer.highestOneBit(value)
              + ".");
    }
  }

  /** A clamp, where there is one. */
  static void clamp(OptionalDouble convClamp) {
    if (convClamp.isPresent()) {
      range("conv_clamp", convClamp.getAsDouble(), 0, Float.MAX_VALUE);
    }
  }

  /** Taps of a resampling filter, which are divided by their sum. */
  static void resampleFilter(List<Double> taps) {
    range("number of taps of resample_filter", taps.size(), 1, 64);
    taps.forEach(tap -> range("resample_filter", tap, -1e6, 1e6));
    double sum = taps.stream().mapToDouble(Double::doubleValue).sum();
    if (sum == 0) {
      throw new AliasFreeException(
          "The network's resample_filter is " + taps + ", whose taps must not sum to 0.");
    }
  }

  /** That the network fits in memory. */
  static void parameters(long count, int channelBase, int channelMax, String width, int value) {
    if (count < 0 || count > MAX_PARAMETERS) {
      throw new AliasFreeException(
          "The network would have "
              + count
              + " parameters, more than the "
              + MAX_PARAMETERS
              + " that are accepted; lower channel_base ("
              + channelBase
              + "), channel_max ("
              + channelMax
              + ") or "
              + width
              + " ("
              + value
              + ").");
    }
  }

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
