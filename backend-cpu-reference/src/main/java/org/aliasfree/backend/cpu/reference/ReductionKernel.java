package org.aliasfree.backend.cpu.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/** Sums and maxima along axes, in row-major order of what is combined. */
final class ReductionKernel {
  private ReductionKernel() {}

  static void run(Reduction.Reduce op, Frame f) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    long[] strides = x.shape().strides();
    Shape combined = y.shape();
    List<LongUnaryOperator> axes = new ArrayList<>();
    for (int a = 0; a < strides.length; a++) {
      long stride = strides[a];
      combined = combined.with(a, op.axes().contains(a) ? x.shape().dim(a) : 1);
      axes.add(i -> i * stride);
    }
    Places starts = new Places(y.shape(), axes);
    Places parts = new Places(combined, axes);
    long count = combined.elements();
    f.ranges(
        y.type().elements(),
        (from, to) ->
            starts.visit(
                from, to, (i, start) -> y.set(i, combine(op.kind(), x, start, parts, count))));
  }

  private static double combine(
      Reduction.Kind kind, HostTensor x, long start, Places parts, long count) {
    double[] result = {kind == Reduction.Kind.SUM ? 0 : Double.NEGATIVE_INFINITY};
    parts.visit(
        0,
        count,
        (i, place) -> {
          double value = x.get(start + place);
          result[0] =
              switch (kind) {
                case SUM -> result[0] + value;
                case MAX -> Math.max(result[0], value);
              };
        });
    return result[0];
  }
}
