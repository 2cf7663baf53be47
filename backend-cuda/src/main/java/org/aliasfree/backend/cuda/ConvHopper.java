package org.aliasfree.backend.cuda;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the kernels of kernels_sm90a.cu computes a part of a convolution, and how it walks over
 * a plane: in strips that are laid one below the other (conv_hopper.cuh).
 *
 * @param strip columns of a strip
 * @param pixels of a row of the input that are loaded at once
 * @param patchRows of the input that a tile needs
 * @param length rows of a strip with those that its taps reach beyond it
 * @param tiles of a plane
 */
record ConvHopper(
    Size size, int strip, int pixels, int patchRows, int patchColumns, int length, int tiles) {
  private static final int HEADER = 256; // these are as in conv_hopper.cuh
  private static final int STAGES = 4;
  private static final int UNITS = 8;
  static final int UNIT_BYTES = 16;

  private static final int PIECE = 8; // neighbours that are one piece of a matrix
  private static final int MOST_SHARED = 227 << 10; // of a block of compute capability 9.0
  private static final int MOST_SHARED_STYLES = 16 << 10;

  /** Sizes of blocks, pixels and output channels, as in kernels_sm90a.cu. */
  enum Size {
    P256_C128(256, 128),
    P256_C112(256, 112),
    P256_C96(256, 96),
    P256_C64(256, 64),
    P128_C128(128, 128),
    P128_C64(128, 64);

    final int pixels;
    final int channels;

    Size(int pixels, int channels) {
      this.pixels = pixels;
      this.channels = channels;
    }

    String kernel() {
      return "conv_hopper_" + pixels + "_" + channels + "_f16";
    }
  }

  /** Bytes of a unit of the patch, so long that neighbouring units lie in different banks. */
  int planeBytes() {
    return Math.ceilDiv(patchRows * patchColumns * UNIT_BYTES, 128) * 128 + UNIT_BYTES;
  }

  /** Bytes of shared memory, without styles. */
  int sharedBytes() {
    return HEADER + STAGES * size.channels * UNITS * UNIT_BYTES + 2 * UNITS * planeBytes();
  }

  /** Whether there is enough shared memory. */
  boolean fits() {
    return sharedBytes() + MOST_SHARED_STYLES <= MOST_SHARED;
  }

  /** Loads of a row of the patch. */
  int loadsOfRow() {
    return patchColumns / pixels;
  }

  /** What blocks compute: tiles of all planes for each block of output channels. */
  long items(int outputs, long planes) {
    return planes * tiles * Math.ceilDiv(outputs, size.channels);
  }

  /** How many pixels of a row can be loaded at once: what their places are multiples of. */
  static int pixels(ConvTaps part, int width) {
    if (width % PIECE == 0 && part.originX() % PIECE == 0 && part.tapColumns() == 1) {
      return PIECE;
    }
    return width % 2 == 0 && part.originX() % 2 == 0 ? 2 : 1;
  }

  /**
   * The tile with the least estimate; null if none fits into shared memory. All give the same bits.
   *
   * @param pixels that can be loaded at once
   */
  static @Nullable ConvHopper of(
      ConvTaps part, int pixels, int outputs, int inputs, long planes, int multiprocessors) {
    ConvHopper best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Size size : Size.values()) {
      for (int strip : List.of(8, 16, 32)) {
        if (size.pixels / PIECE % strip == 0) {
          ConvHopper tile = of(size, strip, part, pixels);
          double cost = tile.cost(part, outputs, inputs, planes, multiprocessors);
          if (tile.fits() && cost < least) {
            least = cost;
            best = tile;
          }
        }
      }
    }
    return inputs * Float.BYTES > MOST_SHARED_STYLES ? null : best;
  }

  /** A tile of this size, which may be too large. */
  static ConvHopper of(Size size, int strip, ConvTaps part, int pixels) {
    int length = part.rows() + part.tapRows() - 1;
    int strips = Math.ceilDiv(part.columns(), strip);
    int rows = size.pixels / strip;
    int patchColumns = strip + part.tapColumns() - 1;
    return new ConvHopper(
        size,
        strip,
        pixels,
        rows + part.tapRows() - 1,
        Math.ceilDiv(patchColumns, pixels) * pixels,
        length,
        Math.ceilDiv(strips * length - part.tapRows() + 1, rows));
  }

  /**
   * Estimate of the cycles that this takes, as nobody has measured it. For each item the longest of
   * three: the tensor cores at nine tenths of their speed, weights that come at 24 bytes a cycle, x
   * that three warps stage. Then sums are stored.
   */
  double cost(ConvTaps part, int outputs, int inputs, long planes, int multiprocessors) {
    int steps = Math.ceilDiv(inputs, 16);
    double stages = (double) part.taps().size() * steps / 4;
    double products = stages * size.pixels * size.channels / 32 / 0.9;
    double weights = stages * size.channels * UNITS * UNIT_BYTES / 24;
    double staged = (double) patchRows * patchColumns * steps * 16;
    double item =
        Math.max(Math.max(products, weights), staged * (pixels == 1 ? 0.25 : 0.12))
            + 0.02 * staged
            + 0.05 * size.pixels * size.channels;
    return item * Math.ceilDiv(items(outputs, planes), (long) multiprocessors) + 2000;
  }
}
