package org.aliasfree.backend.cuda;

import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Which of the kernels of conv_tile.cu computes a part of a convolution, and in what rectangles.
 *
 * @param pairs whether two neighbouring elements of f16 are fetched at once
 * @param rows of outputs that a block computes
 * @param patchRows of the input that a block needs for them
 */
record ConvTile(
    Size size,
    String kernel,
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
  private static final int MULTIPROCESSORS = 132; // of the devices that tiles are chosen for

  /** Sizes of blocks, as in conv_tile.cu. */
  enum Size {
    LARGE("conv_large", 128, 128, 2, 1),
    WIDE("conv_wide", 64, 256, 2, 1),
    WIDE_48("conv_wide48", 48, 256, 2, 1.15),
    WIDE_32("conv_wide32", 32, 256, 3, 1.4),
    SMALL("conv_small", 64, 64, 4, 1.8),
    NARROW("conv_narrow", 16, 256, 3, 2.4);

    final String kernel;
    final int channels;
    final int pixels;
    final int resident; // blocks that a multiprocessor holds
    final double price; // of a product, for the fragments that have to be loaded for it

    Size(String kernel, int channels, int pixels, int resident, double price) {
      this.kernel = kernel;
      this.channels = channels;
      this.pixels = pixels;
      this.resident = resident;
      this.price = price;
    }

    /** Estimate of what a block costs, its products and what it fetches. */
    double work(ConvTaps part, int patchPixels) {
      int taps = Math.max(1, part.taps().size());
      return price * channels / LARGE.channels * pixels * taps + 0.3 * patchPixels;
    }

    /** Estimate of what this number of blocks costs: few blocks leave multiprocessors idle. */
    double work(double block, long blocks) {
      long each = Math.ceilDiv(blocks, (long) MULTIPROCESSORS);
      return each * block / Math.pow(Math.min(each, resident) / (double) resident, 0.75);
    }
  }

  /** Output channels of a block. */
  int channels() {
    return size.channels;
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
    ConvTile best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Size size : Size.values()) {
      ConvTile tile = of(size, part, type, pairs);
      if (tile != null) {
        double work = tile.work(part, outputs, planes);
        if (work < least) {
          least = work;
          best = tile;
        }
      }
    }
    return best;
  }

  private static @Nullable ConvTile of(Size size, ConvTaps part, DType type, boolean pairs) {
    ConvTile best = null;
    for (int columns = 1; columns <= Math.min(part.columns(), size.pixels); columns++) {
      ConvTile tile = of(size, part, type, pairs, columns);
      if (tile != null
          && (best == null || tile.tiles() * tile.work(part) < best.tiles() * best.work(part))) {
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
            size,
            size.kernel + (type == DType.F32 ? "_f32" : pairs ? "_f16_pairs" : "_f16"),
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

  /** Estimate of what a part costs. */
  double work(ConvTaps part, int outputs, long planes) {
    long blocks = planes * tiles() * Math.ceilDiv(outputs, size.channels);
    return size.work(work(part), blocks);
  }

  private double work(ConvTaps part) {
    return size.work(part, patchRows * patchColumns);
  }
}
