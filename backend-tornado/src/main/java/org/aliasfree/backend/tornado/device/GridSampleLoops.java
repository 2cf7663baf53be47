package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Bilinear sampling at positions ((g + 1) · size − 1) / 2 and its gradients; pixels outside are
 * zero. In all of them p begins {0 items, 1 x, 2 channels, 3 height, 4 width, 5 grid, 6 samples an
 * image, 7 y, …}, x being the image's side and y the samples'.
 */
public final class GridSampleLoops {
  private GridSampleLoops() {}

  private static float position(float g, int size) {
    return ((g + 1f) * size - 1f) * 0.5f;
  }

  /** Whether a pixel beside a position may lie in the image; not so for NaN. */
  private static boolean near(float position, int size) {
    // Not position >= -1: TornadoVM makes that "not below", which NaN is, and then memory that is
    // not the image's would be read.
    return (position > -1f || position == -1f) && position < size;
  }

  /** The whole number below a position of −1 or more. */
  private static int floored(float position) {
    int whole = (int) position;
    return whole > position ? whole - 1 : whole;
  }

  /**
   * y[n, c, s] = Σ over the four pixels of weight · x[n, c, pixel]; an iteration makes [n, ·, s].
   */
  public static void sample(int[] p, float[] x, float[] grid, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int channels = p[2];
        int height = p[3];
        int width = p[4];
        int samples = p[6];
        int image = i / samples;
        float px = position(grid[p[5] + 2 * i], width);
        float py = position(grid[p[5] + 2 * i + 1], height);
        boolean inside = near(px, width) && near(py, height);
        int left = inside ? floored(px) : 0;
        int top = inside ? floored(py) : 0;
        float fx = px - left;
        float fy = py - top;
        int from = p[1] + image * channels * height * width + top * width + left;
        int to = p[7] + image * channels * samples + i - image * samples;
        for (int c = 0; c < channels; c++) {
          float sum = 0f;
          if (inside) {
            if (top >= 0) {
              if (left >= 0) {
                sum += (1f - fx) * (1f - fy) * x[from];
              }
              if (left + 1 < width) {
                sum += fx * (1f - fy) * x[from + 1];
              }
            }
            if (top + 1 < height) {
              if (left >= 0) {
                sum += (1f - fx) * fy * x[from + width];
              }
              if (left + 1 < width) {
                sum += fx * fy * x[from + width + 1];
              }
            }
          }
          y[to] = sum;
          from += height * width;
          to += samples;
        }
      }
    }
  }

  /**
   * x[n, c, pixel] = Σ of weight · y[n, c, s] over the samples s beside the pixel, in their order.
   * An iteration makes some rows of a plane; p = {…, 8 bands of rows a plane}.
   */
  public static void inputGradient(int[] p, float[] y, float[] grid, float[] x, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int height = p[3];
        int width = p[4];
        int samples = p[6];
        int plane = i / p[8];
        int band = i - plane * p[8];
        int first = band * height / p[8];
        int end = (band + 1) * height / p[8];
        int to = p[1] + plane * height * width;
        for (int k = first * width; k < end * width; k++) {
          x[to + k] = 0f;
        }
        int from = p[7] + plane * samples;
        int at = p[5] + plane / p[2] * samples * 2;
        for (int s = 0; s < samples; s++) {
          float px = position(grid[at + 2 * s], width);
          float py = position(grid[at + 2 * s + 1], height);
          if (near(px, width) && near(py, height)) {
            int left = floored(px);
            int top = floored(py);
            float fx = px - left;
            float fy = py - top;
            float v = y[from + s];
            int pixel = to + top * width + left;
            if (top >= first && top < end) {
              if (left >= 0) {
                x[pixel] += (1f - fx) * (1f - fy) * v;
              }
              if (left + 1 < width) {
                x[pixel + 1] += fx * (1f - fy) * v;
              }
            }
            if (top + 1 >= first && top + 1 < end) {
              if (left >= 0) {
                x[pixel + width] += (1f - fx) * fy * v;
              }
              if (left + 1 < width) {
                x[pixel + width + 1] += fx * fy * v;
              }
            }
          }
        }
      }
    }
  }

  /**
   * Σ over channels and pixels of y · x · slope of the weight, times half the size: the gradient of
   * a grid point. p = {…, 8 result}.
   */
  public static void gridGradient(
      int[] p, float[] y, float[] x, float[] grid, float[] result, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int channels = p[2];
        int height = p[3];
        int width = p[4];
        int samples = p[6];
        int image = i / samples;
        float px = position(grid[p[5] + 2 * i], width);
        float py = position(grid[p[5] + 2 * i + 1], height);
        float alongX = 0f;
        float alongY = 0f;
        if (near(px, width) && near(py, height)) {
          int left = floored(px);
          int top = floored(py);
          float fx = px - left;
          float fy = py - top;
          int at = p[1] + image * channels * height * width + top * width + left;
          int from = p[7] + image * channels * samples + i - image * samples;
          for (int c = 0; c < channels; c++) {
            float v = y[from];
            if (top >= 0) {
              if (left >= 0) {
                float product = v * x[at];
                alongX -= product * (1f - fy);
                alongY -= product * (1f - fx);
              }
              if (left + 1 < width) {
                float product = v * x[at + 1];
                alongX += product * (1f - fy);
                alongY -= product * fx;
              }
            }
            if (top + 1 < height) {
              if (left >= 0) {
                float product = v * x[at + width];
                alongX -= product * fy;
                alongY += product * (1f - fx);
              }
              if (left + 1 < width) {
                float product = v * x[at + width + 1];
                alongX += product * fy;
                alongY += product * fx;
              }
            }
            at += height * width;
            from += samples;
          }
        }
        result[p[8] + 2 * i] = alongX * width * 0.5f;
        result[p[8] + 2 * i + 1] = alongY * height * 0.5f;
      }
    }
  }
}
