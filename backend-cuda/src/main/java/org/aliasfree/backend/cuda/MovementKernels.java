package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.Shape;

/** Ops that move elements. */
final class MovementKernels {
  private MovementKernels() {}

  static OpKernel of(Movement op, Node node) {
    Tensor x = node.inputs().getFirst();
    Tensor y = node.outputs().getFirst();
    if (y.type().elements() == 0) {
      return (at, launches) -> {};
    }
    return switch (op) {
      case Movement.Reshape o ->
          (at, launches) -> launches.copy(at.out(0), at.in(0), y.type().bytes());
      case Movement.Permute o -> permute(o, x.shape(), y);
      case Movement.Expand o -> expand(x.shape(), y);
      case Movement.Pad o when o.mode() == Movement.PadMode.REFLECT ->
          ReflectPadKernel.of(o, x.shape(), y);
      case Movement.Pad o -> pad(o, x.shape(), y);
      case Movement.Flip o -> flip(o, x.shape(), y);
      case Movement.Slice o -> slice(o, x.shape(), y);
      case Movement.Concat o -> concat(y.shape().axis(o.axis()), node);
      case Movement.Gather o -> IndexKernels.gather(x.shape().axis(o.axis()), x.shape(), y);
      case Movement.ScatterAdd o -> IndexKernels.scatterAdd(x.shape().axis(o.axis()), x.shape(), y);
    };
  }

  /** A copy from an element of x on, by one axis of the source for each of y. */
  private static OpKernel copy(long from, List<CopyAxis> axes, Tensor y) {
    StridedCopy copy = StridedCopy.of(axes, from, 0, y.dtype().bytes());
    return (at, launches) -> copy.launch(at.in(0), at.out(0), launches);
  }

  private static OpKernel permute(Movement.Permute op, Shape x, Tensor y) {
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      int of = op.axes().get(a);
      axes.add(CopyAxis.of(x.dim(of), x.strides()[of], y.shape().strides()[a]));
    }
    return copy(0, axes, y);
  }

  private static OpKernel expand(Shape x, Tensor y) {
    long[] strides = x.broadcastStrides(y.shape());
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < strides.length; a++) {
      axes.add(CopyAxis.of(y.shape().dim(a), strides[a], y.shape().strides()[a]));
    }
    return copy(0, axes, y);
  }

  private static OpKernel flip(Movement.Flip op, Shape x, Tensor y) {
    List<Integer> flipped = op.axes().stream().map(x::axis).toList();
    long from = 0;
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      long stride = x.strides()[a];
      boolean back = flipped.contains(a);
      from += back ? (x.dim(a) - 1) * stride : 0;
      axes.add(CopyAxis.of(x.dim(a), back ? -stride : stride, stride));
    }
    return copy(from, axes, y);
  }

  private static OpKernel slice(Movement.Slice op, Shape x, Tensor y) {
    long from = 0;
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      long stride = x.strides()[a];
      from += op.starts().get(a) * stride;
      axes.add(CopyAxis.of(op.sizes().dim(a), op.steps().get(a) * stride, y.shape().strides()[a]));
    }
    return copy(from, axes, y);
  }

  private static OpKernel pad(Movement.Pad op, Shape x, Tensor y) {
    long from = 0;
    List<CopyAxis> axes = new ArrayList<>();
    for (int a = 0; a < x.rank(); a++) {
      long stride = x.strides()[a];
      long before = op.before().get(a);
      long size = y.shape().dim(a);
      from -= before * stride;
      axes.add(
          new CopyAxis(
              size,
              stride,
              y.shape().strides()[a],
              Math.clamp(before, 0, size),
              Math.clamp(before + x.dim(a), 0, size)));
    }
    return copy(from, axes, y);
  }

  /** One copy for each input. */
  private static OpKernel concat(int axis, Node node) {
    Tensor y = node.outputs().getFirst();
    long[] strides = y.shape().strides();
    List<StridedCopy> copies = new ArrayList<>();
    long to = 0;
    for (Tensor part : node.inputs()) {
      List<CopyAxis> axes = new ArrayList<>();
      for (int a = 0; a < strides.length; a++) {
        axes.add(CopyAxis.of(part.dim(a), part.shape().strides()[a], strides[a]));
      }
      copies.add(StridedCopy.of(axes, 0, to, y.dtype().bytes()));
      to += part.dim(axis) * strides[axis];
    }
    return (at, launches) -> {
      for (int i = 0; i < copies.size(); i++) {
        copies.get(i).launch(at.in(i), at.out(0), launches);
      }
    };
  }
}
