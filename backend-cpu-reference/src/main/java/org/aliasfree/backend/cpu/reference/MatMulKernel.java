package org.aliasfree.backend.cpu.reference;

import java.util.Arrays;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/** c[…, m, n] = Σ_k a[…, m, k] · b[…, k, n], k ascending. */
final class MatMulKernel {
  private MatMulKernel() {}

  static void run(Linear.MatMul op, Frame f) {
    HostTensor c = f.out(0);
    int rows = c.shape().intDim(-2);
    int columns = c.shape().intDim(-1);
    int inner = f.in(0).shape().intDim(op.transposeA() ? -2 : -1);
    double[] a = f.values(0);
    double[] b = f.values(1);
    Places inA = matrices(f.in(0).shape(), c.shape());
    Places inB = matrices(f.in(1).shape(), c.shape());
    int rowA = op.transposeA() ? 1 : inner;
    int stepA = op.transposeA() ? rows : 1;
    int stepB = op.transposeB() ? 1 : columns;
    int columnB = op.transposeB() ? inner : 1;
    f.parallel(
        inA.shape().elements() * rows,
        task -> {
          int matrix = task / rows;
          int row = task % rows;
          int atA = Math.toIntExact(inA.of(matrix) + (long) row * rowA);
          int atB = Math.toIntExact(inB.of(matrix));
          double[] sums = new double[columns];
          for (int k = 0; k < inner; k++) {
            double factor = a[atA + k * stepA];
            for (int n = 0; n < columns; n++) {
              sums[n] += factor * b[atB + k * stepB + n * columnB];
            }
          }
          Doubles.write(sums, c, (long) task * columns);
        });
  }

  /** Where each matrix of the product finds its factor: the leading axes, broadcast. */
  private static Places matrices(Shape factor, Shape product) {
    Places all = Places.broadcast(factor, product);
    int rank = product.rank() - 2;
    long[] batch = Arrays.copyOf(product.toArray(), rank);
    return new Places(Shape.of(batch), all.axes().subList(0, rank));
  }
}
