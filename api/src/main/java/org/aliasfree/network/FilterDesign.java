package org.aliasfree.network;

import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Low-pass filters designed in double precision (Karras et al., <i>Alias-Free Generative
 * Adversarial Networks</i>, 2021, appendices B and C) and the set-up of hand-written resampling
 * filters. Networks round the taps to f32.
 *
 * <p>Frequencies and the sampling rate share one unit; in the networks it is cycles per image
 * width.
 */
public final class FilterDesign {
  private static final int MAX_TAPS = 4096;
  private static final int MAX_RADIAL_TAPS = 256;

  private FilterDesign() {}

  /**
   * Stop-band attenuation in dB that a Kaiser-windowed filter reaches: A = 2.285 (taps − 1) π width
   * + 7.95.
   *
   * @param taps length of the filter
   * @param width width of the transition band as a fraction of half the sampling rate
   */
  public static double kaiserAttenuation(int taps, double width) {
    return 2.285 * (taps - 1) * Math.PI * width + 7.95;
  }

  /** Shape parameter of the Kaiser window for an attenuation in dB (Kaiser, 1974). */
  public static double kaiserBeta(double attenuation) {
    if (attenuation > 50) {
      return 0.1102 * (attenuation - 8.7);
    }
    if (attenuation > 21) {
      return 0.5842 * StrictMath.pow(attenuation - 21, 0.4) + 0.07886 * (attenuation - 21);
    }
    return 0;
  }

  /**
   * The symmetric Kaiser window, I0(beta sqrt(1 − ((n − a)/a)²)) / I0(beta) with a = (taps − 1)/2.
   *
   * @return f64[taps]
   */
  public static HostTensor kaiserWindow(int taps, double beta) {
    return vector(window(taps, beta));
  }

  private static void requireWindow(int taps, double beta) {
    if (taps < 1 || !(beta >= 0 && beta <= 700)) {
      throw new AliasFreeException(
          "A Kaiser window of "
              + taps
              + " taps with beta "
              + beta
              + " was asked for; it takes 1 tap or more and a beta from 0 to 700 (beta grows with the transition width).");
    }
  }

  private static double[] window(int taps, double beta) {
    requireWindow(taps, beta);
    double centre = (taps - 1) / 2.0;
    double peak = Bessel.i0(beta);
    double[] w = new double[taps];
    for (int n = 0; n < taps; n++) {
      double t = taps == 1 ? 0 : (n - centre) / centre;
      w[n] = Bessel.i0(beta * StrictMath.sqrt(Math.max(0, 1 - t * t))) / peak;
    }
    return w;
  }

  /**
   * A separable low-pass filter: a Kaiser-windowed sinc with a gain of 1 at frequency 0.
   *
   * @param taps length, 1 to 4096
   * @param cutoff frequency of the middle of the transition band; above 0 and below half the
   *     sampling rate
   * @param transition width of the transition band, 0 or more; twice the half-width of the networks
   * @param samplingRate sampling rate of the signal to be filtered
   * @return f64[taps]
   */
  public static HostTensor lowpass(
      int taps, double cutoff, double transition, double samplingRate) {
    requireLowpass(taps, cutoff, transition, samplingRate);
    double c = cutoff / (samplingRate / 2);
    double[] h = window(taps, beta(taps, transition, samplingRate));
    double centre = (taps - 1) / 2.0;
    double sum = 0;
    for (int n = 0; n < taps; n++) {
      double angle = Math.PI * c * (n - centre);
      h[n] *= angle == 0 ? c : c * StrictMath.sin(angle) / angle;
      sum += h[n];
    }
    for (int n = 0; n < taps; n++) {
      h[n] /= sum;
    }
    return vector(h);
  }

  /**
   * A radially symmetric low-pass filter: the jinc function J1(2π cutoff r) / (π r) under a
   * separable Kaiser window, with a gain of 1 at frequency 0.
   *
   * @param taps length of a side, even, 2 to 256 (an odd length would have a tap at r = 0)
   * @param cutoff as for {@link #lowpass}
   * @param transition as for {@link #lowpass}
   * @param samplingRate as for {@link #lowpass}
   * @return f64[taps, taps]
   */
  public static HostTensor radialLowpass(
      int taps, double cutoff, double transition, double samplingRate) {
    requireRadialLowpass(taps, cutoff, transition, samplingRate);
    double[] w = window(taps, beta(taps, transition, samplingRate));
    double centre = (taps - 1) / 2.0;
    double[] f = new double[taps * taps];
    double sum = 0;
    for (int i = 0; i < taps; i++) {
      for (int j = 0; j < taps; j++) {
        double r = StrictMath.hypot((i - centre) / samplingRate, (j - centre) / samplingRate);
        double tap = Bessel.j1(2 * Math.PI * cutoff * r) / (Math.PI * r) * (w[i] * w[j]);
        f[i * taps + j] = tap;
        sum += tap;
      }
    }
    for (int i = 0; i < f.length; i++) {
      f[i] /= sum;
    }
    return vector(f).reshape(taps, taps);
  }

