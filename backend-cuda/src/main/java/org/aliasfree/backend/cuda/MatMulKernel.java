package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.DType;

/** Matrix products. */
final class MatMulKernel {
  private static final int PLAIN_ROWS = 8; // as in matmul_plain.cu
  private static final int LEAST = 16;
  private static final int SIDE = 64; // as in matmul_tile.cu
  private static final int MOST = 65535; // blocks along y and z

  private MatMulKernel() {}

  static OpKernel of(Linear.MatMul op, Node node) {
    MatMulShape shape = MatMulShape.of(op, node);
    return usesTensorCores(shape) ? tile(shape) : plain(shape);
  }

  /** Whether the matrices are large enough for tensor cores. */
  static boolean usesTensorCores(MatMulShape s) {
    return s.rows() >= LEAST && s.columns() >= LEAST && s.inner() >= LEAST;
  }

  private static OpKernel tile(MatMulShape s) {
    int piece = 16 / s.type().bytes();
    boolean wholePieces = s.inner() % piece == 0;
    return (at, launches) -> {
      Arguments arguments = new Arguments().address(at.in(0)).address(at.in(1)).address(at.out(0));
      s.axes(arguments, false)
          .int64(s.transposeA() ? 1 : s.inner())
          .int64(s.transposeA() ? s.rows() : 1)
          .int64(s.transposeB() ? s.inner() : 1)
          .int64(s.transposeB() ? 1 : s.columns())
          .int64((long) s.rows() * s.columns())
          .int32(s.batch())
          .int32(s.rows())
          .int32(s.columns())
          .int32(s.inner())
          .int32(wholePieces && !s.transposeA() ? 1 : 0)
          .int32(wholePieces && s.transposeB() ? 1 : 0);
      launches.launch(
          s.type() == DType.F16 ? "matmul_tile_f16" : "matmul_tile_f32",
          (long) Math.ceilDiv(s.rows(), SIDE) * Math.ceilDiv(s.columns(), SIDE),
          1,
          Math.min(s.batch(), MOST),
          128,
          0,
          arguments);
    };
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
