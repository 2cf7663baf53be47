package org.aliasfree.network;

import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * The user's transformation of the picture, as 3×3 matrices on homogeneous coordinates (x right, y
 * down, in image widths). The Fourier input of the synthesis network wants the <i>inverse</i> of
 * the wanted transformation: its buffer {@code transform} maps output pixels to where they come
 * from.
 */
public final class InputTransform {
  private InputTransform() {}

  /** The matrix that changes nothing, f64[3, 3]. */
  public static HostTensor identity() {
    return matrix(1, 0, 0, 0, 1, 0, 0, 0, 1);
  }

  /**
   * The matrix [[cos a, sin a, tx], [−sin a, cos a, ty], [0, 0, 1]].
   *
   * @param translateX tx, in image widths
   * @param translateY ty, in image widths
   * @param degrees a, in degrees
   * @return f64[3, 3]
   */
  public static HostTensor of(double translateX, double translateY, double degrees) {
    if (!Double.isFinite(translateX) || !Double.isFinite(translateY) || !Double.isFinite(degrees)) {
      throw new AliasFreeException(
          "The image cannot be moved by "
              + translateX
              + ","
              + translateY
              + " and turned by "
              + degrees
              + " degrees: these must be finite numbers.");
    }
    double angle = degrees / 360 * Math.PI * 2;
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return matrix(cos, sin, translateX, -sin, cos, translateY, 0, 0, 1);
  }

  /** The inverse of {@link #of}: what the synthesis network's input takes; f64[3, 3]. */
  public static HostTensor inverseOf(double translateX, double translateY, double degrees) {
    return inverse(of(translateX, translateY, degrees));
  }

  /**
   * The inverse of a matrix, by its adjugate.
   *
   * @param m [3, 3] of any floating-point type; a singular one is an {@link AliasFreeException}
   * @return f64[3, 3]
   */
  public static HostTensor inverse(HostTensor m) {
    if (!m.type().equals(TensorType.of(m.dtype(), 3, 3)) || !m.dtype().isFloat()) {
      throw new AliasFreeException(
          "An image transformation must be a floating-point tensor of shape [3, 3], not "
              + m.type()
              + ".");
    }
    double[] adjugate = new double[9];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        int r = (j + 1) % 3;
        int s = (j + 2) % 3;
        int c = (i + 1) % 3;
        int d = (i + 2) % 3;
        adjugate[i * 3 + j] = at(m, r, c) * at(m, s, d) - at(m, r, d) * at(m, s, c);
      }
    }
    double determinant =
        at(m, 0, 0) * adjugate[0] + at(m, 0, 1) * adjugate[3] + at(m, 0, 2) * adjugate[6];
    if (determinant == 0 || !Double.isFinite(determinant)) {
      throw new AliasFreeException(
          "An image transformation cannot be inverted: its determinant is "
              + determinant
              + "; give an invertible matrix.");
    }
    for (int i = 0; i < 9; i++) {
      adjugate[i] /= determinant;
    }
    return matrix(adjugate);
  }

  private static double at(HostTensor m, int row, int column) {
    return m.get(row * 3L + column);
  }

  private static HostTensor matrix(double... values) {
    HostTensor t = HostTensor.allocate(TensorType.of(DType.F64, 3, 3));
    for (int i = 0; i < 9; i++) {
      t.set(i, values[i]);
    }
    return t;
  }
}
