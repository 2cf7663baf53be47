package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** Filtered leaky ReLU and its linear part where filters have one tap: no neighbours are needed. */
final class FilterPixels {
  private FilterPixels() {}

  private static boolean fits(FilteredActivation a, Node node) {
    boolean pads = a.padX0() == 0 && a.padX1() == 0 && a.padY0() == 0 && a.padY1() == 0;
    boolean taps =
        node.inputs().get(2).type().elements() == 1 && node.inputs().get(3).type().elements() == 1;
    return pads && taps && a.up() == 1 && a.down() == 1;
  }

  /** The kernel, or null where there are filters. */
  static @Nullable OpKernel of(Fused.FilteredLrelu op, Node node) {
    if (!fits(op.activation(), node)) {
      return null;
    }
    return (at, launches) -> {
      long y = at.wants(0) ? at.out(0) : 0;
      long signs = at.wants(1) ? at.out(1) : 0;
      long[] places = {at.in(0), at.in(1), at.in(2), at.in(3), y, signs};
      launch("filtered_lrelu_pixels", op.activation(), node, places, new int[4], launches);
    };
  }

  /** The kernel, or null where there are filters. */
  static @Nullable OpKernel of(Fused.SignedFilter op, Node node) {
    if (!fits(op.activation(), node)) {
      return null;
    }
    Shape map = node.inputs().get(1).type().shape();
    int[] place = {map.intDim(2), Math.toIntExact(op.signWidth()), op.offsetX(), op.offsetY()};
    return (at, launches) -> {
      long[] places = {at.in(0), 0, at.in(2), at.in(3), at.out(0), at.in(1)};
      launch("signed_filter_pixels", op.activation(), node, places, place, launches);
    };
  }

  private static void launch(
      String kernel,
      FilteredActivation activation,
      Node node,
      long[] places,
      int[] map,
      Launches launches) {
    TensorType x = node.inputs().getFirst().type();
    Shape s = x.shape();
    long planes = s.dim(0) * s.dim(1);
    Arguments a = new Arguments();
    for (long place : places) {
      a.address(place);
    }
    a.type(x.dtype())
        .int32s(4, s.dim(1), planes, s.dim(2), s.dim(3))
        // A filter with one axis is applied along both.
        .int32(3 - node.inputs().get(2).type().shape().rank())
        .int32(3 - node.inputs().get(3).type().shape().rank())
        .int32s(4, map[0], map[1], map[2], map[3])
        .float32(activation.gain())
        .float32(activation.slope())
        .float32(activation.clamp());
    Fir.overPlanes(kernel, s.dim(2) * Math.ceilDiv(s.dim(3), 4), planes, a, launches);
  }
}
