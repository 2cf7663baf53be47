package org.aliasfree.data.tool;

/** The kernels that an image can be resized with. */
public enum ResampleFilter {
  /** A windowed sinc with three lobes: sinc(x)·sinc(x/3) within 3 pixels. */
  LANCZOS(3) {
    @Override
    double at(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  },
  /** The mean of the pixels below a pixel. */
  BOX(0.5) {
    @Override
    double at(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  };

  private final double support;

  ResampleFilter(double support) {
    this.support = support;
  }

  /** Weight of a sample at a distance in pixels. */
  abstract double at(double x);

  /** Distance beyond which the weight is 0. */
  double support() {
    return support;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }
}
