package org.aliasfree.backend.cpu.reference;

/**
 * A linear map from lines of samples to lines of samples, most of whose weights are zero: out[j] =
 * Σ_k weight[j][k] · in[from[j][k]]. Applied to the lines of a plane along either axis, forward or
 * transposed.
 */
final class LineMap {
  private final int inputs;
  private final int[][] from;
  private final double[][] weight;

  /**
   * @param inputs samples of a line that goes in
   * @param from for each sample that comes out, the samples that it is made of
   * @param weight and their weights
   */
  LineMap(int inputs, int[][] from, double[][] weight) {
    this.inputs = inputs;
    this.from = from;
    this.weight = weight;
  }

  int outputs() {
    return from.length;
  }

  /** From a plane of {@code rows} lines along x to as many. */
  double[] alongX(double[] plane, int rows) {
    double[] out = new double[rows * outputs()];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < outputs(); j++) {
        for (int k = 0; k < from[j].length; k++) {
          out[row * outputs() + j] += weight[j][k] * plane[row * inputs + from[j][k]];
        }
      }
    }
    return out;
  }

  /** The adjoint of {@link #alongX}. */
  double[] backAlongX(double[] plane, int rows) {
    double[] out = new double[rows * inputs];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < outputs(); j++) {
        for (int k = 0; k < from[j].length; k++) {
          out[row * inputs + from[j][k]] += weight[j][k] * plane[row * outputs() + j];
        }
      }
    }
    return out;
  }

  /** From a plane of {@code columns} lines along y to as many. */
  double[] alongY(double[] plane, int columns) {
    double[] out = new double[outputs() * columns];
    for (int j = 0; j < outputs(); j++) {
      for (int k = 0; k < from[j].length; k++) {
        for (int i = 0; i < columns; i++) {
          out[j * columns + i] += weight[j][k] * plane[from[j][k] * columns + i];
        }
      }
    }
    return out;
  }

  /** The adjoint of {@link #alongY}. */
  double[] backAlongY(double[] plane, int columns) {
    double[] out = new double[inputs * columns];
    for (int j = 0; j < outputs(); j++) {
      for (int k = 0; k < from[j].length; k++) {
        for (int i = 0; i < columns; i++) {
          out[from[j][k] * columns + i] += weight[j][k] * plane[j * columns + i];
        }
      }
    }
    return out;
  }
}
