package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.tornado.device.IndexLoops;
import org.aliasfree.backend.tornado.device.MoveLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.Shape;

/** Ops that move elements. */
final class MovementTasks {
  private MovementTasks() {}

  static OpKernel of(Movement op, Node node) {
    Tensor x = node.inputs().getFirst();
    Tensor y = node.outputs().getFirst();
    if (y.type().elements() == 0) {
      return (at, tasks) -> {};
    }
    return switch (op) {
      case Movement.Reshape o -> copy(0, List.of(walk(x.shape().elements(), 1)), y);
      case Movement.Permute o -> permute(o, x.shape(), y);
      case Movement.Expand o -> expand(x.shape(), y);
      case Movement.Pad o when o.mode() == Movement.PadMode.REFLECT -> reflect(o, x.shape(), y);
      case Movement.Pad o -> pad(o, x.shape(), y);
      case Movement.Flip o -> flip(o, x.shape(), y);
      case Movement.Slice o -> slice(o, x.shape(), y);
      case Movement.Concat o -> concat(y.shape().axis(o.axis()), node);
      case Movement.Gather o -> gather(x.shape().axis(o.axis()), x.shape(), y);
      case Movement.ScatterAdd o -> scatterAdd(x.shape().axis(o.axis()), x.shape(), y);
    };
  }

  /** An axis that is walked through without end. */
  private static CopyAxis walk(long size, long stride) {
    int n = Math.toIntExact(size);
    return new CopyAxis(n, Math.toIntExact(stride), 0, n);
  }

  /** A copy along axes, the outermost first, from an element of x on. */
  private static OpKernel copy(long start, List<CopyAxis> axes, Tensor y) {
    List<CopyAxis> merged = CopyAxis.merged(axes);
    int first = Math.toIntExact(start);
    int count = Math.toIntExact(y.type().elements());
    int n = Spread.over(count);
    int rank = merged.size();
    boolean ranges = !CopyAxis.areUnbounded(merged);
    boolean floats = Place.isFloat(y.dtype());
    return (at, tasks) -> {
      Place from = at.in(0);
      Place to = at.out(0);
      int[] p = CopyAxis.after(merged, ranges, count, to.offset(), from.offset() + first);
      if (ranges && floats) {
        tasks.task(MoveLoops::bounded, p, from.floats(), to.floats(), rank, n);
      } else if (ranges) {
        tasks.task(MoveLoops::boundedInts, p, from.ints(), to.ints(), rank, n);
      } else if (floats) {
        tasks.task(MoveLoops::strided, p, from.floats(), to.floats(), rank, n);
      } else {
        tasks.task(MoveLoops::stridedInts, p, from.ints(), to.ints(), rank, n);
      }
    };
  }

  private static OpKernel permute(Movement.Permute op, Shape x, Tensor y) {
    List<CopyAxis> axes = new ArrayList<>();
    for (int a : op.axes()) {
      axes.add(walk(x.dim(a), x.strides()[a]));
    }
    return copy(0, axes, y);
  }

