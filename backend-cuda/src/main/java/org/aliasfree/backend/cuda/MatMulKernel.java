package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.DType;

/** Matrix products. */
final class MatMulKernel {
  private static final int PLAIN_ROWS = 8; // as in matmul_plain.cu
  private static final int MOST = 65535; // blocks along y and z

  private MatMulKernel() {}

  static OpKernel of(Linear.MatMul op, Node node) {
    return plain(MatMulShape.of(op, node));
  }

  /** The kernels for few rows, or few columns when the product is taken for yᵀ = bᵀ · aᵀ. */
  private static OpKernel plain(MatMulShape s) {
    boolean exchanged = s.rows() > s.columns();
    long rows = exchanged ? s.columns() : s.rows();
    long columns = exchanged ? s.rows() : s.columns();
    boolean smallTransposed = exchanged ? !s.transposeB() : s.transposeA();
    boolean largeTransposed = exchanged ? !s.transposeA() : s.transposeB();
    String type = s.type() == DType.F16 ? "_f16" : "_f32";
    return (at, launches) -> {
      Arguments arguments =
          new Arguments()
              .address(at.in(exchanged ? 1 : 0))
              .address(at.in(exchanged ? 0 : 1))
              .address(at.out(0));
      s.axes(arguments, exchanged)
          .int64(smallTransposed ? 1 : s.inner())
          .int64(smallTransposed ? rows : 1)
          .int64(largeTransposed ? 1 : columns)
          .int64(largeTransposed ? s.inner() : 1)
          .int64(exchanged ? 1 : columns)
          .int64(exchanged ? rows : 1)
          .int64(rows * columns)
          .int32(s.batch())
          .int32(rows)
          .int32(columns)
          .int32(s.inner())
          .type(s.type());
      launches.launch(
          (largeTransposed ? "matmul_dots" : "matmul_columns") + type,
          Math.ceilDiv(columns, largeTransposed ? 8 : 32),
          Math.min(Math.ceilDiv(rows, PLAIN_ROWS), MOST),
          Math.min(s.batch(), MOST),
          256,
          0,
          arguments);
    };
  }
}
