package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * Sums and maxima along axes: each result is one task's, accumulated in double in row-major order.
 * {@link FloatSum} is the fast form for sums of f32.
 */
final class ReduceKernel implements Kernel<Scratch> {
  private final Walk kept;
  private final Walk reduced;
  private final Elements type;
  private final boolean sum;

  private ReduceKernel(Walk kept, Walk reduced, Elements type, boolean sum) {
    this.kept = kept;
    this.reduced = reduced;
    this.type = type;
    this.sum = sum;
  }

  static Kernel<Scratch> of(Reduction.Reduce op, Node node) {
    Shape in = node.inputs().getFirst().shape();
    Shape out = node.outputs().getFirst().shape();
    long[] strides = in.strides();
    long[] outside = strides.clone();
    long[] inside = strides.clone();
    long[] insideSizes = in.toArray();
    for (int i = 0; i < strides.length; i++) {
      if (op.axes().contains(i)) {
        outside[i] = 0;
      } else {
        insideSizes[i] = 1;
      }
    }
    Walk kept = new Walk(out, outside, out.strides());
    Walk reduced = new Walk(Shape.of(insideSizes), inside);
    DType type = node.inputs().getFirst().dtype();
    boolean sum = op.kind() == Reduction.Kind.SUM;
    return sum && type == DType.F32
        ? new FloatSum(kept, reduced)
        : new ReduceKernel(kept, reduced, Elements.of(type), sum);
  }

  @Override
  public void run(Call<Scratch> call) {
    long outputs = kept.rows() * kept.rowLength();
    long each = Math.max(1, reduced.rows() * reduced.rowLength());
    long perTask = Math.max(1, RowKernel.TASK / each);
    call.parallel(
        Math.toIntExact(Math.ceilDiv(outputs, perTask)),
        (task, scratch) -> {
          long end = Math.min(outputs, (task + 1L) * perTask);
          for (long o = task * perTask; o < end; o++) {
            long row = o / kept.rowLength();
            long at = o % kept.rowLength();
            double value = reduce(call.in(0), kept.start(0, row) + at * kept.step(0));
            type.set(call.out(0), kept.start(1, row) + at * kept.step(1), value);
          }
        });
  }

  private double reduce(MemorySegment in, long start) {
    double result = sum ? 0 : Double.NEGATIVE_INFINITY;
    long step = reduced.step(0);
    for (long r = 0; r < reduced.rows(); r++) {
      long at = start + reduced.start(0, r);
      for (long i = 0; i < reduced.rowLength(); i++) {
        double value = type.get(in, at + i * step);
        result = sum ? result + value : Math.max(result, value);
      }
    }
    return result;
  }
}
