package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float8;

/**
 * Matrix products c[m, n] = Σ_k a[m, k] · b[k, n] of many matrices, eight rows by eight columns by
 * each iteration, k ascending.
 *
 * <p>p = {0 items, 1 blocks of columns, 2 blocks of rows, 3 rows, 4 columns, 5 inner size, 6 step
 * of a for a row, 7 for k, 8 step of b for k, 9 for a column, 10 c, 11 step of c for a row, 12 for
 * a column, 13 elements of a matrix of c, 14 0, 15 0, places of the matrices of a and b, in turn
 * …}.
 */
public final class ProductLoops {
  /** Where the table of matrices begins. */
  public static final int MATRICES = 16;

  private ProductLoops() {}

  /** For all steps and sizes. */
  public static void product(int[] p, float[] a, float[] b, float[] c, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int block = item % p[1];
        int rest = item / p[1];
        int matrix = rest / p[2];
        int row = (rest - matrix * p[2]) * 8;
        int column = block * 8;
        int rows = p[3] - row;
        int columns = p[4] - column;
        int inner = p[5];
        int ak = p[7];
        int bk = p[8];
        int am = p[6];
        int u0 = p[MATRICES + 2 * matrix] + row * am;
        int u1 = u0 + (rows > 1 ? am : 0);
        int u2 = u1 + (rows > 2 ? am : 0);
        int u3 = u2 + (rows > 3 ? am : 0);
        int u4 = u3 + (rows > 4 ? am : 0);
        int u5 = u4 + (rows > 5 ? am : 0);
        int u6 = u5 + (rows > 6 ? am : 0);
        int u7 = u6 + (rows > 7 ? am : 0);
        int bn = p[9];
        int v0 = p[MATRICES + 2 * matrix + 1] + column * bn;
        int v1 = v0 + (columns > 1 ? bn : 0);
        int v2 = v1 + (columns > 2 ? bn : 0);
        int v3 = v2 + (columns > 3 ? bn : 0);
        int v4 = v3 + (columns > 4 ? bn : 0);
        int v5 = v4 + (columns > 5 ? bn : 0);
        int v6 = v5 + (columns > 6 ? bn : 0);
        int v7 = v6 + (columns > 7 ? bn : 0);
        Float8 s0 = Lanes.zeros();
        Float8 s1 = Lanes.zeros();
        Float8 s2 = Lanes.zeros();
        Float8 s3 = Lanes.zeros();
        Float8 s4 = Lanes.zeros();
        Float8 s5 = Lanes.zeros();
        Float8 s6 = Lanes.zeros();
        Float8 s7 = Lanes.zeros();
        for (int k = 0; k < inner; k++) {
          int at = k * bk;
          int from = k * ak;
          Float8 v =
              new Float8(
                  b[v0 + at],
                  b[v1 + at],
                  b[v2 + at],
                  b[v3 + at],
                  b[v4 + at],
                  b[v5 + at],
                  b[v6 + at],
                  b[v7 + at]);
          s0 = Lanes.plus(s0, v, a[u0 + from]);
          s1 = Lanes.plus(s1, v, a[u1 + from]);
          s2 = Lanes.plus(s2, v, a[u2 + from]);
          s3 = Lanes.plus(s3, v, a[u3 + from]);
          s4 = Lanes.plus(s4, v, a[u4 + from]);
          s5 = Lanes.plus(s5, v, a[u5 + from]);
          s6 = Lanes.plus(s6, v, a[u6 + from]);
          s7 = Lanes.plus(s7, v, a[u7 + from]);
        }
        int cn = p[12];
        int to = p[10] + matrix * p[13] + row * p[11] + column * cn;
        Lanes.store(s0, c, to, cn, rows > 0 ? columns : 0);
        Lanes.store(s1, c, to + 1 * p[11], cn, rows > 1 ? columns : 0);
        Lanes.store(s2, c, to + 2 * p[11], cn, rows > 2 ? columns : 0);
        Lanes.store(s3, c, to + 3 * p[11], cn, rows > 3 ? columns : 0);
        Lanes.store(s4, c, to + 4 * p[11], cn, rows > 4 ? columns : 0);
        Lanes.store(s5, c, to + 5 * p[11], cn, rows > 5 ? columns : 0);
        Lanes.store(s6, c, to + 6 * p[11], cn, rows > 6 ? columns : 0);
        Lanes.store(s7, c, to + 7 * p[11], cn, rows > 7 ? columns : 0);
      }
    }
  }

  /** For columns that follow one another in b, eight or more of them. */
  public static void rowProduct(int[] p, float[] a, float[] b, float[] c, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int block = item % p[1];
        int rest = item / p[1];
        int matrix = rest / p[2];
        int row = (rest - matrix * p[2]) * 8;
        int column = block * 8;
        int rows = p[3] - row;
        int columns = p[4] - column;
        int inner = p[5];
        int ak = p[7];
        int bk = p[8];
        int am = p[6];
        int u0 = p[MATRICES + 2 * matrix] + row * am;
        int u1 = u0 + (rows > 1 ? am : 0);
        int u2 = u1 + (rows > 2 ? am : 0);
        int u3 = u2 + (rows > 3 ? am : 0);
        int u4 = u3 + (rows > 4 ? am : 0);
        int u5 = u4 + (rows > 5 ? am : 0);
        int u6 = u5 + (rows > 6 ? am : 0);
        int u7 = u6 + (rows > 7 ? am : 0);
        // The last block begins earlier, so that it has eight columns.
        int first = columns < 8 ? p[4] - 8 : column;
        int v0 = p[MATRICES + 2 * matrix + 1] + first;
        Float8 s0 = Lanes.zeros();
        Float8 s1 = Lanes.zeros();
        Float8 s2 = Lanes.zeros();
        Float8 s3 = Lanes.zeros();
        Float8 s4 = Lanes.zeros();
        Float8 s5 = Lanes.zeros();
        Float8 s6 = Lanes.zeros();
        Float8 s7 = Lanes.zeros();
        for (int k = 0; k < inner; k++) {
          int at = k * bk;
          int from = k * ak;
          Float8 v = Lanes.load(b, v0 + at);
          s0 = Lanes.plus(s0, v, a[u0 + from]);
          s1 = Lanes.plus(s1, v, a[u1 + from]);
          s2 = Lanes.plus(s2, v, a[u2 + from]);
          s3 = Lanes.plus(s3, v, a[u3 + from]);
          s4 = Lanes.plus(s4, v, a[u4 + from]);
          s5 = Lanes.plus(s5, v, a[u5 + from]);
          s6 = Lanes.plus(s6, v, a[u6 + from]);
          s7 = Lanes.plus(s7, v, a[u7 + from]);
        }
        int cn = p[12];
        int to = p[10] + matrix * p[13] + row * p[11] + first * cn;
        int skip = column - first;
        if (rows > 0) {
          storeFrom(s0, c, to, cn, skip);
        }
        if (rows > 1) {
          storeFrom(s1, c, to + 1 * p[11], cn, skip);
        }
        if (rows > 2) {
          storeFrom(s2, c, to + 2 * p[11], cn, skip);
        }
        if (rows > 3) {
          storeFrom(s3, c, to + 3 * p[11], cn, skip);
        }
        if (rows > 4) {
          storeFrom(s4, c, to + 4 * p[11], cn, skip);
        }
        if (rows > 5) {
          storeFrom(s5, c, to + 5 * p[11], cn, skip);
        }
        if (rows > 6) {
          storeFrom(s6, c, to + 6 * p[11], cn, skip);
        }
        if (rows > 7) {
          storeFrom(s7, c, to + 7 * p[11], cn, skip);
        }
      }
    }
  }

  /** Stores the lanes from {@code skip} on; those before it another iteration has. */
  private static void storeFrom(Float8 s, float[] c, int at, int step, int skip) {
    if (skip < 1) {
      c[at + 0 * step] = s.getS0();
    }
    if (skip < 2) {
      c[at + 1 * step] = s.getS1();
    }
    if (skip < 3) {
      c[at + 2 * step] = s.getS2();
    }
    if (skip < 4) {
      c[at + 3 * step] = s.getS3();
    }
    if (skip < 5) {
      c[at + 4 * step] = s.getS4();
    }
    if (skip < 6) {
      c[at + 5 * step] = s.getS5();
    }
    if (skip < 7) {
      c[at + 6 * step] = s.getS6();
    }
    if (skip < 8) {
      c[at + 7 * step] = s.getS7();
    }
  }
}
