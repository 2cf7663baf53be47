package org.aliasfree.op;

/**
 * Attributes of {@code filtered_lrelu}: filter up, leaky ReLU at the high rate, filter down.
 *
 * @param up factor of the first filter, along both axes; its gain is up²
 * @param down factor of the second filter
 * @param padX0 samples added at the left of the up-sampled image (negative: removed); padX1 right,
 *     padY0 above, padY1 below
 * @param gain factor before the clamp, above 0
 * @param slope of negative values, 0 or more
 * @param clamp largest magnitude, 0 or more; infinite for none
 * @param flip as in {@link FirGeometry}
 */
public record FilteredActivation(
    int up,
    int down,
    int padX0,
    int padX1,
    int padY0,
    int padY1,
    double gain,
    double slope,
    double clamp,
    boolean flip) {

  /** Checks the ranges. */
  public FilteredActivation {
    Check.that(
        up >= 1 && down >= 1 && gain > 0 && slope >= 0 && clamp >= 0,
        "filtered_lrelu",
        "up ("
            + up
            + ") and down ("
            + down
            + ") must be 1 or more, gain ("
            + gain
            + ") above 0, slope ("
            + slope
            + ") and clamp ("
            + clamp
            + ") 0 or more.");
  }

  /** The first filter: up-sampling with gain up². */
  public FirGeometry upFilter() {
    return new FirGeometry(up, up, 1, 1, padX0, padX1, padY0, padY1, flip, (double) up * up);
  }

  /** The second filter: down-sampling without padding. */
  public FirGeometry downFilter() {
    return new FirGeometry(1, 1, down, down, 0, 0, 0, 0, flip, 1);
  }
}
