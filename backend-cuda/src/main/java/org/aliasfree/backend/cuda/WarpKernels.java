package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * Affine warps: values at the sampled points from the pixels, then down-sampling; and the adjoints
 * in the reverse order, which go by way of the up-sampled image. Only the device knows the margins,
 * so that image has room for the widest.
 */
final class WarpKernels {
  private final Shape image;
  private final DType dtype;
  private final int taps;
  private final int height;
  private final int width;

  private WarpKernels(Node node) {
    image = node.inputs().getFirst().type().shape();
    dtype = node.inputs().getFirst().type().dtype();
    taps = node.inputs().get(3).type().shape().intDim(0);
    height = image.intDim(2);
    width = image.intDim(3);
  }

  /** Sampled points along an axis. */
  private int points(int size) {
    return 2 * (size + 2 * (taps / 4));
  }

  /** The first point under the filter of the first output. */
  private int first() {
    return 2 * (taps / 4) - (taps - 1) / 2;
  }

  private long pointsOfPlane() {
    return (long) points(height) * points(width);
  }

  private FirAxis down(int size) {
    return new FirAxis(1, 2, -first(), taps, points(size), size);
  }

  private FirAxis up(int size) {
    return new FirAxis(2, 1, first() + taps - 1, taps, size, points(size));
  }

  /** Samples that the up-sampled image has at most, along an axis. */
  private static long room(long size) {
    return 6 * size - 4;
  }

  private Arguments arguments(
      Operands at, long x, long points, long samples, long lines, long firstImage, long images) {
    return new Arguments()
        .address(x)
        .address(points)
        .address(samples)
        .address(lines)
        .address(at.in(1))
        .address(at.in(2))
        .address(at.in(3))
        .int32(taps)
        .type(dtype)
        .int32(firstImage)
        .int32(images)
        .int32(image.dim(1))
        .int32(height)
        .int32(width)
        .int32(points(height))
        .int32(points(width));
  }

  private long place(long tensor, long firstImage) {
    return tensor + firstImage * image.dim(1) * height * width * dtype.bytes();
  }

  private Fir.Planes planes(long address, DType type, long images) {
    return new Fir.Planes(address, type, Math.toIntExact(images * image.dim(1)));
  }

  static OpKernel warp(Node node) {
    WarpKernels w = new WarpKernels(node);
    long channels = w.image.dim(1);
    Fir down = new Fir(w.down(w.width), w.down(w.height), true, true, 1);
    long points = channels * w.pointsOfPlane();
    long between = channels * down.between();
    int most = WithScratch.atOnce(w.image.dim(0), points + between);
    return new WithScratch(
        List.of(most * points * Float.BYTES, most * between * Float.BYTES),
        (at, launches) -> {
          long pointsAt = at.scratch().get(0);
          for (long from = 0; from < w.image.dim(0); from += most) {
            long count = Math.min(most, w.image.dim(0) - from);
            Arguments a = w.arguments(at, w.place(at.in(0), from), pointsAt, 0, 0, from, count);
            Fir.overPlanes("warp_points", w.pointsOfPlane(), count, a, launches);
            long y = w.place(at.out(0), from);
            Fir.Planes made = w.planes(pointsAt, DType.F32, count);
            down.launch(made, at.in(3), at.scratch().get(1), y, w.dtype, launches);
          }
        });
  }

  static OpKernel inputGradient(Node node) {
    WarpKernels w = new WarpKernels(node);
    long channels = w.image.dim(1);
    Fir up = new Fir(w.up(w.width), w.up(w.height), true, false, 1);
    long points = channels * w.pointsOfPlane();
    long samples = channels * room(w.height) * room(w.width);
    long lines = Math.max(channels * room(w.height) * w.width, channels * up.between());
    int most = WithScratch.atOnce(w.image.dim(0), points + samples + lines);
    return new WithScratch(
        List.of(
            most * points * Float.BYTES, most * samples * Float.BYTES, most * lines * Float.BYTES),
        (at, launches) -> {
          long pointsAt = at.scratch().get(0);
          long linesAt = at.scratch().get(2);
          for (long from = 0; from < w.image.dim(0); from += most) {
            long count = Math.min(most, w.image.dim(0) - from);
            Fir.Planes dy = w.planes(w.place(at.in(0), from), w.dtype, count);
            up.launch(dy, at.in(3), linesAt, pointsAt, DType.F32, launches);
            Arguments a =
                w.arguments(
                    at,
                    w.place(at.out(0), from),
                    pointsAt,
                    at.scratch().get(1),
                    linesAt,
                    from,
                    count);
            long room = room(w.height) * room(w.width);
            long groups = count * Math.ceilDiv(channels, 4);
            Fir.overPlanes("warp_samples", room, groups, a, launches);
            long planes = count * channels;
            long rows = room(w.height) * w.width;
            Fir.overPlanes("warp_back_along_x", rows, planes, a, launches);
            long pixels = (long) w.height * w.width;
            Fir.overPlanes("warp_back_along_y", pixels, planes, a, launches);
          }
        });
  }
}
