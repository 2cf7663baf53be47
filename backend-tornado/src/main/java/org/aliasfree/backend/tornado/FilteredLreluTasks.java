package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.tornado.FirTasks.Planes;
import org.aliasfree.backend.tornado.device.ActivationLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.Shape;

/**
 * Filter up, do something to each sample at the high rate, filter down: rows are padded, filtered
 * along x, then along y with what is done in the same pass; then filtered along y and along x.
 */
final class FilteredLreluTasks {
  private static final float[] ONE = {1};

  private final FilteredActivation activation;
  private final Shape image;
  private final FirTasks up;
  private final FirTasks down;
  private final int planes;
  private final int most;

  private FilteredLreluTasks(FilteredActivation a, Node node) {
    activation = a;
    image = node.inputs().getFirst().shape();
    up = new FirTasks(a.upFilter(), image, node.inputs().get(2).shape());

    down = new FirTasks(a.downFilter(), height(), width(), node.inputs().get(3).shape());
    planes = image.intDim(0) * image.intDim(1);
    most = ResamplingTasks.planesAtOnce(planes, up.padded() + up.between() + high() + lower());
  }

  private int height() {
    return up.y().outputs();
  }

  private int width() {
    return up.x().outputs();
  }

  /** Elements of a plane at the high rate. */
  private long high() {
    return (long) height() * up.x().stride();
  }

  /** Elements of a plane that was filtered down along y. */
  private long lower() {
    return down.separable() ? (long) down.y().outputs() * up.x().stride() : 0;
  }

  private List<Long> scratch() {
    // Blocks of the last pass that are not full ask for more than is in the last row.
    long more = Math.max(0, down.x().span() - up.x().stride());
    return List.of(
        most * up.padded(),
        up.separable() ? most * up.between() : 0,
        most * high() + more,
        most * lower() + more);
  }

  /** The pass at the high rate: its input and filter, what it is given, and its output. */
  @FunctionalInterface
  private interface HighPass {
    void launch(FirTasks fir, Planes in, Place filter, float gain, Planes out, int firstPlane);
  }

  private void launch(
      Operands at, int[] bias, Place biases, boolean wanted, HighPass pass, Tasks tasks) {
    for (int from = 0; from < planes; from += most) {
      int count = Math.min(most, planes - from);
      Place x = ResamplingTasks.moved(at.in(0), from * image.intDim(2) * image.intDim(3));
      bias[1] = from;
      Planes padded = up.pad(x, bias, biases.floats(), count, at.scratch().get(0), tasks);
      Planes high = new Planes(at.scratch().get(2), count, height(), up.x().stride());
      Place filter = at.in(2);
      if (up.separable()) {
        Planes middle = new Planes(at.scratch().get(1), count, image.intDim(2), up.x().stride());
        up.alongX(padded, up.x().before(), filter, 1, middle, tasks);
        pass.launch(up, middle, filter, up.gain(), high, from);
      } else {
        up.alongBoth(padded, up.x().before(), filter, high, tasks);
        FirTasks none =
            new FirTasks(
                new org.aliasfree.op.FirGeometry(1, 1, 1, 1, 0, 0, 0, 0, true, 1),
                height(),
                width(),
                Shape.of(1));
        pass.launch(none, high, new Place(ONE, 0), 1, high, from);
      }
      if (wanted) {
        down(high, from, at, tasks);
      }
    }
  }

  private void down(Planes high, int from, Operands at, Tasks tasks) {
    int outputs = down.y().outputs() * down.x().outputs();
    Place y = ResamplingTasks.moved(at.out(0), from * outputs);
    Planes out = new Planes(y, high.count(), down.y().outputs(), down.x().outputs());
    if (down.separable()) {
      Planes lower =
          new Planes(at.scratch().get(3), high.count(), down.y().outputs(), high.stride());
      down.alongY(high, width(), at.in(3), 1, lower, tasks);
      down.alongX(lower, 0, at.in(3), down.gain(), out, tasks);
    } else {
      down.alongBoth(high, 0, at.in(3), out, tasks);
    }
  }

  static OpKernel activated(Fused.FilteredLrelu op, Node node) {
    FilteredLreluTasks t = new FilteredLreluTasks(op.activation(), node);
    FilteredActivation a = t.activation;
    int bytes = Math.ceilDiv(t.width(), 4);
    return new WithScratch(
        t.scratch(),
        (at, tasks) -> {
          Place bias = at.in(1);
          int[] spot = {t.image.intDim(1), 0, 1, bias.offset()};
          boolean wantsSigns = at.wants(1);
          int[] signs = wantsSigns ? at.out(1).ints() : new int[1];
          HighPass pass =
              (fir, in, filter, gain, out, from) -> {
                int[] p = fir.parametersY(in, t.width(), filter, out, 3);
                p[16] = wantsSigns ? 1 : 0;
                p[17] = wantsSigns ? at.out(1).offset() + from * t.height() * bytes : 0;
                p[18] = bytes;
                float[] q = {gain, (float) a.gain(), (float) a.slope(), (float) a.clamp()};
                tasks.task(
                    ActivationLoops::activated,
                    p,
                    q,
                    filter.floats(),
                    in.array(),
                    out.array(),
                    signs,
                    Spread.evenly(p[0]));
              };
          t.launch(at, spot, bias, at.wants(0), pass, tasks);
        });
  }

  static OpKernel signed(Fused.SignedFilter op, Node node) {
    FilteredLreluTasks t = new FilteredLreluTasks(op.activation(), node);
    FilteredActivation a = t.activation;
    Shape map = node.inputs().get(1).shape();
    return new WithScratch(
        t.scratch(),
        (at, tasks) -> {
          Place signs = at.in(1);
          HighPass pass =
              (fir, in, filter, gain, out, from) -> {
                int[] p = fir.parametersY(in, t.width(), filter, out, 6);
                p[16] = signs.offset() + from * map.intDim(2) * map.intDim(3);
                p[17] = map.intDim(2);
                p[18] = Math.toIntExact(op.signWidth());
                p[19] = map.intDim(3);
                p[20] = op.offsetX();
                p[21] = op.offsetY();
                float[] q = {gain, (float) a.gain(), (float) a.slope()};
                tasks.task(
                    ActivationLoops::slopedByMap,
                    p,
                    q,
                    filter.floats(),
                    in.array(),
                    signs.ints(),
                    out.array(),
                    Spread.evenly(p[0]));
              };
          t.launch(at, new int[] {1, 0, 0, 0}, at.in(0), true, pass, tasks);
        });
  }
}
