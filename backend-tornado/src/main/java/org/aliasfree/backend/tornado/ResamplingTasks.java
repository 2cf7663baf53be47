package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.Shape;

/** Filters and sampling at free positions. */
final class ResamplingTasks {
  /** Elements of scratch memory at a time: planes are filtered some by some, to stay in caches. */
  static final long AT_ONCE = 1 << 22;

  private ResamplingTasks() {}

  static OpKernel of(Resampling op, Node node, boolean tiles) {
    return switch (op) {
      case Resampling.Upfirdn2d o -> filter(o.geometry(), node);
      case Resampling.GridSample o -> GridSampleTasks.sample(node);
      case Resampling.GridSampleInputGradient o -> GridSampleTasks.inputGradient(node, tiles);
      case Resampling.GridSampleGridGradient o -> GridSampleTasks.gridGradient(node);
      case Resampling.Warp o -> WarpTasks.warp(node);
      case Resampling.WarpInputGradient o -> WarpTasks.inputGradient(node, tiles);
    };
  }

  private static OpKernel filter(FirGeometry g, Node node) {
    Shape image = node.inputs().getFirst().shape();
    FirTasks fir = new FirTasks(g, image, node.inputs().get(1).shape());
    int planes = image.intDim(0) * image.intDim(1);
    int most = planesAtOnce(planes, fir.padded() + fir.between());
    int in = image.intDim(2) * image.intDim(3);
    int out = fir.y().outputs() * fir.x().outputs();
    return new WithScratch(
        List.of(most * fir.padded(), fir.separable() ? most * fir.between() : 0),
        (at, tasks) -> {
          Place padded = at.scratch().get(0);
          for (int from = 0; from < planes; from += most) {
            int count = Math.min(most, planes - from);
            fir.all(
                fir.pad(moved(at.in(0), from * in), count, padded, tasks),
                at.in(1),
                at.scratch().get(1),
                moved(at.out(0), from * out),
                tasks);
          }
        });
  }

  /** How many planes to filter at a time, evenly. */
  static int planesAtOnce(int planes, long elements) {
    int pieces = Math.toIntExact(Math.ceilDiv(planes * elements, AT_ONCE));
    return Math.ceilDiv(planes, Math.clamp(pieces, 1, Math.max(1, planes)));
  }

  /** A place further on in an array. */
  static Place moved(Place place, int by) {
    return new Place(place.array(), place.offset() + by);
  }
}
