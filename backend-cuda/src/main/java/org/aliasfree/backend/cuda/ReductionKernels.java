package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.cuda.ReductionStage.Values;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** Sums and maxima along axes. */
final class ReductionKernels {
  private static final int MOST_AXES = 6;

  private ReductionKernels() {}

  static OpKernel of(Reduction.Reduce op, Node node) {
    Shape x = node.inputs().getFirst().shape();
    DType dtype = node.outputs().getFirst().dtype();
    Shape outputs = x;
    Shape each = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean combines = op.axes().contains(axis);
      outputs = combines ? outputs.with(axis, 1) : outputs;
      each = combines ? each : each.with(axis, 1);
    }
    if (outputs.elements() == 0) {
      return (at, launches) -> {};
    }
    if (each.elements() == 1) {
      long bytes = node.outputs().getFirst().type().bytes();
      return (at, launches) -> launches.copy(at.out(0), at.in(0), bytes);
    }
    StridedAxes kept = StridedAxes.of(outputs, List.of(x.strides()));
    StridedAxes combined = StridedAxes.of(each, List.of(x.strides()));
    if (kept.rank() > MOST_AXES || combined.rank() > MOST_AXES) {
      throw new IllegalArgumentException("too many axes: " + node);
    }
    List<ReductionStage> stages = new ArrayList<>();
    stages.add(ReductionStage.of(kept, combined, Values.of(dtype)));
    while (stages.getLast().parts() > 1) {
      stages.add(stages.getLast().next(dtype.isFloat()));
    }
    return new Staged(stages, op.kind(), dtype);
  }

  /**
   * A reduction by one launch or more.
   *
   * @param stages each but the first combines the parts of the one before
   */
  private record Staged(List<ReductionStage> stages, Reduction.Kind kind, DType dtype)
      implements OpKernel {
    private static final int F32 = 0;
    private static final int I64 = 4; // of parts of integers, in kernels

    @Override
    public List<Long> scratch() {
      long bytes = dtype.isFloat() ? Float.BYTES : Long.BYTES;
      return stages.subList(0, stages.size() - 1).stream().map(s -> bytes * s.count()).toList();
    }

    @Override
    public void launch(Operands at, Launches launches) {
      String kernel = dtype.isFloat() ? "reduce_" : "reduce_integers_";
      int type = Arguments.number(dtype);
      int parts = dtype.isFloat() ? F32 : I64;
      int maximum = kind == Reduction.Kind.MAX ? 1 : 0;
      long from = at.in(0);
      int last = stages.size() - 1;
      for (int k = 0; k <= last; k++) {
        long to = k == last ? at.out(0) : at.scratch().get(k);
        stages
            .get(k)
            .launch(
                kernel,
                from,
                k == 0 ? type : parts,
                to,
                k == last ? type : parts,
                maximum,
                launches);
        from = to;
      }
    }
  }
}
