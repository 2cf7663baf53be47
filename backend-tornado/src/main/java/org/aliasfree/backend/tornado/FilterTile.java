package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.FilterTiles;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.tensor.Shape;

/**
 * Size of a tile of {@link FilterTiles}: its outputs, the samples at the high rate under them, and
 * the pixels of the image under these.
 *
 * @param width in outputs; height alike
 */
record FilterTile(
    int width, int height, int highColumns, int highRows, int imageColumns, int imageRows) {

  /** Most outputs along one side that are tried. */
  private static final int LARGEST = 64;

  /** The tile that fits into local memory and makes y with the least work. */
  static FilterTile best(FilteredActivation a, Shape y, int extraX, int extraY, boolean flat) {
    int step = a.down() == 4 ? 2 : 4;
    FilterTile best = of(a, step, step, extraX, extraY);
    for (int h = step; h <= LARGEST; h += step) {
      for (int w = step; w <= LARGEST; w += step) {
        FilterTile tile = of(a, w, h, extraX, extraY);
        if (tile.fits() && tile.work(a, y, flat) < best.work(a, y, flat)) {
          best = tile;
        }
      }
    }
    return best;
  }

  private static FilterTile of(FilteredActivation a, int w, int h, int extraX, int extraY) {
    int columns = extraX + (w + 6) * a.down() - 1;
    int rows = extraY + (h + 6) * a.down() - 1;
    int perChunk = 8 / a.up();
    return new FilterTile(
        w,
        h,
        columns,
        rows,
        Math.ceilDiv(columns, 8) * perChunk + 5,
        Math.ceilDiv(rows, 8) * perChunk + 5);
  }

  private static int odd(int n) {
    return n | 1;
  }

  private boolean fits() {
    int high = Math.max(highRows * odd(highColumns), imageRows * odd(imageColumns));
    int line = Math.max(imageRows * odd(highColumns), highRows * odd(width));
    int codes = Math.ceilDiv(highRows, 8) * highColumns;
    return high <= FilterTiles.HIGH && line <= FilterTiles.LINE && codes <= FilterTiles.CODES;
  }

  /** Multiply-adds for all of a channel, and a little for each sample. */
  private long work(FilteredActivation a, Shape y, boolean flat) {
    long up = 8L * (imageRows + highRows) * highColumns;
    int taps = 6 * a.down() + 2;
    long down =
        flat ? (long) taps * taps * width * height : (long) taps * (highRows + height) * width;
    return count(y) * (up + down + 2L * imageRows * imageColumns);
  }

  /** Tiles along an axis. */
  int along(long outputs, int size) {
    return Math.toIntExact(Math.ceilDiv(outputs, size));
  }

  /** Tiles of a channel. */
  long count(Shape y) {
    return (long) along(y.dim(3), width) * along(y.dim(2), height);
  }
}
