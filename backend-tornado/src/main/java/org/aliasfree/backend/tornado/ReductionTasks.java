package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.tornado.device.ReductionLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** Sums and maxima along axes. */
final class ReductionTasks {
  private ReductionTasks() {}

  static OpKernel of(Reduction.Reduce op, Node node) {
    Shape x = node.inputs().getFirst().shape();
    Shape outputs = x;
    Shape each = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean combines = op.axes().contains(axis);
      outputs = combines ? outputs.with(axis, 1) : outputs;
      each = combines ? each : each.with(axis, 1);
    }
    if (outputs.elements() == 0) {
      return (at, tasks) -> {};
    }
    int count = Math.toIntExact(each.elements());
    Axes kept = Axes.of(outputs, x.strides());
    Axes combined = Axes.of(each, x.strides());
    boolean sum = op.kind() == Reduction.Kind.SUM;
    DType dtype = node.outputs().getFirst().dtype();
    return Place.isFloat(dtype)
        ? new Staged(ReductionStage.of(kept, combined, count), sum)
        : (at, tasks) -> whole(kept, combined, count, sum, dtype, at, tasks);
  }

  private record Staged(List<ReductionStage> stages, boolean sum) implements OpKernel {
    @Override
    public List<Long> scratch() {
      return stages.subList(0, stages.size() - 1).stream().map(s -> (long) s.count()).toList();
    }

    @Override
    public void launch(Operands at, Tasks tasks) {
      List<Place> places = new ArrayList<>(at.scratch());
      places.add(at.out(0));
      Place from = at.in(0);
      for (int k = 0; k < stages.size(); k++) {
        ReductionStage stage = stages.get(k);
        Place to = places.get(k);
        int[] p = stage.parameters(from, to);
        int rank = stage.outputs().rank();
        int n = Spread.over(stage.count());
        if (sum) {
          tasks.task(ReductionLoops::sums, p, from.floats(), to.floats(), rank, n);
        } else {
          tasks.task(ReductionLoops::maxima, p, from.floats(), to.floats(), rank, n);
        }
        from = to;
      }
    }
  }

  /** Whole numbers are summed by one task: their sums are short. */
  private static void whole(
      Axes kept, Axes combined, int k, boolean sum, DType dtype, Operands at, Tasks tasks) {
    Place x = at.in(0);
    Place y = at.out(0);
    int count = kept.count();
    int bits = dtype == DType.U8 ? 0xff : -1;
    int[] p = combined.after(kept.after(count, y.offset(), x.offset(), k, bits));
    int n = Spread.over(count);
    if (sum) {
      tasks.task(ReductionLoops::wholeSums, p, x.ints(), y.ints(), kept.rank(), combined.rank(), n);
    } else {
      tasks.task(
          ReductionLoops::wholeMaxima, p, x.ints(), y.ints(), kept.rank(), combined.rank(), n);
    }
  }
}
