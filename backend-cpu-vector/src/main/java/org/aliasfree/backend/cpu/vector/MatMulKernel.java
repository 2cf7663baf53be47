package org.aliasfree.backend.cpu.vector;

import java.util.Arrays;
import java.util.List;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Products of matrices, with leading axes broadcast. */
final class MatMulKernel implements Kernel<Scratch> {
  private final @Nullable Matmul product;
  private final boolean packed;

  MatMulKernel(Linear.MatMul op, Node node) {
    Shape a = node.inputs().get(0).shape();
    Shape b = node.inputs().get(1).shape();
    Shape c = node.outputs().getFirst().shape();
    Shape batch = leading(c);
    int depth = a.intDim(op.transposeA() ? -2 : -1);
    product =
        c.elements() == 0
            ? null
            : new Matmul(
                c.intDim(-2),
                c.intDim(-1),
                depth,
                op.transposeA(),
                op.transposeB(),
                offsets(a, batch),
                offsets(b, batch));
    packed = product != null && isVariable(node.inputs().get(0)) && product.packsLeft();
  }

  private static boolean isVariable(Tensor t) {
    return switch (t.node().op()) {
      case Source.Read r -> true;
      case Movement.Reshape r -> isVariable(t.node().inputs().getFirst());
      default -> false;
    };
  }

  private static Shape leading(Shape s) {
    return Shape.of(Arrays.copyOf(s.toArray(), s.rank() - 2));
  }

  /** Where the matrix of a tensor begins for each product. */
  private static long[] offsets(Shape of, Shape batch) {
    Walk walk = new Walk(batch, leading(of).broadcastStrides(batch));
    long matrix = of.dim(-1) * of.dim(-2);
    long[] offsets = new long[Math.toIntExact(batch.elements())];
    for (int i = 0; i < offsets.length; i++) {
      long length = walk.rowLength();
      offsets[i] = (walk.start(0, i / length) + i % length * walk.step(0)) * matrix;
    }
    return offsets;
  }

  private record Left(int rows, int depth) {}

  @Override
  public List<Packing<Scratch>> packings() {
    Matmul of = product;
    if (of == null || !packed) {
      return List.of();
    }
    return List.of(
        new Packing<>(
            0,
            new Left(of.rows, of.depth),
            (left, threads) -> {
              float[] to = new float[of.packedFloats()];
              VectorKernels.run(threads, of.packing(left, to));
              return new Packed(to, to.length * 4L);
            }));
  }

  @Override
  public void run(Call<Scratch> call) {
    if (product != null) {
      float[] left = packed ? (float[]) call.packed(0) : null;
      VectorKernels.run(call, product.bind(call.in(0), left, call.in(1), call.out(0)));
    }
  }
}
