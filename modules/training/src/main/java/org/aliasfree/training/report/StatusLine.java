package org.aliasfree.training.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The line that is printed for each tick, in the original's columns.
 *
 * @param tick from 0
 * @param kimg thousands of images seen
 * @param totalSeconds since the start of the run
 * @param secondsPerTick of the last tick, without maintenance
 * @param secondsPerKimg of the last tick, without maintenance
 * @param maintenanceSeconds before the last tick: snapshots, metrics
 * @param cpuMemory GiB that the process holds
 * @param gpuMemory GiB on the device, most in the last tick
 * @param gpuReserved GiB taken from the device, most in the last tick
 * @param augment overall strength of augmentation
 */
public record StatusLine(
    long tick,
    double kimg,
    double totalSeconds,
    double secondsPerTick,
    double secondsPerKimg,
    double maintenanceSeconds,
    double cpuMemory,
    double gpuMemory,
    double gpuReserved,
    double augment) {

  /** The line, without an end of line. */
  public String text() {
    return String.join(
        " ",
        field("tick", 5, Long.toString(tick)),
        field("kimg", 8, fixed(kimg, 1)),
        field("time", 12, time(totalSeconds)),
        field("sec/tick", 7, fixed(secondsPerTick, 1)),
        field("sec/kimg", 7, fixed(secondsPerKimg, 2)),
        field("maintenance", 6, fixed(maintenanceSeconds, 1)),
        field("cpumem", 6, fixed(cpuMemory, 2)),
        field("gpumem", 6, fixed(gpuMemory, 2)),
        field("reserved", 6, fixed(gpuReserved, 2)),
        "augment " + fixed(augment, 3));
  }

  private static String field(String name, int width, String value) {
    return name + " " + value + " ".repeat(Math.max(width - value.length(), 0));
  }

  /** As Python's {@code %.nf}: the double's exact value decides, a tie goes to the even digit. */
  private static String fixed(double value, int digits) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /**
   * A duration for people: {@code 5s}, {@code 1m 05s}, {@code 1h 02m 03s}, {@code 1d 02h 03m}.
   *
   * @param seconds rounded to whole ones, half to even; at least 0
   */
  public static String time(double seconds) {
    long s = (long) Math.rint(seconds);
    if (s < 60) {
      return s + "s";
    }
    if (s < 60 * 60) {
      return String.format(Locale.ROOT, "%dm %02ds", s / 60, s % 60);
    }
    if (s < 24 * 60 * 60) {
      return String.format(Locale.ROOT, "%dh %02dm %02ds", s / 3600, s / 60 % 60, s % 60);
    }
    return String.format(Locale.ROOT, "%dd %02dh %02dm", s / 86400, s / 3600 % 24, s / 60 % 60);
  }
}
