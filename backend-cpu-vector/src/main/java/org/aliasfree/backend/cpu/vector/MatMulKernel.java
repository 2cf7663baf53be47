package org.aliasfree.backend.cpu.vector;

import java.util.Arrays;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Products of matrices, with leading axes broadcast. */
final class MatMulKernel implements Kernel<Scratch> {
  private final @Nullable Matmul product;

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
  }

  private static Shape leading(Shape s) {
    return Shape.of(Arrays.copyOf(s.toArray(), s.rank() - 2));
  }

  /** Where the matrix of a tensor begins for each product. */
  private static long[] offsets(Shape of, Shape batch) {
    Walk walk = new Walk(batch, Walk.broadcast(leading(of), batch));
    long matrix = of.dim(-1) * of.dim(-2);
    long[] offsets = new long[Math.toIntExact(batch.elements())];
    for (int i = 0; i < offsets.length; i++) {
      long length = walk.rowLength();
      offsets[i] = (walk.start(0, i / length) + i % length * walk.step(0)) * matrix;
    }
    return offsets;
  }

  @Override
  public void run(Call<Scratch> call) {
    if (product != null) {
      VectorKernels.run(call, product.bind(call.in(0), call.in(1), call.out(0)));
    }
  }
}
