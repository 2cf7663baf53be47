package org.aliasfree.backend.cpu.vector;

/**
 * The forms of a convolution straight from the definition, in double. {@code value} holds results
 * and {@code size} the sums of magnitudes, which an error bound is made of.
 */
final class NaiveConv {
  final double[] value;
  final double[] size;

  private NaiveConv(int count) {
    value = new double[count];
    size = new double[count];
  }

  /** One term {@code y[yi] += w[wi] * x[xi]} of the definition. */
  private interface Term {
    void add(int yi, int wi, int xi);
  }

  static NaiveConv forward(ConvShape s, float[] x, float[] w) {
    NaiveConv y = new NaiveConv(s.batch() * s.outChannels() * s.outHeight() * s.outWidth());
    forEach(s, (yi, wi, xi) -> y.add(yi, (double) w[wi] * x[xi]));
    return y;
  }

  /** The gradient by x of a forward convolution of shape {@code s}. */
  static NaiveConv inputGradient(ConvShape s, float[] dy, float[] w) {
    NaiveConv dx = new NaiveConv(s.batch() * s.inChannels() * s.height() * s.width());
    forEach(s, (yi, wi, xi) -> dx.add(xi, (double) w[wi] * dy[yi]));
    return dx;
  }

  /** The gradient by w of a forward convolution of shape {@code s}. */
  static NaiveConv weightGradient(ConvShape s, float[] dy, float[] x) {
    NaiveConv dw = new NaiveConv(s.outChannels() * s.groupIn() * s.kernelArea());
    forEach(s, (yi, wi, xi) -> dw.add(wi, (double) x[xi] * dy[yi]));
    return dw;
  }

  private void add(int at, double term) {
    value[at] += term;
    size[at] += Math.abs(term);
  }

  private static void forEach(ConvShape s, Term term) {
    int oh = s.outHeight();
    int ow = s.outWidth();
    for (int n = 0; n < s.batch(); n++) {
      for (int o = 0; o < s.outChannels(); o++) {
        int group = o / s.groupOut();
        for (int c = 0; c < s.groupIn(); c++) {
          int xPlane = (n * s.inChannels() + group * s.groupIn() + c) * s.height();
          int wPlane = (o * s.groupIn() + c) * s.kernelHeight();
          for (int i = 0; i < oh; i++) {
            for (int a = 0; a < s.kernelHeight(); a++) {
              int xi = i * s.strideY() + a * s.dilationY() - s.padTop();
              if (xi < 0 || xi >= s.height()) {
                continue;
              }
              for (int j = 0; j < ow; j++) {
                for (int b = 0; b < s.kernelWidth(); b++) {
                  int xj = j * s.strideX() + b * s.dilationX() - s.padLeft();
                  if (xj >= 0 && xj < s.width()) {
                    term.add(
                        ((n * s.outChannels() + o) * oh + i) * ow + j,
                        (wPlane + a) * s.kernelWidth() + b,
                        (xPlane + xi) * s.width() + xj);
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