  private static double beta(int taps, double transition, double samplingRate) {
    return kaiserBeta(kaiserAttenuation(taps, transition / (samplingRate / 2)));
  }

  /** Fails where {@link #lowpass} would, and computes no tap. */
  static void requireLowpass(int taps, double cutoff, double transition, double samplingRate) {
    requireValid(taps, MAX_TAPS, cutoff, transition, samplingRate);
    requireWindow(taps, beta(taps, transition, samplingRate));
  }

  /** Fails where {@link #radialLowpass} would, and computes no tap. */
  static void requireRadialLowpass(
      int taps, double cutoff, double transition, double samplingRate) {
    requireValid(taps, MAX_RADIAL_TAPS, cutoff, transition, samplingRate);
    if (taps % 2 != 0) {
      throw new AliasFreeException(
          "A radial low-pass filter of "
              + taps
              + " taps was asked for; its length must be even. Choose an even filter size or an even resampling factor.");
    }
    requireWindow(taps, beta(taps, transition, samplingRate));
  }

  private static void requireValid(
      int taps, int maxTaps, double cutoff, double transition, double samplingRate) {
    boolean valid =
        taps >= 1
            && taps <= maxTaps
            && Double.isFinite(samplingRate)
            && cutoff > 0
            && cutoff < samplingRate / 2
            && transition >= 0
            && Double.isFinite(transition);
    if (!valid) {
      throw new AliasFreeException(
          "A low-pass filter of "
              + taps
              + " taps with cutoff "
              + cutoff
              + ", transition width "
              + transition
              + " and sampling rate "
              + samplingRate
              + " cannot be designed: it takes 1 to "
              + maxTaps
              + " taps, a cutoff above 0 and below half the sampling rate, and a"
              + " width of 0 or more.");
    }
  }

  /**
   * Prepares a hand-written resampling filter for {@code upfirdn2d}. In this order: a filter that
   * is not to stay separable becomes its outer product; then it is divided by its sum, reversed
   * along all axes and multiplied by gain to the power of half its rank, as asked.
   *
   * @param filter [taps] or [height, width]; a scalar stands for a single tap
   * @param normalize divide by the sum of the taps
   * @param flip reverse every axis
   * @param gain gain of the two-dimensional filter
   * @param separable keep a filter of one axis as it is
   * @return f32 of the same rank as {@code filter}, or [taps, taps]
   */
  public static HostTensor setupFilter(
      HostTensor filter, boolean normalize, boolean flip, double gain, boolean separable) {
    HostTensor f = filter.shape().rank() == 0 ? filter.reshape(1) : filter;
    int rank = f.shape().rank();
    if (rank > 2 || f.type().elements() == 0 || (separable && rank == 2)) {
      throw new AliasFreeException(
          "A resampling filter of type "
              + f.type()
              + (separable ? " was to be separable" : "")
              + "; it must have one axis (separable or not) or two axes (not separable), and one tap or more.");
    }
    double[] taps = values(rank == 1 && !separable ? outer(f) : f);
    long[] sizes = rank == 1 && !separable ? new long[] {taps(f), taps(f)} : f.shape().toArray();
    double scale = StrictMath.pow(gain, sizes.length / 2.0);
    if (normalize) {
      double sum = sum(taps);
      if (sum == 0) {
        throw new AliasFreeException(
            "A resampling filter of type "
                + f.type()
                + " cannot be normalised: its taps sum to 0.");
      }
      scale /= sum;
    }
    HostTensor out = HostTensor.allocate(TensorType.of(DType.F32, sizes));
    for (int i = 0; i < taps.length; i++) {
      out.set(i, taps[flip ? taps.length - 1 - i : i] * scale);
    }
    return out;
  }

  /**
   * As {@link #setupFilter(HostTensor, boolean, boolean, double, boolean)}; a filter of one axis
   * stays as it is when it has 8 taps or more.
   */
  public static HostTensor setupFilter(
      HostTensor filter, boolean normalize, boolean flip, double gain) {
    boolean separable = filter.shape().rank() == 1 && filter.type().elements() >= 8;
    return setupFilter(filter, normalize, flip, gain, separable);
  }

  /** As above, of these taps with sum 1, gain 1, not flipped. */
  public static HostTensor setupFilter(double... taps) {
    return setupFilter(vector(taps), true, false, 1);
  }

  private static long taps(HostTensor f) {
    return f.type().elements();
  }

  private static HostTensor outer(HostTensor f) {
    long n = taps(f);
    HostTensor out = HostTensor.allocate(TensorType.of(DType.F64, n, n));
    for (long i = 0; i < n; i++) {
      for (long j = 0; j < n; j++) {
        out.set(i * n + j, f.get(i) * f.get(j));
      }
    }
    return out;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum;
  }

  private static double[] values(HostTensor t) {
    double[] values = new double[Math.toIntExact(t.type().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = t.get(i);
    }
    return values;
  }

  private static HostTensor vector(double[] values) {
    HostTensor t = HostTensor.allocate(TensorType.of(DType.F64, values.length));
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    return t;
  }
}
