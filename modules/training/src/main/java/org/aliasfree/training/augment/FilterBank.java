package org.aliasfree.training.augment;

/**
 * The filters of the pipe, made from Daubechies' symlets: a low-pass filter for geometry (sym6) and
 * four band-pass filters that sum to a unit impulse (sym2).
 */
final class FilterBank {
  /** Frequency bands. */
  static final int BANDS = 4;

  /** Taps of each band-pass filter. */
  static final int TAPS = 43;

  private static final double[] SYM2 = {
    -0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025
  };

  private static final double[] SYM6 = {
    0.015404109327027373,
    0.0034907120842174702,
    -0.11799011114819057,
    -0.048311742585633,
    0.4910559419267466,
    0.787641141030194,
    0.3379294217276218,
    -0.07263752278646252,
    -0.021060292512300564,
    0.04472490177066578,
    0.0017677118642428036,
    -0.007800708325034148
  };

  private FilterBank() {}

  /** Low-pass filter of 12 taps, whose sum is 1. */
  static double[] lowPass() {
    double sum = 0;
    for (double tap : SYM6) {
      sum += tap;
    }
    double[] taps = SYM6.clone();
    for (int i = 0; i < taps.length; i++) {
      taps[i] /= sum;
    }
    return taps;
  }

  /**
   * The band-pass filters, {@link #BANDS} rows of {@link #TAPS}, from low frequencies to high. With
   * the half-band filters L = H(z)·H(1/z)/2 of sym2 and its mirror image in frequency U, each of
   * three rounds spreads all rows by 2, filters them by L and adds U to the next row.
   */
  static double[] bandPass() {
    double[] mirrored = SYM2.clone();
    for (int i = 1; i < mirrored.length; i += 2) {
      mirrored[i] = -mirrored[i];
    }
    double[] low = halfBand(SYM2);
    double[] high = halfBand(mirrored);
    double[][] rows = {{1}, {0}, {0}, {0}};
    for (int round = 1; round < BANDS; round++) {
      for (int band = 0; band < BANDS; band++) {
        rows[band] = convolve(spread(rows[band]), low);
      }
      int centred = (rows[round].length - high.length) / 2;
      for (int i = 0; i < high.length; i++) {
        rows[round][centred + i] += high[i];
      }
    }
    double[] all = new double[BANDS * TAPS];
    for (int band = 0; band < BANDS; band++) {
      System.arraycopy(rows[band], 0, all, band * TAPS, TAPS);
    }
    return all;
  }

  private static double[] halfBand(double[] taps) {
    double[] reversed = new double[taps.length];
    for (int i = 0; i < taps.length; i++) {
      reversed[i] = taps[taps.length - 1 - i] / 2;
    }
    return convolve(taps, reversed);
  }

  private static double[] spread(double[] taps) {
    double[] wide = new double[2 * taps.length - 1];
    for (int i = 0; i < taps.length; i++) {
      wide[2 * i] = taps[i];
    }
    return wide;
  }

  private static double[] convolve(double[] a, double[] b) {
    double[] product = new double[a.length + b.length - 1];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        product[i + k] += a[i] * b[k];
      }
    }
    return product;
  }
}
