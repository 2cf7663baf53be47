package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.tornado.FirTasks.Planes;
import org.aliasfree.backend.tornado.device.WarpLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.tensor.Shape;

/**
 * Affine warps: values at the sampled points from the pixels, then down-sampling; and the adjoints
 * in the reverse order. Margins that an image cannot be mirrored by are taken for the nearest that
 * it can, as a device cannot complain.
 */
final class WarpTasks {
  private final Shape image;
  private final int planes;
  private final int pixels;
  private final int taps;

  private WarpTasks(Node node) {
    image = node.inputs().getFirst().shape();
    planes = image.intDim(0) * image.intDim(1);
    pixels = image.intDim(2) * image.intDim(3);
    taps = node.inputs().get(3).shape().intDim(0);
  }

  /** Output pixels that are computed and cropped again on each side. */
  private int border() {
    return taps / 4;
  }

  private int points(int size) {
    return 2 * (size + 2 * border());
  }

  /** The first point under the filter of the first output. */
  private int first() {
    return 2 * border() - (taps - 1) / 2;
  }

  private FirAxis down(int size) {
    return new FirAxis(1, 2, -first(), points(size), size, taps);
  }

  private FirAxis up(int size) {
    return new FirAxis(2, 1, first() + taps - 1, size, points(size), taps);
  }

  private int[] parameters(int items, Place x, Operands at, Place points, int stride, int plane) {
    return new int[] {
      items,
      x.offset(),
      image.intDim(1),
      image.intDim(2),
      image.intDim(3),
      at.in(1).offset(),
      at.in(2).offset(),
      at.in(3).offset(),
      taps,
      points.offset(),
      points(image.intDim(2)),
      points(image.intDim(3)),
      stride,
      plane,
      0,
      0
    };
  }

  static OpKernel warp(Node node) {
    WarpTasks t = new WarpTasks(node);
    FirTasks fir = new FirTasks(t.down(t.image.intDim(3)), t.down(t.image.intDim(2)), true, 1);
    int most = ResamplingTasks.planesAtOnce(t.planes, fir.padded() + fir.between());
    return new WithScratch(
        List.of(most * fir.padded(), most * fir.between()),
        (at, tasks) -> {
          Place points = at.scratch().get(0);
          for (int from = 0; from < t.planes; from += most) {
            int count = Math.min(most, t.planes - from);
            Planes padded = new Planes(points, count, fir.y().size(), fir.x().span());
            Place x = ResamplingTasks.moved(at.in(0), from * t.pixels);
            int items = Math.toIntExact(count * fir.padded());
            int[] p = t.parameters(items, x, at, points, padded.stride(), from);
            p[14] = fir.x().before();
            tasks.task(
                WarpLoops::points,
                p,
                x.floats(),
                at.in(1).floats(),
                at.in(2).ints(),
                at.in(3).floats(),
                points.floats(),
                Spread.over(items));
            Place y = ResamplingTasks.moved(at.out(0), from * t.pixels);
            fir.all(padded, at.in(3), at.scratch().get(1), y, tasks);
          }
        });
  }

  static OpKernel inputGradient(Node node, boolean gpu) {
    WarpTasks t = new WarpTasks(node);
    FirTasks fir = new FirTasks(t.up(t.image.intDim(3)), t.up(t.image.intDim(2)), false, 1);
    long perPlane = (long) fir.y().outputs() * fir.x().outputs();
    int most = ResamplingTasks.planesAtOnce(t.planes, fir.padded() + fir.between() + perPlane);
    int bands = GridSampleTasks.bands(most, t.image.intDim(2), gpu);
    return new WithScratch(
        List.of(most * fir.padded(), most * fir.between(), most * perPlane),
        (at, tasks) -> {
          Place points = at.scratch().get(2);
          for (int from = 0; from < t.planes; from += most) {
            int count = Math.min(most, t.planes - from);
            Place y = ResamplingTasks.moved(at.in(0), from * t.pixels);
            Planes padded = fir.pad(y, count, at.scratch().get(0), tasks);
            fir.all(padded, at.in(3), at.scratch().get(1), points, tasks);
            Place x = ResamplingTasks.moved(at.out(0), from * t.pixels);
            int[] p = t.parameters(count * bands, x, at, points, fir.x().outputs(), from);
            p[15] = bands;
            tasks.task(
                WarpLoops::pixels,
                p,
                points.floats(),
                at.in(1).floats(),
                at.in(2).ints(),
                at.in(3).floats(),
                x.floats(),
                Spread.over(p[0]));
          }
        });
  }
}
