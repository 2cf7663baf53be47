package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.tensor.DType;

/**
 * A convolution, or its adjoint in the input, on tensor cores (conv_tile.cuh).
 *
 * @param shape of the convolution
 * @param adjoint whether its adjoint is computed
 * @param modulated whether styles and scales are the third and fourth input
 */
record ConvTileKernel(ConvShape shape, boolean adjoint, boolean modulated, List<Part> parts)
    implements OpKernel {
  private static final int MOST_TAPS = 64; // as in conv_tile.cuh
  private static final int LEAST_WORK = 64;
  private static final int MOST_PLANES = 65535; // blocks along z
  private static final int LANES = 64; // fragments of 16 bytes: 32 lanes, two halves of a step

  /** A part of the result with the rectangles that it is computed in. */
  private record Part(ConvTaps taps, ConvTile tile, boolean joined) {}

  /** What tells packed weights apart. */
  private record PackedWeight(
      boolean half, boolean scaled, boolean transposed, int groups, List<Integer> taps) {}

  /** The kernel; none where tensor cores do not suit the shape. */
  static Optional<OpKernel> of(ConvShape shape, boolean adjoint, boolean modulated) {
    if (!suits(shape)) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    long planes = (long) shape.images() * shape.geometry().groups();
    for (ConvTaps taps : ConvTaps.of(shape, adjoint)) {
      Optional<Part> part = part(shape, adjoint, taps, planes);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(new ConvTileKernel(shape, adjoint, modulated, List.copyOf(parts)));
  }

  /** Whether there are channels enough. The same for every number of images. */
  static boolean suits(ConvShape s) {
    return (long) s.groupInputs() * s.groupOutputs() >= LEAST_WORK && s.taps() <= MOST_TAPS;
  }

  /**
   * Estimate of the cycles that one image takes on a large device, infinite where there is no such
   * kernel: what the tensor cores of compute capability 9.0 need at six tenths of their speed,
   * which is what {@code mma} reaches there.
   */
  static double cost(ConvShape shape, boolean adjoint) {
    double cost = 0;
    int groups = shape.geometry().groups();
    for (ConvTaps taps : ConvTaps.of(shape, adjoint)) {
      Optional<Part> part = part(shape, adjoint, taps, groups);
      if (part.isEmpty()) {
        return Double.POSITIVE_INFINITY;
      }
      ConvTile tile = part.get().tile;
      cost += tile.work(part.get().taps, shape.results(adjoint), groups);
    }
    return cost * shape.terms(adjoint) / 16 / 0.6;
  }

  private static Optional<Part> part(ConvShape s, boolean adjoint, ConvTaps taps, long planes) {
    int height = adjoint ? s.outHeight() : s.height();
    int width = adjoint ? s.outWidth() : s.width();
    boolean joined = taps.isPointwise(height, width);
    ConvTaps walk = joined ? taps.joined() : taps;
    boolean pairs = ConvTile.canPair(s.type(), joined ? height * width : width);
    ConvTaps even = pairs && walk.originX() % 2 != 0 ? walk.widened() : walk;
    int outputs = s.results(adjoint);
    int inputs = s.terms(adjoint);
    ConvTile tile = ConvTile.of(even, s.type(), pairs, outputs, inputs, planes);
    if (tile == null && pairs) {
      tile = ConvTile.of(walk, s.type(), false, outputs, inputs, planes);
      even = walk;
    }
    return tile == null ? Optional.empty() : Optional.of(new Part(even, tile, joined));
  }

  private int inputs() {
    return shape.terms(adjoint);
  }

  private int outputs() {
    return shape.results(adjoint);
  }

  private boolean half() {
    return shape.type() == DType.F16;
  }

  /** Whether f32 weights are rounded to f16, scaled so that none is lost. */
  private boolean scaled() {
    return half() && shape.weightType() == DType.F32;
  }

  private int chunks(Part part) {
    return part.taps.taps().isEmpty() ? 0 : Math.ceilDiv(inputs(), half() ? 32 : 8);
  }

  private long fragments(Part part) {
    return (long) shape.geometry().groups()
        * Math.ceilDiv(outputs(), 16)
        * chunks(part)
        * part.taps.taps().size()
        * LANES;
  }

  private long scaleBytes() {
    return scaled() ? (long) shape.geometry().groups() * outputs() * Float.BYTES : 0;
  }

  @Override
  public List<Packing> packings() {
    return parts.stream().map(this::packing).toList();
  }

  private Packing packing(Part part) {
    List<Integer> taps = part.taps.taps().stream().map(ConvTaps.Tap::index).toList();
    long fragments = fragments(part);
    long bytes = Math.max(16, fragments * 16 + scaleBytes());
    return new Packing(
        1,
        new PackedWeight(half(), scaled(), adjoint, shape.geometry().groups(), taps),
        bytes,
        (tensor, packed, launches) -> {
          Arguments arguments =
              new Arguments()
                  .address(tensor)
                  .address(packed)
                  .address(scaled() ? packed + fragments * 16 : 0)
                  .type(shape.weightType())
                  .int32(half() ? 1 : 0)
                  .int32(shape.geometry().groups())
                  .int32(inputs())
                  .int32(outputs())
                  .int32(adjoint ? 1 : 0)
                  .int32(shape.taps())
                  .int32(taps.size())
                  .int32(chunks(part))
                  .int32s(MOST_TAPS, taps.stream().mapToLong(Integer::longValue).toArray());
          if (scaled()) {
            long channels = (long) shape.geometry().groups() * outputs();
            launches.launch(
                "conv_pack_scales", Math.ceilDiv(channels, 8L), 1, 1, 256, 0, arguments);
          }
          launches.forEach("conv_pack", fragments, arguments);
        });
  }

  @Override
  public void launch(Operands at, Launches launches) {
    for (int i = 0; i < parts.size(); i++) {
      launch(parts.get(i), Objects.requireNonNull(at.packed().get(i)), at, launches);
    }
  }

  private void launch(Part part, long packed, Operands at, Launches launches) {
    ConvTaps taps = part.taps;
    ConvTile tile = part.tile;
    int height = adjoint ? shape.outHeight() : shape.height();
    int width = adjoint ? shape.outWidth() : shape.width();
    int resultHeight = adjoint ? shape.height() : shape.outHeight();
    int resultWidth = adjoint ? shape.width() : shape.outWidth();
    long planes = (long) shape.images() * shape.geometry().groups();
    Arguments arguments =
        new Arguments()
            .address(at.in(0))
            .address(packed)
            .address(at.out(0))
            .address(modulated ? at.in(2) : 0)
            .address(modulated ? at.in(3) : 0)
            .address(scaled() ? packed + fragments(part) * 16 : 0)
            .type(shape.weightType())
            .int32(shape.images())
            .int32(shape.geometry().groups())
            .int32(inputs())
            .int32(outputs())
            .int32(part.joined ? 1 : height)
            .int32(part.joined ? height * width : width)
            .int32(part.joined ? 1 : resultHeight)
            .int32(part.joined ? resultHeight * resultWidth : resultWidth)
            .int32(taps.rows())
            .int32(taps.columns())
            .int32(taps.row())
            .int32(taps.column())
            .int32(taps.rowStep())
            .int32(taps.columnStep())
            .int32(tile.rows())
            .int32(tile.columns())
            .int32(tile.tilesAcross())
            .int32(tile.tiles())
            .int32(tile.patchRows())
            .int32(tile.patchColumns())
            .int32(taps.strideY())
            .int32(taps.strideX())
            .int32(taps.originY())
            .int32(taps.originX())
            .int32(taps.taps().size())
            .int32(chunks(part))
            .int32s(MOST_TAPS, taps.offsets(tile.patchColumns()));
    launches.launch(
        tile.kernel(),
        (long) Math.ceilDiv(outputs(), tile.channels()) * tile.tiles(),
        1,
        Math.min(planes, MOST_PLANES),
        128,
        tile.patchBytes() + (modulated ? chunks(part) * (half() ? 32 : 8) * Float.BYTES : 0),
        arguments);
  }
}
