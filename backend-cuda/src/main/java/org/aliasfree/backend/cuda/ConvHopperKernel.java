package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.tensor.DType;

/**
 * A convolution without stride, or the adjoint of any, on Hopper's tensor cores (conv_hopper.cuh).
 *
 * @param adjoint whether its adjoint is computed
 * @param modulated whether styles and scales are the third and fourth input
 * @param multiprocessors how many blocks are launched at most
 */
record ConvHopperKernel(
    ConvShape shape, boolean adjoint, boolean modulated, List<Part> parts, int multiprocessors)
    implements OpKernel {
  private static final int MOST_TAPS = 64; // as in conv_parts.cuh
  private static final int THREADS = 384; // these are as in conv_hopper.cuh
  private static final int CHUNK = 64;
  private static final int PIECE = 8;
  private static final int PIECE_FRAGMENTS = 64; // 8 channels, 8 units

  /** A part of the result, and how it is walked over. */
  record Part(ConvTaps taps, ConvHopper tile, boolean joined) {}

  /** What tells packed weights apart. */
  private record PackedWeight(boolean scaled, boolean transposed, int groups, List<Integer> taps) {}

  /** The kernel; none where it cannot be, or another is likely to be faster. */
  static Optional<OpKernel> of(ConvShape shape, boolean adjoint, boolean modulated, Target target) {
    if (target.hopper() == Target.Hopper.NOWHERE
        || shape.type() != DType.F16
        || !ConvTileKernel.suits(shape)) {
      return Optional.empty();
    }
    // The choice between kernels is made for one image, so that no image depends on the others.
    double general = ConvTileKernel.cost(shape, adjoint);
    double cost = 0;
    List<Part> parts = new ArrayList<>();
    for (ConvTaps taps : ConvTaps.of(shape, adjoint)) {
      if (taps.taps().isEmpty() || taps.strideX() != 1 || taps.strideY() != 1) {
        return Optional.empty();
      }
      long planes = (long) shape.images() * shape.geometry().groups();
      Optional<Part> one =
          part(shape, adjoint, taps, shape.geometry().groups(), target.multiprocessors());
      Optional<Part> all = part(shape, adjoint, taps, planes, target.multiprocessors());
      if (one.isEmpty() || all.isEmpty()) {
        return Optional.empty();
      }
      Part p = one.get();
      cost +=
          p.tile.cost(
              p.taps,
              shape.results(adjoint),
              shape.terms(adjoint),
              shape.geometry().groups(),
              target.multiprocessors());
      parts.add(all.get());
    }
    return target.hopper() == Target.Hopper.WHERE_FASTER && cost >= general
        ? Optional.empty()
        : Optional.of(
            new ConvHopperKernel(
                shape, adjoint, modulated, List.copyOf(parts), target.multiprocessors()));
  }

  private static Optional<Part> part(
      ConvShape s, boolean adjoint, ConvTaps taps, long planes, int multiprocessors) {
    int height = adjoint ? s.outHeight() : s.height();
    int width = adjoint ? s.outWidth() : s.width();
    boolean joined = taps.isPointwise(height, width);
    ConvTaps walk = joined ? taps.joined() : taps;
    int across = joined ? height * width : width;
    ConvTaps even = across % 2 == 0 && walk.originX() % 2 != 0 ? walk.widened() : walk;
    return Optional.ofNullable(
            ConvHopper.of(
                even,
                ConvHopper.pixels(even, across),
                s.results(adjoint),
                s.terms(adjoint),
                planes,
                multiprocessors))
        .map(tile -> new Part(even, tile, joined));
  }

  /** This kernel with all parts in blocks of one size, for trials; none if one does not fit. */
  Optional<ConvHopperKernel> in(ConvHopper.Size size) {
    List<Part> same = new ArrayList<>();
    for (Part part : parts) {
      ConvHopper tile = ConvHopper.of(size, part.tile.strip(), part.taps, part.tile.pixels());
      if (!tile.fits()) {
        return Optional.empty();
      }
      same.add(new Part(part.taps, tile, part.joined));
    }
    return Optional.of(
        new ConvHopperKernel(shape, adjoint, modulated, List.copyOf(same), multiprocessors));
  }

  private int inputs() {
    return shape.terms(adjoint);
  }

  private int outputs() {
    return shape.results(adjoint);
  }

  /** Whether f32 weights are rounded to f16, scaled so that none is lost. */
  private boolean scaled() {
    return shape.weightType() == DType.F32;
  }

  private int chunks() {
    return Math.ceilDiv(inputs(), CHUNK);
  }

  private long fragments(Part part) {
    return (long) shape.geometry().groups()
        * chunks()
        * part.taps.taps().size()
        * Math.ceilDiv(outputs(), PIECE)
        * PIECE_FRAGMENTS;
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
    return new Packing(
        1,
        new PackedWeight(scaled(), adjoint, shape.geometry().groups(), taps),
        fragments * 16 + scaleBytes(),
        (tensor, packed, launches) -> {
          Arguments arguments =
              new Arguments()
                  .address(tensor)
                  .address(packed)
                  .address(scaled() ? packed + fragments * 16 : 0)
                  .type(shape.weightType())
                  .int32(1)
                  .int32(shape.geometry().groups())
                  .int32(inputs())
                  .int32(outputs())
                  .int32(adjoint ? 1 : 0)
                  .int32(shape.taps())
                  .int32(taps.size())
                  .int32(chunks())
                  .int32s(MOST_TAPS, taps.stream().mapToLong(Integer::longValue).toArray());
          if (scaled()) {
            long channels = (long) shape.geometry().groups() * outputs();
            launches.launch(
                "conv_pack_scales", Math.ceilDiv(channels, 8L), 1, 1, 256, 0, arguments);
          }
          launches.forEach("conv_pack_units", fragments, arguments);
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
    ConvHopper tile = part.tile;
    int height = adjoint ? shape.outHeight() : shape.height();
    int width = adjoint ? shape.outWidth() : shape.width();
    int resultHeight = adjoint ? shape.height() : shape.outHeight();
    int resultWidth = adjoint ? shape.width() : shape.outWidth();
    long items = tile.items(outputs(), (long) shape.images() * shape.geometry().groups());
    Arguments arguments =
        new Arguments()
            .address(at.in(0))
            .address(packed)
            .address(at.out(0))
            .address(modulated ? at.in(2) : 0)
            .address(modulated ? at.in(3) : 0)
            .address(scaled() ? packed + fragments(part) * 16 : 0)
            .int64(items)
            .type(shape.weightType())
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
            .int32(taps.originY())
            .int32(taps.originX())
            .int32(tile.strip())
            .int32(tile.tiles())
            .int32(tile.patchRows())
            .int32(tile.patchColumns())
            .int32(tile.planeBytes())
            .int32(tile.pixels())
            .int32(taps.taps().size())
            .int32(chunks());
    Divisor.of(tile.length()).addTo(arguments);
    Divisor.of((long) tile.patchRows() * tile.loadsOfRow()).addTo(arguments);
    Divisor.of(tile.loadsOfRow()).addTo(arguments);
    long[] places = taps.offsets(tile.patchColumns());
    for (int i = 0; i < places.length; i++) {
      places[i] *= ConvHopper.UNIT_BYTES;
    }
    arguments.int32s(MOST_TAPS, places);
    launches.launch(
        tile.size().kernel(),
        Math.min(items, multiprocessors),
        1,
        1,
        THREADS,
        tile.sharedBytes() + (modulated ? chunks() * CHUNK * Float.BYTES : 0),
        arguments);
  }
}
