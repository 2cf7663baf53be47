package org.aliasfree.measure;

/**
 * The most that this process can make of this machine, measured and not looked up: what a share of
 * the roofline is a share of.
 *
 * @param threads that measured together
 * @param flopRate f32 operations a second in chains of fused multiply-adds that never leave the
 *     registers, each multiply-add counted as two
 * @param byteRate bytes a second, read and written, of copies between arrays that no cache holds
 * @param arithmetic how the multiply-adds were done: {@code vectors of 512 bits} or {@code plain
 *     loops}
 */
public record MachinePeaks(int threads, double flopRate, double byteRate, String arithmetic) {
  /** Time that each of the two takes, in nanoseconds. */
  private static final long DURATION = 500_000_000;

  /**
   * Measures for about a second. Nothing else should run meanwhile.
   *
   * @param threads 1 or more
   */
  public static MachinePeaks measure(int threads) {
    boolean vectors = FmaLoop.vectorsAreFast();
    double byteRate = Together.rate(threads, DURATION, CopyLoop::new);
    double flopRate =
        Together.rate(threads, DURATION, vectors ? VectorFmaLoop::new : ScalarFmaLoop::new);
    String arithmetic = vectors ? "vectors of " + VectorFmaLoop.bits() + " bits" : "plain loops";
    return new MachinePeaks(threads, flopRate, byteRate, arithmetic);
  }

  /** The larger peaks of two measurements: what disturbs makes them smaller, never larger. */
  public MachinePeaks faster(MachinePeaks other) {
    return new MachinePeaks(
        threads,
        Math.max(flopRate, other.flopRate),
        Math.max(byteRate, other.byteRate),
        arithmetic);
  }

  /** How alike two measurements of one machine are: 1 for equal, towards 0 for unlike. */
  public double steadiness(MachinePeaks other) {
    double flops = flopRate / other.flopRate;
    double bytes = byteRate / other.byteRate;
    return Math.min(Math.min(flops, 1 / flops), Math.min(bytes, 1 / bytes));
  }
}
