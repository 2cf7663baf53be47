package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * Filtered leaky ReLU and its linear part in passes, for any filters: the signal at the high rate
 * goes through memory.
 */
final class FilteredPasses {
  private final FilteredActivation activation;
  private final TensorType image;
  private final Fir up;
  private final Fir down;
  private final long planes;
  private final int most;

  private FilteredPasses(FilteredActivation a, Node node) {
    activation = a;
    image = node.inputs().getFirst().type();
    Shape s = image.shape();
    up = Fir.of(a.upFilter(), s.dim(2), s.dim(3), node.inputs().get(2).type().shape());
    Shape downFilter = node.inputs().get(3).type().shape();
    down = Fir.of(a.downFilter(), up.y().outputs(), up.x().outputs(), downFilter);
    planes = s.dim(0) * s.dim(1);
    most = WithScratch.atOnce(planes, between() + up.outputs());
  }

  private long between() {
    return Math.max(up.between(), down.between());
  }

  private List<Long> scratch() {
    return List.of(most * between() * Float.BYTES, most * up.outputs() * Float.BYTES);
  }

  /** What is done at the high rate to planes from a first one on. */
  @FunctionalInterface
  private interface Middle {
    void launch(long high, long firstPlane, int count);
  }

  private void launch(Operands at, long bias, boolean wanted, Middle middle, Launches launches) {
    long between = at.scratch().get(0);
    long high = at.scratch().get(1);
    int channels = image.shape().intDim(1);
    long pixels = image.shape().dim(2) * image.shape().dim(3);
    int bytes = image.dtype().bytes();
    for (long from = 0; from < planes; from += most) {
      int count = Math.toIntExact(Math.min(most, planes - from));
      long x = at.in(0) + from * pixels * bytes;
      int channel = Math.toIntExact(from % channels);
      Fir.Planes in = new Fir.Planes(x, image.dtype(), count, bias, channels, channel);
      up.launch(in, at.in(2), between, high, DType.F32, launches);
      middle.launch(high, from, count);
      if (wanted) {
        long y = at.out(0) + from * down.outputs() * bytes;
        Fir.Planes made = new Fir.Planes(high, DType.F32, count);
        down.launch(made, at.in(3), between, y, image.dtype(), launches);
      }
    }
  }

  private Arguments arguments(long high, long signs, int count, int[] map) {
    return new Arguments()
        .address(high)
        .address(signs)
        .int32(count)
        .int32(up.y().outputs())
        .int32(up.x().outputs())
        .int32s(4, map[0], map[1], map[2], map[3])
        .float32(activation.gain())
        .float32(activation.slope())
        .float32(activation.clamp());
  }

  static OpKernel activated(Fused.FilteredLrelu op, Node node) {
    FilteredPasses p = new FilteredPasses(op.activation(), node);
    long bytes = Math.ceilDiv(p.up.x().outputs(), 4);
    long ofPlane = bytes * p.up.y().outputs();
    return new WithScratch(
        p.scratch(),
        (at, launches) -> {
          boolean signs = at.wants(1);
          Middle middle =
              (high, from, count) ->
                  Fir.overPlanes(
                      "activate_high",
                      ofPlane,
                      count,
                      p.arguments(high, signs ? at.out(1) + from * ofPlane : 0, count, new int[4]),
                      launches);
          p.launch(at, at.in(1), at.wants(0), middle, launches);
        });
  }

  static OpKernel signed(Fused.SignedFilter op, Node node) {
    FilteredPasses p = new FilteredPasses(op.activation(), node);
    Shape map = node.inputs().get(1).type().shape();
    int[] place = {map.intDim(2), Math.toIntExact(op.signWidth()), op.offsetX(), op.offsetY()};
    return new WithScratch(
        p.scratch(),
        (at, launches) -> {
          Middle middle =
              (high, from, count) ->
                  Fir.overPlanes(
                      "slope_high",
                      p.up.outputs(),
                      count,
                      p.arguments(high, at.in(1) + from * map.dim(2) * map.dim(3), count, place),
                      launches);
          p.launch(at, 0, true, middle, launches);
        });
  }
}
