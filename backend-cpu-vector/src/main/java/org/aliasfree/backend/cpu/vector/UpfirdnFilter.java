package org.aliasfree.backend.cpu.vector;

import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * A resampling filter: none, one row of taps that is applied along x and then along y, or a full
 * matrix.
 *
 * <p>The kernels only know sums of separable filters, so a matrix f is written as Σ_r column_r ·
 * row_r. The factors come from its singular value decomposition, and the sum stops where what is
 * left of every tap is below {@link #TOLERANCE} of the largest: 3 or 4 terms for StyleGAN3's radial
 * 12×12 filters, 1 for the outer products of StyleGAN2.
 */
final class UpfirdnFilter {
  /**
   * Largest error of a tap relative to the largest tap: one unit in the last place of a float near
   * 1.
   */
  static final double TOLERANCE = 0x1p-23;

  /** Absent: a single tap of 1. */
  static final UpfirdnFilter NONE = new UpfirdnFilter(new float[] {1}, 1, 1, true);

  private final int height;
  private final int width;
  private final boolean identity;
  private final Factors correlation;
  private final Factors convolution;

  private UpfirdnFilter(float[] taps, int height, int width, boolean separable) {
    this.height = height;
    this.width = width;
    identity = taps.length == 1 && taps[0] == 1;
    correlation = analyse(taps, height, width, separable);
    convolution = correlation.reversed();
  }

  /** The same taps along x and along y; null stands for no filter. */
  static UpfirdnFilter separable(float @Nullable [] taps) {
    return taps == null ? NONE : new UpfirdnFilter(checked(taps), taps.length, taps.length, true);
  }

  /** A matrix of taps, row-major. */
  static UpfirdnFilter matrix(float[] taps, int height, int width) {
    if (height < 1 || width < 1 || taps.length != (long) height * width) {
      throw new AliasFreeException(
          "A filter of "
              + height
              + "x"
              + width
              + " taps cannot be made of "
              + taps.length
              + " values.");
    }
    return new UpfirdnFilter(checked(taps), height, width, false);
  }

  private static float[] checked(float[] taps) {
    if (taps.length == 0) {
      throw new AliasFreeException("A filter has no taps; leave the filter out instead.");
    }
    return taps;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Whether this is the filter of one tap 1, which changes nothing. */
  boolean isIdentity() {
    return identity;
  }

  /**
   * The filter as a sum of separable ones, as correlations (out[n] = Σ_k f[k] u[n+k]).
   *
   * @param flip true when the taps are a correlation already; false for a convolution, whose taps
   *     are reversed
   */
  Factors factors(boolean flip) {
    return flip ? correlation : convolution;
  }

  private static Factors analyse(float[] taps, int height, int width, boolean separable) {
    if (separable) {
      double[] f = new double[width];
      for (int i = 0; i < width; i++) {
        f[i] = taps[i];
      }
      return new Factors(new double[][] {f}, new double[][] {f});
    }
    double[][] f = new double[height][width];
    for (int i = 0; i < taps.length; i++) {
      f[i / width][i % width] = taps[i];
    }
    return UpfirdnFactors.of(f, TOLERANCE);
  }

  /** Terms of Σ_r columns[r] · rows[r]: taps along x and along y. */
  static final class Factors {
    final double[][] rows;
    final double[][] columns;

    Factors(double[][] rows, double[][] columns) {
      this.rows = rows;
      this.columns = columns;
    }

    int rank() {
      return rows.length;
    }

    private Factors reversed() {
      return new Factors(reversed(rows), reversed(columns));
    }

    private static double[][] reversed(double[][] taps) {
      double[][] r = new double[taps.length][];
      for (int i = 0; i < r.length; i++) {
        r[i] = new double[taps[i].length];
        for (int k = 0; k < r[i].length; k++) {
          r[i][k] = taps[i][r[i].length - 1 - k];
        }
      }
      return r;
    }
  }
}