  private static OpKernel expand(Shape x, Tensor y) {
    long[] strides = x.broadcastStrides(y.shape());
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < strides.length; a++) {
      axes.add(walk(y.shape().dim(a), strides[a]));
    }
    return copy(0, axes, y);
  }

  private static OpKernel flip(Movement.Flip op, Shape x, Tensor y) {
    List<Integer> flipped = op.axes().stream().map(x::axis).toList();
    long start = 0;
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      long stride = x.strides()[a];
      boolean back = flipped.contains(a);
      start += back ? (x.dim(a) - 1) * stride : 0;
      axes.add(walk(x.dim(a), back ? -stride : stride));
    }
    return copy(start, axes, y);
  }

  private static OpKernel slice(Movement.Slice op, Shape x, Tensor y) {
    long start = 0;
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      long stride = x.strides()[a];
      start += op.starts().get(a) * stride;
      axes.add(walk(op.sizes().dim(a), op.steps().get(a) * stride));
    }
    return copy(start, axes, y);
  }

  private static OpKernel pad(Movement.Pad op, Shape x, Tensor y) {
    long start = 0;
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      long stride = x.strides()[a];
      long before = op.before().get(a);
      int size = y.shape().intDim(a);
      start -= before * stride;
      axes.add(
          new CopyAxis(
              size,
              Math.toIntExact(stride),
              Math.toIntExact(Math.max(0, before)),
              Math.toIntExact(Math.min(size, before + x.dim(a)))));
    }
    return copy(start, axes, y);
  }

  /** The ranges of the axes are here what is mirrored before them, and the sizes in x. */
  private static OpKernel reflect(Movement.Pad op, Shape x, Tensor y) {
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = x.rank() - 1; a >= 0; a--) {
      axes.add(
          new CopyAxis(
              y.shape().intDim(a),
              Math.toIntExact(x.strides()[a]),
              Math.toIntExact(op.before().get(a)),
              x.intDim(a)));
    }
    int count = Math.toIntExact(y.type().elements());
    int n = Spread.over(count);
    boolean floats = Place.isFloat(y.dtype());
    return (at, tasks) -> {
      Place from = at.in(0);
      Place to = at.out(0);
      int[] p = CopyAxis.after(axes, true, count, to.offset(), from.offset());
      if (floats) {
        tasks.task(MoveLoops::mirrored, p, from.floats(), to.floats(), axes.size(), n);
      } else {
        tasks.task(MoveLoops::mirroredInts, p, from.ints(), to.ints(), axes.size(), n);
      }
    };
  }

  /** One task for each input. */
  private static OpKernel concat(int axis, Node node) {
    Tensor y = node.outputs().getFirst();
    int apart = Math.toIntExact(y.shape().strides()[axis] * y.shape().dim(axis));
    boolean floats = Place.isFloat(y.dtype());
    return (at, tasks) -> {
      Place to = at.out(0);
      int offset = to.offset();
      for (int i = 0; i < node.inputs().size(); i++) {
        Shape part = node.inputs().get(i).shape();
        int count = Math.toIntExact(part.elements());
        if (count == 0) {
          continue;
        }
        int block = Math.toIntExact(part.strides()[axis] * part.dim(axis));
        Place from = at.in(i);
        int[] p = {count, offset, from.offset(), block, apart};
        if (floats) {
          tasks.task(MoveLoops::blocks, p, from.floats(), to.floats(), Spread.over(count));
        } else {
          tasks.task(MoveLoops::blocksOfInts, p, from.ints(), to.ints(), Spread.over(count));
        }
        offset += block;
      }
    };
  }

  private static int[] lines(int axis, Shape x, Tensor y, Operands at) {
    return new int[] {
      Math.toIntExact(y.type().elements()),
      at.out(0).offset(),
      at.in(0).offset(),
      at.in(1).offset(),
      Math.toIntExact(x.strides()[axis]),
      y.shape().intDim(axis),
      x.intDim(axis)
    };
  }

  private static OpKernel gather(int axis, Shape x, Tensor y) {
    int n = Spread.over(y.type().elements());
    boolean floats = Place.isFloat(y.dtype());
    return (at, tasks) -> {
      int[] p = lines(axis, x, y, at);
      Place from = at.in(0);
      Place to = at.out(0);
      if (floats) {
        tasks.task(IndexLoops::gather, p, from.floats(), at.in(1).ints(), to.floats(), n);
      } else {
        tasks.task(IndexLoops::gatherInts, p, from.ints(), at.in(1).ints(), to.ints(), n);
      }
    };
  }

  private static OpKernel scatterAdd(int axis, Shape x, Tensor y) {
    int n = Spread.over(y.type().elements());
    return (at, tasks) -> {
      int[] p = lines(axis, x, y, at);
      tasks.task(
          IndexLoops::scatterAdd, p, at.in(0).floats(), at.in(1).ints(), at.out(0).floats(), n);
    };
  }
}
