package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.tensor.HostTensor;

/**
 * Bilinear sampling of [N, C, H, W] at the points of a grid [N, h, w, 2] (x, y in −1 … 1, where ±1
 * are the outer edges of the border pixels), zeros outside: pixel = ((g + 1)·size − 1) / 2.
 */
final class GridSample {
  private final int channels;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final MemorySegment grid;
  private final long batch;

  /**
   * @param grid points, [batch, outHeight, outWidth, 2]
   */
  GridSample(
      long batch,
      int channels,
      int height,
      int width,
      int outHeight,
      int outWidth,
      MemorySegment grid) {
    this.batch = batch;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    this.grid = grid;
  }

  /** y [N, C, h, w] = x [N, C, H, W] at the points. */
  Work forward(MemorySegment x, MemorySegment y) {
    return new PlaneWork() {
      @Override
      void plane(long plane, Scratch scratch) {
        sample(x, y, plane, scratch);
      }
    };
  }

  /**
   * The adjoint: dx [N, C, H, W] from dy [N, C, h, w]. The points are passed in order, so sums have
   * one order.
   */
  Work backward(MemorySegment dy, MemorySegment dx) {
    return new PlaneWork() {
      @Override
      void plane(long plane, Scratch scratch) {
        spread(dy, dx, plane, scratch);
      }
    };
  }

  /** A task is a plane. */
  private abstract class PlaneWork implements Work {
    abstract void plane(long plane, Scratch scratch);

    @Override
    public int tasks(int stage) {
      return Math.toIntExact(batch * channels);
    }

    @Override
    public void run(int stage, int task, Scratch scratch) {
      plane(task, scratch);
    }
  }

  /**
   * The four weights of a point go to {@code s[0..3]}; returns its upper left pixel as (row + 1)·(W
   * + 2) + column + 1.
   */
  private int corners(long image, int point, float[] s) {
    long at = 8 * (image * outHeight * outWidth + point);
    float px = ((grid.get(HostTensor.F32, at) + 1) * width - 1) / 2;
    float py = ((grid.get(HostTensor.F32, at + 4) + 1) * height - 1) / 2;
    // Points beyond one pixel outside see only zeros; so do points that are not a number.
    if (!(px > -1 && px < width && py > -1 && py < height)) {
      return -1;
    }
    int x = (int) Math.floor(px);
    int y = (int) Math.floor(py);
    float fx = px - x;
    float fy = py - y;
    s[0] = (1 - fy) * (1 - fx);
    s[1] = (1 - fy) * fx;
    s[2] = fy * (1 - fx);
    s[3] = fy * fx;
    return (y + 1) * (width + 2) + x + 1;
  }

  private void sample(MemorySegment x, MemorySegment y, long plane, Scratch scratch) {
    int stride = width + 2;
    float[] w = scratch.floats(1, 4);
    // The plane with a border of zeros.
    float[] s = scratch.floats(0, stride * (height + 2));
    java.util.Arrays.fill(s, 0, stride * (height + 2), 0f);
    for (int i = 0; i < height; i++) {
      long at = 4 * ((plane * height + i) * width);
      MemorySegment.copy(x, HostTensor.F32, at, s, (i + 1) * stride + 1, width);
    }
    for (int o = 0; o < outHeight * outWidth; o++) {
      int at = corners(plane / channels, o, w);
      float v =
          at < 0
              ? 0
              : w[0] * s[at] + w[1] * s[at + 1] + w[2] * s[at + stride] + w[3] * s[at + stride + 1];
      y.set(HostTensor.F32, 4 * (plane * outHeight * outWidth + o), v);
    }
  }

  private void spread(MemorySegment dy, MemorySegment dx, long plane, Scratch scratch) {
    int stride = width + 2;
    float[] w = scratch.floats(1, 4);
    float[] s = scratch.floats(0, stride * (height + 2));
    java.util.Arrays.fill(s, 0, stride * (height + 2), 0f);
    for (int o = 0; o < outHeight * outWidth; o++) {
      int at = corners(plane / channels, o, w);
      if (at >= 0) {
        float v = dy.get(HostTensor.F32, 4 * (plane * outHeight * outWidth + o));
        s[at] += w[0] * v;
        s[at + 1] += w[1] * v;
        s[at + stride] += w[2] * v;
        s[at + stride + 1] += w[3] * v;
      }
    }
    for (int i = 0; i < height; i++) {
      long at = 4 * ((plane * height + i) * width);
      MemorySegment.copy(s, (i + 1) * stride + 1, dx, HostTensor.F32, at, width);
    }
  }
}
