package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.tornado.device.ReductionLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * Sums and maxima along axes. Where many elements make one, several tasks follow each other, each
 * of which combines parts; into how many depends on the number of elements alone, so that an image
 * has the same bits in any batch.
 */
final class ReductionTasks {
  /** As many elements as one iteration combines where that is all. */
  private static final int FEW = 128;

  /** As many elements as one iteration combines at most. */
  private static final int MOST = 512;

  /** As few as are worth a part. */
  private static final int LEAST = 16;

  private ReductionTasks() {}

  static OpKernel of(Reduction.Reduce op, Node node) {
    Shape x = node.inputs().getFirst().shape();
    Shape kept = x;
    Shape combined = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean reduced = op.axes().contains(axis);
      kept = reduced ? kept.with(axis, 1) : kept;
      combined = reduced ? combined : combined.with(axis, 1);
    }
    if (kept.elements() == 0) {
      return (at, tasks) -> {};
    }
    Stage all =
        new Stage(
            Axes.of(kept, x.strides()),
            Axes.of(combined, x.strides()),
            1,
            Math.toIntExact(combined.elements()));
    boolean sum = op.kind() == Reduction.Kind.SUM;
    DType dtype = node.outputs().getFirst().dtype();
    return Place.isFloat(dtype)
        ? new Staged(stages(all), sum)
        : (at, tasks) -> whole(all, sum, dtype, at, tasks);
  }

  /** A sum of {@code elements} in {@code parts} parts, for each index of {@code kept}. */
  private record Stage(Axes kept, Axes combined, int parts, int elements) {
    int count() {
      return Math.multiplyExact(kept.count(), parts);
    }

    /** Whether neighbours among the combined elements are nearer than neighbouring outputs. */
    boolean alongParts() {
      return step(combined) < step(kept);
    }

    private static int step(Axes axes) {
      return axes.rank() == 0 ? Integer.MAX_VALUE : axes.strides().getFirst().getFirst();
    }

    /** The parameters of its task. */
    int[] parameters(Place from, Place to, int order) {
      int[] head =
          kept.after(count(), to.offset(), from.offset(), elements, parts, order, kept.count());
      return combined.after(head);
    }
  }

  /** What a sum is made of: first the elements, then parts of it. */
  private static List<Stage> stages(Stage all) {
    List<Stage> stages = new ArrayList<>();
    Stage stage = all;
    while (true) {
      int k = stage.elements();
      int each = k <= FEW ? Math.max(k, 1) : Math.clamp(Math.ceilDiv(k, FEW), LEAST, MOST);
      int parts = Math.max(1, Math.ceilDiv(k, each));
      stages.add(new Stage(stage.kept(), stage.combined(), parts, k));
      if (parts == 1) {
        return stages;
      }
      int outputs = stage.kept().count();
      boolean together = stage.alongParts();
      stage =
          new Stage(
              line(outputs, together ? parts : 1), line(parts, together ? 1 : outputs), 1, parts);
    }
  }

  private static Axes line(int size, int stride) {
    return Axes.of(Shape.of(size), new long[] {stride});
  }

  private record Staged(List<Stage> stages, boolean sum) implements OpKernel {
    @Override
    public List<Long> scratch() {
      return stages.subList(0, stages.size() - 1).stream().map(s -> (long) s.count()).toList();
    }

    @Override
    public void launch(Operands at, Tasks tasks) {
      Place from = at.in(0);
      for (int k = 0; k < stages.size(); k++) {
        Stage s = stages.get(k);
        Place to = k == stages.size() - 1 ? at.out(0) : at.scratch().get(k);
        int[] p = s.parameters(from, to, s.alongParts() ? 1 : 0);
        int kept = s.kept().rank();
        int rank = s.combined().rank();
        int n = Spread.over(s.count());
        if (sum) {
          tasks.task(ReductionLoops::sums, p, from.floats(), to.floats(), kept, rank, n);
        } else {
          tasks.task(ReductionLoops::maxima, p, from.floats(), to.floats(), kept, rank, n);
        }
        from = to;
      }
    }
  }

  private static void whole(Stage all, boolean sum, DType dtype, Operands at, Tasks tasks) {
    Place x = at.in(0);
    Place y = at.out(0);
    int[] p = all.parameters(x, y, dtype == DType.U8 ? 0xff : -1);
    int kept = all.kept().rank();
    int rank = all.combined().rank();
    int n = Spread.over(all.count());
    if (sum) {
      tasks.task(ReductionLoops::wholeSums, p, x.ints(), y.ints(), kept, rank, n);
    } else {
      tasks.task(ReductionLoops::wholeMaxima, p, x.ints(), y.ints(), kept, rank, n);
    }
  }
}
