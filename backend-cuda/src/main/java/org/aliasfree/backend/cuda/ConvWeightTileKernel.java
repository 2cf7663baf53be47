package org.aliasfree.backend.cuda;

import java.util.List;
import java.util.Optional;
import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * The adjoint of a convolution in its weight, on tensor cores (conv_weight.cuh).
 *
 * @param joined whether the rows of a plane are joined to one
 * @param tile in what rectangles a plane is walked over
 */
record ConvWeightTileKernel(ConvShape shape, ConvTaps taps, boolean joined, Tile tile)
    implements OpKernel {
  private static final int MOST_TAPS = 64; // as in conv_tile.cuh
  private static final int PIXEL_BYTES = 80;
  private static final int ROWS = 64; // as in conv_weight.cuh
  private static final int ROW_BYTES = 144;
  private static final int MOST_JOBS = 20;
  private static final int TILE_BYTES = 128;
  private static final int LEAST_WORK = 64;
  private static final int MOST_SHARED = 96 << 10;
  private static final int ENOUGH_BLOCKS = 264; // two for each multiprocessor of a large device
  private static final int LEAST_TILES = 8; // of a share
  private static final int MOST_SHARES = 64;

  /**
   * Rectangles of outputs, and what a block computes of the weight.
   *
   * @param chunks blocks of input channels at once
   * @param tapsAtOnce taps at once
   */
  private record Tile(
      boolean pairs,
      int rows,
      int columns,
      int patchRows,
      int patchColumns,
      int tilesDown,
      int tilesAcross,
      int chunks,
      int tapsAtOnce) {
    int count() {
      return tilesDown * tilesAcross;
    }

    long work() {
      return (long) count() * (TILE_BYTES * 4 + patchRows * patchColumns);
    }
  }

  /** The kernel; none where tensor cores do not suit the shape. */
  static Optional<OpKernel> of(ConvShape shape) {
    if ((long) shape.groupInputs() * shape.groupOutputs() < LEAST_WORK
        || shape.taps() > MOST_TAPS
        || shape.images() == 0) {
      return Optional.empty();
    }
    ConvTaps walk = ConvTaps.convolution(shape);
    boolean joined = walk.isPointwise(shape.height(), shape.width());
    ConvTaps taps = joined ? walk.joined() : walk;
    int width = joined ? shape.height() * shape.width() : shape.width();
    boolean pairs =
        ConvTile.canPair(shape.type(), width) && ConvTile.canPair(shape.type(), taps.columns());
    ConvTaps even = pairs && taps.originX() % 2 != 0 ? taps.widened() : taps;
    Tile tile = best(shape, even, pairs);
    if (tile == null && pairs) {
      even = taps;
      tile = best(shape, even, false);
    }
    return tile == null
        ? Optional.empty()
        : Optional.of(new ConvWeightTileKernel(shape, even, joined, tile));
  }

  private static @Nullable Tile best(ConvShape shape, ConvTaps taps, boolean pairs) {
    Tile best = null;
    int pixels = TILE_BYTES / shape.type().bytes();
    for (int columns = pairs ? 2 : 1;
        columns <= Math.min(taps.columns(), pixels);
        columns += pairs ? 2 : 1) {
      Tile tile = tile(shape, taps, pairs, pixels, columns);
      if (tile != null && (best == null || tile.work() < best.work())) {
        best = tile;
      }
    }
    return best;
  }

  private static @Nullable Tile tile(
      ConvShape shape, ConvTaps taps, boolean pairs, int pixels, int columns) {
    boolean half = shape.type() == DType.F16;
    int most = Math.min(taps.rows(), pixels / columns);
    int rows = Math.ceilDiv(taps.rows(), Math.ceilDiv(taps.rows(), most));
    int patchRows = (rows - 1) * taps.strideY() + taps.tapRows();
    int exact = (columns - 1) * taps.strideX() + taps.tapColumns();
    int patchColumns = exact + (pairs ? exact % 2 : 0);
    int jobs = half ? 2 : 1; // of a patch and a tap
    int chunks =
        Math.clamp(
            MOST_JOBS / (shape.taps() * jobs),
            1,
            Math.min(4, Math.ceilDiv(shape.groupInputs(), half ? 32 : 8)));
    Tile tile =
        new Tile(
            pairs,
            rows,
            columns,
            patchRows,
            patchColumns,
            Math.ceilDiv(taps.rows(), rows),
            Math.ceilDiv(taps.columns(), columns),
            chunks,
            Math.min(shape.taps(), MOST_JOBS / (chunks * jobs)));
    long portions = (long) patchRows * patchColumns / (pairs ? 2 : 1);
    return sharedBytes(tile, half) <= MOST_SHARED
            && (half ? 4L : 2L) * chunks * portions * portions < 1 << 20
        ? tile
        : null;
  }

  private static int sharedBytes(Tile tile, boolean half) {
    int y = (half ? 1 : 2) * ROWS * ROW_BYTES;
    int x = tile.chunks * tile.patchRows * tile.patchColumns * PIXEL_BYTES;
    return TILE_BYTES / (half ? 2 : 4) * Integer.BYTES + 2 * (x + y);
  }

  private boolean half() {
    return shape.type() == DType.F16;
  }

  private long blocks() {
    int channels = (half() ? 32 : 8) * tile.chunks;
    return (long) shape.geometry().groups()
        * Math.ceilDiv(shape.groupOutputs(), ROWS)
        * Math.ceilDiv(shape.groupInputs(), channels)
        * Math.ceilDiv(shape.taps(), tile.tapsAtOnce);
  }

  /** Tiles of all images that one block walks over. */
  private int tilesOfShare() {
    long tiles = (long) tile.count() * shape.images();
    long shares = Math.clamp(Math.ceilDiv(ENOUGH_BLOCKS, blocks()), 1, MOST_SHARES);
    return Math.toIntExact(Math.max(Math.min(tiles, LEAST_TILES), Math.ceilDiv(tiles, shares)));
  }

  private int shares() {
    return Math.toIntExact(Math.ceilDiv((long) tile.count() * shape.images(), tilesOfShare()));
  }

  private long elements() {
    return (long) shape.outputs() * shape.groupInputs() * shape.taps();
  }

  @Override
  public List<Long> scratch() {
    return shares() == 1 ? List.of() : List.of(shares() * elements() * Float.BYTES);
  }

  @Override
  public void launch(Operands at, Launches launches) {
    boolean partial = shares() > 1;
    Arguments arguments =
        new Arguments()
            .address(at.in(0))
            .address(at.in(1))
            .address(partial ? at.scratch().getFirst() : at.out(0))
            .int32(partial ? 1 : 0)
            .int32(shape.images())
            .int32(shape.geometry().groups())
            .int32(shape.groupInputs())
            .int32(shape.groupOutputs())
            .int32(joined ? 1 : shape.height())
            .int32(joined ? shape.height() * shape.width() : shape.width())
            .int32(taps.rows())
            .int32(taps.columns())
            .int32(tile.rows)
            .int32(tile.columns)
            .int32(tile.tilesAcross)
            .int32(tile.count())
            .int32(tile.patchRows)
            .int32(tile.patchColumns)
            .int32(taps.strideY())
            .int32(taps.strideX())
            .int32(taps.originY())
            .int32(taps.originX())
            .int32(shape.taps())
            .int32(tile.tapsAtOnce)
            .int32(tile.chunks)
            .int32(tilesOfShare())
            .int32s(MOST_TAPS, taps.offsets(tile.patchColumns));
    launches.launch(
        half() ? tile.pairs ? "conv_weight_f16_pairs" : "conv_weight_f16" : "conv_weight_f32",
        blocks(),
        1,
        shares(),
        128,
        sharedBytes(tile, half()),
        arguments);
    if (partial) {
      launches.forEach(
          "conv_weight_sum",
          elements(),
          new Arguments()
              .address(at.scratch().getFirst())
              .address(at.out(0))
              .int64(elements())
              .int32(shares())
              .type(shape.type()));
    }
  }
}
