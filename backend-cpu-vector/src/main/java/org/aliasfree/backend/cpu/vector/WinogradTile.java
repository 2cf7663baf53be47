package org.aliasfree.backend.cpu.vector;

import java.util.List;
import org.aliasfree.AliasFreeException;

/**
 * The tile of outputs that Winograd's form computes at once: F(m×m, 3×3) with m = 4 or 6 multiplies
 * (m+2)² times for m² outputs, {@code Y = A'[(G w G') * (B' d B)]A} (Lavin and Gray, "Fast
 * algorithms for convolutional neural networks", 2016). Larger tiles multiply less, have larger
 * transformed weights, and err more.
 */
enum WinogradTile {
  /** Points 0, ±1, ±2, ∞: 2.25 products an output; about three times the direct sum's error. */
  FOUR(4),

  /** Points 0, ±1, ±2, ±1/2, ∞: 1.78 products an output; about twice the error of {@link #FOUR}. */
  SIX(6);

  /** Outputs along one side. */
  final int side;

  /** Values along one side of a transformed tile. */
  final int span;

  /** Values of a transformed tile. */
  final int values;

  WinogradTile(int side) {
    this.side = side;
    span = side + 2;
    values = span * span;
  }

  /** The property that chooses the tile: 4 or 6, auto, or off for direct sums. */
  static final String PROPERTY = "aliasfree.winograd";

  private static final String ASKED = System.getProperty(PROPERTY, "auto");

  /** Below, transformed weights outweigh the image; those of the larger tile are larger. */
  private static final int LARGE_IMAGE = 100;

  /** The tile for images of a size: the one asked for, or the one that multiplies less. */
  static WinogradTile of(int outHeight, int outWidth) {
    boolean six =
        ASKED.equals("auto")
            ? Math.min(outHeight, outWidth) >= LARGE_IMAGE
                && SIX.products(outHeight, outWidth) < FOUR.products(outHeight, outWidth)
            : ASKED.equals("6");
    return six ? SIX : FOUR;
  }

  /** Whether Winograd's form may be used at all. */
  static boolean allowed() {
    return !ASKED.equals("off");
  }

  /**
   * Refuses a property that means nothing.
   *
   * @throws AliasFreeException if {@link #PROPERTY} is none of its values
   */
  static void checkProperty() {
    if (!List.of("auto", "off", "4", "6").contains(ASKED)) {
      throw new AliasFreeException(
          "The property "
              + PROPERTY
              + " is '"
              + ASKED
              + "'; it must be 4 or 6 (the tile of 3x3 convolutions), auto, or off.");
    }
  }

  /** Products for each pair of channels. */
  long products(int outHeight, int outWidth) {
    return (long) values * Math.ceilDiv(outHeight, side) * Math.ceilDiv(outWidth, side);
  }

  /**
   * How many times the error of the direct sum is exceeded at most, see {@link
   * org.aliasfree.backend.Backend#errorFactor}.
   */
  double errorFactor() {
    return this == FOUR ? 8 : 20;
  }

  /**
   * One side of {@code G w G'}, for n transforms side by side: three values in, {@link #span} out.
   *
   * @param from the values, at {@code start} and twice {@code step} further
   * @param to the results, at {@code at} and {@code toStep} further each
   */
  void weights(double[] from, int start, int step, double[] to, int at, int toStep, int n) {
    for (int q = 0; q < n; q++) {
      double a = from[start + q];
      double b = from[start + step + q];
      double c = from[start + 2 * step + q];
      int o = at + q;
      if (this == FOUR) {
        double outer = (a + c) * (-1 / 6.0);
        double middle = b * (1 / 6.0);
        double sum = (a + 4 * c) * (1 / 24.0);
        double difference = b * (1 / 12.0);
        to[o] = a * (1 / 4.0);
        to[o + toStep] = outer - middle;
        to[o + 2 * toStep] = outer + middle;
        to[o + 3 * toStep] = sum + difference;
        to[o + 4 * toStep] = sum - difference;
        to[o + 5 * toStep] = c;
      } else {
        double one = (a + c) * (-2 / 9.0);
        double two = (a + 4 * c) * (1 / 90.0);
        double half = (4 * a + c) * (1 / 180.0);
        to[o] = a;
        to[o + toStep] = one - b * (2 / 9.0);
        to[o + 2 * toStep] = one + b * (2 / 9.0);
        to[o + 3 * toStep] = two + b * (1 / 45.0);
        to[o + 4 * toStep] = two - b * (1 / 45.0);
        to[o + 5 * toStep] = half + b * (1 / 90.0);
        to[o + 6 * toStep] = half - b * (1 / 90.0);
        to[o + 7 * toStep] = c;
      }
    }
  }

  /**
   * One side of {@code B' d B}: {@link #span} values in and out, {@code count} times. Inputs lie
   * {@code step} apart, but the last two at {@code late} and {@code last}; outputs lie {@code
   * toStep} apart; {@code next} and {@code toNext} lead on.
   */
  void input(
      float[] from,
      int start,
      int step,
      int late,
      int last,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int count) {
    if (this == FOUR) {
      WinogradKernels.input(from, start, step, late, last, next, to, at, toStep, toNext, count);
    } else {
      WinogradSixKernels.input(from, start, step, late, last, next, to, at, toStep, toNext, count);
    }
  }

  /**
   * One side of {@code A' m A}: {@link #span} values in, {@code step} apart, {@link #side} out,
   * {@code toStep} apart, {@code count} times.
   */
  void output(
      float[] from,
      int start,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int count) {
    if (this == FOUR) {
      WinogradKernels.output(from, start, step, next, to, at, toStep, toNext, count);
    } else {
      WinogradSixKernels.output(from, start, step, next, to, at, toStep, toNext, count);
    }
  }

  /**
   * Deals {@code side*count} floats out to {@link #side} rows: {@code to[at + r*step + i] =
   * from[start + side*i + r]}.
   */
  void deal(float[] from, int start, float[] to, int at, int step, int count) {
    if (this == FOUR) {
      WinogradKernels.deal(from, start, to, at, step, count);
    } else {
      WinogradSixKernels.deal(from, start, to, at, step, count);
    }
  }

  /** The inverse of {@link #deal}: {@code to[at + side*i + r] = from[start + r*step + i]}. */
  void gather(float[] from, int start, int step, float[] to, int at, int count) {
    if (this == FOUR) {
      WinogradKernels.gather(from, start, step, to, at, count);
    } else {
      WinogradSixKernels.gather(from, start, step, to, at, count);
    }
  }
}
