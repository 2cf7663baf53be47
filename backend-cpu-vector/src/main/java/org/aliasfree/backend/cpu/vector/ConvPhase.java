package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * One product of axes: the part of a convolution that is a sum over taps of shifted planes,
 * computed as an implicit matrix product. Output places are numbered flat over a zero-padded image,
 * {@code p = row * pitch + column}, so that a tap is a constant offset from p; a few columns at the
 * end of each row compute nothing that is kept.
 *
 * <p>A block of places [p, p + length) needs of every plane of every channel either one stretch of
 * the padded image, or, where rows are long, one stretch for each distinct row offset of the taps:
 * see {@link #offsets}.
 */
final class ConvPhase {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int LINE = 16;

  final ConvAxis y;
  final ConvAxis x;

  /** Padded columns from one output row to the next. */
  final int pitch;

  /** Places, unused ones included. */
  final int places;

  /** Places a block computes. */
  final int length;

  /** Floats of one channel in a packed block. */
  final int channelFloats;

  private final int[] stretchRows;
  private final int stretch;
  private final int planeFloats;

  ConvPhase(ConvAxis y, ConvAxis x, int length) {
    this.y = y;
    this.x = x;
    this.length = length;
    pitch = x.out + x.reach() - x.sharedZeros();
    places = Math.addExact(Math.multiplyExact(y.out - 1, pitch), x.out);
    int[] rows = Arrays.stream(y.offset).distinct().sorted().toArray();
    int single = length + x.reach();
    long whole = (long) y.reach() * pitch + single;
    boolean one = whole <= (long) rows.length * single;
    stretchRows = one ? new int[] {0} : rows;
    stretch = one ? (int) whole : single;
    planeFloats = stretch * stretchRows.length;
    int floats = planeFloats * y.planes.length * x.planes.length;
    // An odd number of cache lines: channels at a power-of-two distance would share a few cache
    // sets.
    channelFloats = ((floats + LINE - 1) / LINE | 1) * LINE;
  }

  /** The number of taps. */
  int taps() {
    return y.taps() * x.taps();
  }

  /** Whether place p is element p of each channel, of the input as of the output. */
  boolean isFlat() {
    return taps() == 1 && y.isIdentity() && x.isIdentity();
  }

  /** The number of blocks. */
  int blocks() {
    return (places + length - 1) / length;
  }

  /** Place of (channel, tap) pairs in a packed block of {@code channels} channels. */
  int[] offsets(int channels) {
    int[] all = new int[channels * taps()];
    int at = 0;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < y.taps(); i++) {
        int row =
            stretchRows.length == 1
                ? y.offset[i] * pitch
                : Arrays.binarySearch(stretchRows, y.offset[i]) * stretch;
        for (int j = 0; j < x.taps(); j++) {
          int plane = y.plane[i] * x.planes.length + x.plane[j];
          all[at++] = c * channelFloats + plane * planeFloats + row + x.offset[j];
        }
      }
    }
    return all;
  }

  /**
   * Packs what a block needs of one channel.
   *
   * @param from the tensor
   * @param channel byte offset of the channel in it
   * @param place first place of the block
   * @param scale multiplies every value
   * @param to packed floats, the channel's at {@code at}
   */
  void pack(
      MemorySegment from,
      long channel,
      int place,
      float scale,
      float[] to,
      int at,
      Scratch scratch) {
    int next = at;
    for (int by = 0; by < y.planes.length; by++) {
      for (int bx = 0; bx < x.planes.length; bx++) {
        for (int row : stretchRows) {
          fill(from, channel, by, bx, place + row * pitch, to, next, scratch);
          next += stretch;
        }
      }
    }
    if (scale != 1f) {
      for (int i = at; i < next; i++) {
        to[i] *= scale;
      }
    }
  }

  private void fill(
      MemorySegment from,
      long channel,
      int by,
      int bx,
      int place,
      float[] to,
      int at,
      Scratch scratch) {
    int row = place / pitch;
    int column = place % pitch;
    int first = x.first(bx);
    int end = x.end(bx);
    int left = stretch;
    int next = at;
    while (left > 0) {
      int count = Math.min(pitch - column, left);
      long line = (long) y.inStride * row + y.planes[by] - y.pad;
      int lo = Math.clamp((long) first - column, 0, count);
      int hi = Math.clamp((long) end - column, lo, count);
      if (line < 0 || line >= y.in) {
        hi = lo;
      }
      Arrays.fill(to, next, next + lo, 0f);
      if (hi > lo) {
        long start = line * x.in + (long) x.inStride * (column + lo) + x.planes[bx] - x.pad;
        copy(from, channel + start * Float.BYTES, to, next + lo, hi - lo, scratch);
      }
      Arrays.fill(to, next + hi, next + count, 0f);
      next += count;
      left -= count;
      row++;
      column = 0;
    }
  }

  private void copy(
      MemorySegment from, long start, float[] to, int at, int count, Scratch scratch) {
    int stride = x.inStride;
    if (stride == 1) {
      MemorySegment.copy(from, F32, start, to, at, count);
      return;
    }
    int span = (count - 1) * stride + 1;
    float[] line = scratch.floats(ConvWork.LINE, span);
    MemorySegment.copy(from, F32, start, line, 0, span);
    for (int i = 0; i < count; i++) {
      to[at + i] = line[i * stride];
    }
  }

  /**
   * Stores one channel of a computed block.
   *
   * @param sums the block's values by place, first at {@code at}
   * @param place first place of the block
   * @param scale multiplies every value
   * @param to the output tensor of {@code width} columns, its channel at byte offset {@code
   *     channel}
   */
  void store(
      float[] sums, int at, int place, float scale, MemorySegment to, long channel, int width) {
    int last = Math.min(place + length, places);
    if (scale != 1f) {
      for (int i = at; i < at + last - place; i++) {
        sums[i] *= scale;
      }
    }
    int p = place;
    while (p < last) {
      int row = p / pitch;
      int column = p % pitch;
      int count = Math.min(x.out - column, last - p);
      if (count > 0) {
        long line = (long) (y.outStart + row * y.outStride) * width;
        long start = channel + (line + x.outStart + (long) column * x.outStride) * Float.BYTES;
        if (x.outStride == 1) {
          MemorySegment.copy(sums, at + p - place, to, F32, start, count);
        } else {
          scatter(sums, at + p - place, to, start, count);
        }
      }
      p += pitch - column;
    }
  }

  private void scatter(float[] sums, int at, MemorySegment to, long start, int count) {
    long step = (long) x.outStride * Float.BYTES;
    for (int i = 0; i < count; i++) {
      to.set(F32, start + i * step, sums[at + i]);
    }
  }
}
