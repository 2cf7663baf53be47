package org.aliasfree.training.report;

/**
 * What is known about the samples of one interval.
 *
 * @param num number of samples
 * @param mean their mean; NaN without samples
 * @param std their standard deviation, as of a whole population; 0 for one sample, NaN without
 *     samples or when the mean is not finite
 */
public record Statistic(long num, double mean, double std) {
  /** Nothing has been reported. */
  public static final Statistic NONE = new Statistic(0, Double.NaN, Double.NaN);

  /** From the number of samples, their sum and the sum of their squares. */
  static Statistic of(long num, double sum, double squares) {
    if (num == 0) {
      return NONE;
    }
    double mean = sum / num;
    if (!Double.isFinite(mean)) {
      return new Statistic(num, mean, Double.NaN);
    }
    // Rounding can make the difference a little negative.
    double std = num == 1 ? 0 : Math.sqrt(Math.max(squares / num - mean * mean, 0));
    return new Statistic(num, mean, std);
  }
}
