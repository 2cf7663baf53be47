package org.aliasfree.backend.cpu.vector;

import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * A resampling filter: none, one row of taps that is applied along x and then along y, or a full
 * matrix.
 *
 * <p>The kernels only know sums of separable filters, so a matrix f is written as Σ_r column_r ·
 * row_r. The factors come from its singular value decomposition, and the sum stops where what is
 * left of every tap is below {@link #TOLERANCE} of the largest: 3 terms for StyleGAN3's radial
 * 12×12 filters, 1 for the outer products of StyleGAN2.
 */
final class UpfirdnFilter {
  /**
   * Largest error of a tap relative to the largest tap: under half a unit in the last place of a
   * float.
   */
  static final double TOLERANCE = 0x1p-25;

  /** Absent: a single tap of 1. */
  static final UpfirdnFilter NONE = new UpfirdnFilter(new float[] {1}, 1, 1, true);

  private final float[] taps;
  private final int height;
  private final int width;
  private final boolean separable;

  private UpfirdnFilter(float[] taps, int height, int width, boolean separable) {
    this.taps = taps;
    this.height = height;
    this.width = width;
    this.separable = separable;
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
    return taps.clone();
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Whether this is the filter of one tap 1, which changes nothing. */
  boolean isIdentity() {
    return taps.length == 1 && taps[0] == 1;
  }

  /**
   * The filter as a sum of separable ones, as correlations (out[n] = Σ_k f[k] u[n+k]).
   *
   * @param flip true when the taps are a correlation already; false for a convolution, whose taps
   *     are reversed
   */
  Factors factors(boolean flip) {
    double[][] rows;
    double[][] columns;
    if (separable) {
      double[] f = new double[width];
      for (int i = 0; i < width; i++) {
        f[i] = taps[flip ? i : width - 1 - i];
      }
      rows = new double[][] {f};
      columns = new double[][] {f};
    } else {
      double[][] f = new double[height][width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          f[y][x] = taps[flip ? y * width + x : (height - 1 - y) * width + width - 1 - x];
        }
      }
      return UpfirdnFactors.of(f, TOLERANCE);
    }
    return new Factors(rows, columns);
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
  }
}
