package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * The sizes of a batch of matrix products and where their factors lie.
 *
 * @param batch matrices of the result
 * @param axes sizes of the batch's axes, outermost first; neighbours that lie alike are one
 * @param aStrides for each of them, elements from one matrix of a to the next; 0 where it is
 *     repeated
 * @param bStrides the same of b
 */
record MatMulShape(
    DType type,
    boolean transposeA,
    boolean transposeB,
    int rows,
    int columns,
    int inner,
    int batch,
    List<Long> axes,
    List<Long> aStrides,
    List<Long> bStrides) {
  private static final int MOST_AXES = 6; // as in matmul_plain.cu

  static MatMulShape of(Linear.MatMul op, Node node) {
    Shape a = node.inputs().get(0).shape();
    Shape b = node.inputs().get(1).shape();
    Shape y = node.outputs().getFirst().shape();
    List<Long> axes = new ArrayList<>();
    List<Long> aStrides = new ArrayList<>();
    List<Long> bStrides = new ArrayList<>();
    long batch = 1;
    for (int i = 0; i < y.rank() - 2; i++) {
      long size = y.dim(i);
      batch *= size;
      long aStride = stride(a, y.rank() - i);
      long bStride = stride(b, y.rank() - i);
      int last = axes.size() - 1;
      if (size == 1) {
        continue;
      }
      if (last >= 0
          && aStrides.get(last) == aStride * size
          && bStrides.get(last) == bStride * size) {
        axes.set(last, axes.get(last) * size);
        aStrides.set(last, aStride);
        bStrides.set(last, bStride);
      } else {
        axes.add(size);
        aStrides.add(aStride);
        bStrides.add(bStride);
      }
    }
    if (axes.size() > MOST_AXES) {
      throw new IllegalArgumentException(
          "matmul is broadcast along " + axes.size() + " axes that cannot be joined: " + node);
    }
    return new MatMulShape(
        node.inputs().getFirst().dtype(),
        op.transposeA(),
        op.transposeB(),
        y.intDim(-2),
        y.intDim(-1),
        a.intDim(op.transposeA() ? -2 : -1),
        Math.toIntExact(batch),
        List.copyOf(axes),
        List.copyOf(aStrides),
        List.copyOf(bStrides));
  }

  /** Elements from one index to the next of the axis that is so far from the end; 0 for none. */
  private static long stride(Shape s, int fromEnd) {
    int axis = s.rank() - fromEnd;
    return axis < 0 || s.dim(axis) == 1 ? 0 : s.strides()[axis];
  }

  /** Adds {@code BatchAxes}, of the product or of the product with its factors exchanged. */
  Arguments axes(Arguments arguments, boolean exchanged) {
    return arguments
        .int64s(MOST_AXES, last(exchanged ? bStrides : aStrides, 0))
        .int64s(MOST_AXES, last(exchanged ? aStrides : bStrides, 0))
        .int32s(MOST_AXES, last(axes, 1));
  }

  private static long[] last(List<Long> values, long otherwise) {
    long[] all = new long[MOST_AXES];
    for (int i = 0; i < MOST_AXES; i++) {
      int from = i - (MOST_AXES - values.size());
      all[i] = from < 0 ? otherwise : values.get(from);
    }
    return all;
  }
}
