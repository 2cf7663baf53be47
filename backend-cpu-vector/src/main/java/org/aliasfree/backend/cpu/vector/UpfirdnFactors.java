package org.aliasfree.backend.cpu.vector;

import java.util.ArrayList;
import java.util.List;

/**
 * Singular value decomposition of a small matrix of taps, by one-sided Jacobi rotations: exact
 * enough and always the same.
 */
final class UpfirdnFactors {
  private static final int MAX_SWEEPS = 60;

  private UpfirdnFactors() {}

  /**
   * The fewest terms whose sum differs from the matrix by at most {@code tolerance} of its largest
   * element.
   */
  static UpfirdnFilter.Factors of(double[][] f, double tolerance) {
    int h = f.length;
    int w = f[0].length;
    // g = fᵀ rotated until its rows are orthogonal: f[y][x] = Σ_r v[r][y] g[r][x].
    double[][] g = new double[h][];
    double[][] v = new double[h][h];
    double largest = 0;
    for (int y = 0; y < h; y++) {
      g[y] = f[y].clone();
      v[y][y] = 1;
      for (double t : f[y]) {
        largest = Math.max(largest, Math.abs(t));
      }
    }
    for (int sweep = 0; sweep < MAX_SWEEPS && sweep(g, v); sweep++) {}
    List<double[]> rows = new ArrayList<>();
    List<double[]> columns = new ArrayList<>();
    double[][] rest = new double[h][];
    for (int y = 0; y < h; y++) {
      rest[y] = f[y].clone();
    }
    boolean mirrored = mirrored(f);
    boolean[] used = new boolean[h];
    while (rows.isEmpty() || (rows.size() < h && largest(rest) > tolerance * largest)) {
      int best = -1;
      for (int r = 0; r < h; r++) {
        if (!used[r] && (best < 0 || dot(g[r], g[r]) > dot(g[best], g[best]))) {
          best = r;
        }
      }
      used[best] = true;
      // Both factors get the root of the singular value, so that neither is tiny.
      double norm = Math.sqrt(Math.sqrt(dot(g[best], g[best])));
      double[] row = new double[w];
      double[] column = new double[h];
      for (int x = 0; x < w; x++) {
        row[x] = norm == 0 ? 0 : g[best][x] / norm;
      }
      for (int y = 0; y < h; y++) {
        column[y] = v[best][y] * norm;
        for (int x = 0; x < w; x++) {
          rest[y][x] -= v[best][y] * g[best][x];
        }
      }
      if (mirrored) {
        // Rotations keep the symmetry up to rounding; exact symmetry allows folding.
        for (int x = 0; x < w / 2; x++) {
          row[x] = (row[x] + row[w - 1 - x]) / 2;
          row[w - 1 - x] = row[x];
        }
      }
      rows.add(row);
      columns.add(column);
    }
    return new UpfirdnFilter.Factors(
        rows.toArray(double[][]::new), columns.toArray(double[][]::new));
  }

  /** Rotates every pair of rows once; false when all were orthogonal already. */
  private static boolean sweep(double[][] g, double[][] v) {
    boolean turned = false;
    for (int i = 0; i < g.length; i++) {
      for (int j = i + 1; j < g.length; j++) {
        double a = dot(g[i], g[i]);
        double b = dot(g[j], g[j]);
        double c = dot(g[i], g[j]);
        if (Math.abs(c) <= 1e-17 * Math.sqrt(a * b) || c == 0) {
          continue;
        }
        turned = true;
        double zeta = (b - a) / (2 * c);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double cos = 1 / Math.sqrt(1 + t * t);
        rotate(g[i], g[j], cos, cos * t);
        rotate(v[i], v[j], cos, cos * t);
      }
    }
    return turned;
  }

  private static void rotate(double[] p, double[] q, double cos, double sin) {
    for (int k = 0; k < p.length; k++) {
      double a = p[k];
      p[k] = cos * a - sin * q[k];
      q[k] = sin * a + cos * q[k];
    }
  }

  /** Whether every row reads the same from both ends. */
  private static boolean mirrored(double[][] f) {
    for (double[] row : f) {
      for (int x = 0; x < row.length; x++) {
        if (row[x] != row[row.length - 1 - x]) {
          return false;
        }
      }
    }
    return true;
  }

  private static double dot(double[] p, double[] q) {
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      sum += p[k] * q[k];
    }
    return sum;
  }

  private static double largest(double[][] m) {
    double top = 0;
    for (double[] row : m) {
      for (double t : row) {
        top = Math.max(top, Math.abs(t));
      }
    }
    return top;
  }
}
