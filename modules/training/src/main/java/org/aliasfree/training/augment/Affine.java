package org.aliasfree.training.augment;

/**
 * An affine map of the plane, (x, y) ↦ (a·x + b·y + c, d·x + e·y + f). Positions are pixels from
 * the centre of the image, x to the right and y down.
 */
record Affine(double a, double b, double c, double d, double e, double f) {
  static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  static Affine scale(double x, double y) {
    return new Affine(x, 0, 0, 0, y, 0);
  }

  static Affine translation(double x, double y) {
    return new Affine(1, 0, x, 0, 1, y);
  }

  static Affine rotation(double angle) {
    return rotation(Math.cos(angle), Math.sin(angle));
  }

  /** Rotation by a number of right angles, exact. */
  static Affine rightAngles(int count) {
    int[] sine = {0, 1, 0, -1};
    return rotation(sine[(count + 1) % 4], sine[count % 4]);
  }

  private static Affine rotation(double cos, double sin) {
    return new Affine(cos, -sin, 0, sin, cos, 0);
  }

  /** The map that does {@code first} and then this. */
  Affine times(Affine first) {
    return new Affine(
        a * first.a + b * first.d,
        a * first.b + b * first.e,
        a * first.c + b * first.f + c,
        d * first.a + e * first.d,
        d * first.b + e * first.e,
        d * first.c + e * first.f + f);
  }

  double x(double x, double y) {
    return a * x + b * y + c;
  }

  double y(double x, double y) {
    return d * x + e * y + f;
  }
}
