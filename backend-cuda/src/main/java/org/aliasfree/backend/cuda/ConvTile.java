package org.aliasfree.backend.cuda;

import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Which of the kernels of conv_tile.cu computes a part of a convolution, and in what rectangles.
 *
 * @param channels output channels of a block
 * @param pixels of a block, at most
 * @param pairs whether two neighbouring elements of f16 are fetched at once
 * @param rows of outputs that a block computes
 * @param patchRows of the input that a block needs for them
 */
record ConvTile(
    String kernel,
    int channels,
    int pixels,
    boolean pairs,
    int rows,
    int columns,
    int patchRows,
    int patchColumns,
    int tilesDown,
    int tilesAcross) {
  private static final int PIXEL_BYTES = 80; // as in conv_tile.cuh
  private static final int MOST_SHARED = 96 << 10;
  private static final int MOST_SHARED_STYLES = 16 << 10;
  private static final int ENOUGH_BLOCKS = 264; // two for each multiprocessor of a large device

  private enum Size {
    LARGE("conv_large", 128, 128),
    WIDE("conv_wide", 64, 256),
    SMALL("conv_small", 64, 64),
    NARROW("conv_narrow", 16, 256);

    final String kernel;
    final int channels;
    final int pixels;

    Size(String kernel, int channels, int pixels) {
      this.kernel = kernel;
      this.channels = channels;
      this.pixels = pixels;
    }

    int rows(int outputs) {
      return Math.ceilDiv(outputs, channels) * channels;
    }
  }

  /** How many tiles a plane of the part has. */
  int tiles() {
    return tilesDown * tilesAcross;
  }

  /** Bytes of the patches that a block holds. */
  int patchBytes() {
    return 2 * patchRows * patchColumns * PIXEL_BYTES;
  }

  /** Whether the tile computes images of a width that may be fetched in pairs. */
  static boolean canPair(DType type, int width) {
    return type == DType.F16 && width % 2 == 0;
  }

  /**
   * The best tile for a part, whose origin is even where it can be fetched in pairs; null if the
   * kernel's patch would be too large for shared memory. All tiles give the same bits.
   *
   * @param outputs channels of a group
   * @param planes images times groups
   */
  static @Nullable ConvTile of(
      ConvTaps part, DType type, boolean pairs, int outputs, int inputs, long planes) {
    if (inputs * Float.BYTES > MOST_SHARED_STYLES) {
      return null;
    }
    if (outputs <= Size.NARROW.channels) {
      ConvTile narrow = of(Size.NARROW, part, type, pairs);
      return narrow != null ? narrow : of(Size.SMALL, part, type, pairs);
    }
    boolean wide = Size.WIDE.rows(outputs) < Size.LARGE.rows(outputs);
    Size size = wide ? Size.WIDE : Size.LARGE;
    ConvTile large = of(size, part, type, pairs);
    boolean enough =
        large != null
            && planes * large.tiles() * Math.ceilDiv(outputs, size.channels) >= ENOUGH_BLOCKS;
    ConvTile small = enough ? null : of(Size.SMALL, part, type, pairs);
    return small != null ? small : large;
  }

  private static @Nullable ConvTile of(Size size, ConvTaps part, DType type, boolean pairs) {
    ConvTile best = null;
    for (int columns = 1; columns <= Math.min(part.columns(), size.pixels); columns++) {
      ConvTile tile = of(size, part, type, pairs, columns);
      if (tile != null && (best == null || tile.work(part) < best.work(part))) {
        best = tile;
      }
    }
    return best;
  }

  private static @Nullable ConvTile of(
      Size size, ConvTaps part, DType type, boolean pairs, int columns) {
    boolean paired = pairs && (columns == part.columns() || columns * part.strideX() % 2 == 0);
    if (paired != pairs) {
      return null;
    }
    int most = Math.min(part.rows(), size.pixels / columns);
    int rows = Math.ceilDiv(part.rows(), Math.ceilDiv(part.rows(), most));
    int patchColumns = (columns - 1) * part.strideX() + part.tapColumns();
    ConvTile tile =
        new ConvTile(
            size.kernel + (type == DType.F32 ? "_f32" : pairs ? "_f16_pairs" : "_f16"),
            size.channels,
            size.pixels,
            pairs,
            rows,
            columns,
            (rows - 1) * part.strideY() + part.tapRows(),
            patchColumns + (pairs ? patchColumns % 2 : 0),
            Math.ceilDiv(part.rows(), rows),
            Math.ceilDiv(part.columns(), columns));
    return tile.fits(type) ? tile : null;
  }

  /** Within shared memory, and within what {@code SmallDivisor} divides. */
  private boolean fits(DType type) {
    long portions = (long) patchRows * patchColumns / (pairs ? 2 : 1);
    long units = type == DType.F16 ? 4 : 2;
    return patchBytes() <= MOST_SHARED - MOST_SHARED_STYLES
        && units * portions * portions < 1 << 20;
  }

  /** What a plane costs, in products of fragments and fetches of the same price. */
  private double work(ConvTaps part) {
    return (double) tiles()
        * (pixels * (double) Math.max(1, part.taps().size()) + 0.5 * patchRows * patchColumns);
  }
}
