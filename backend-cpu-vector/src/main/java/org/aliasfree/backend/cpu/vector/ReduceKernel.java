package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.Shape;

/**
 * Sums and maxima along axes: each result is one task's, accumulated in double in row-major order.
 */
final class ReduceKernel implements Kernel<Scratch> {
  private final Walk kept;
  private final Walk reduced;
  private final Elements type;
  private final boolean sum;

  ReduceKernel(Reduction.Reduce op, Node node) {
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
    kept = new Walk(out, outside, out.strides());
    reduced = new Walk(Shape.of(insideSizes), inside);
    type = Elements.of(node.inputs().getFirst().dtype());
    sum = op.kind() == Reduction.Kind.SUM;
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
