package org.aliasfree.backend.cpu.reference;

import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * Bilinear sampling y[n, c, s] = Σ over the four pixels around the position of sample s of weightY
 * · weightX · x[n, c, pixel], pixels outside the image being zero, and its gradients.
 */
final class GridSampleKernels {
  private GridSampleKernels() {}

  /**
   * One pixel beside a position.
   *
   * @param pixel row-major in the image, or −1 if outside
   * @param slopeX change of weightX for a step of one pixel of the position; slopeY likewise
   */
  private record Neighbour(
      int pixel, double weightX, double weightY, double slopeX, double slopeY) {
    static final int COUNT = 4;

    /** The {@code k}-th neighbour of a position given in pixels. */
    static Neighbour of(int k, double px, double py, int height, int width) {
      boolean right = k % 2 == 1;
      boolean below = k / 2 == 1;
      double column = Math.floor(px) + (right ? 1 : 0);
      double row = Math.floor(py) + (below ? 1 : 0);
      boolean inside = column >= 0 && column < width && row >= 0 && row < height;
      double x = px - Math.floor(px);
      double y = py - Math.floor(py);
      return new Neighbour(
          inside ? (int) (row * width + column) : -1,
          right ? x : 1 - x,
          below ? y : 1 - y,
          right ? 1 : -1,
          below ? 1 : -1);
    }

    double weight() {
      return weightX * weightY;
    }
  }

  /** The sampling positions of all images. */
  private static final class Positions {
    private final double[] grid;
    final int perImage;
    final int height;
    final int width;

    Positions(HostTensor grid, Shape image) {
      this.grid = Doubles.read(grid);
      perImage = Math.multiplyExact(grid.shape().intDim(1), grid.shape().intDim(2));
      height = image.intDim(2);
      width = image.intDim(3);
    }

    /** −1 and 1 are the outer edges: pixel = ((g + 1)·size − 1) / 2. */
    Neighbour neighbour(int n, int sample, int k) {
      int at = (n * perImage + sample) * 2;
      double px = ((grid[at] + 1) * width - 1) / 2;
      double py = ((grid[at + 1] + 1) * height - 1) / 2;
      return Neighbour.of(k, px, py, height, width);
    }
  }

  static void sample(Frame f) {
    HostTensor y = f.out(0);
    double[] x = f.values(0);
    Positions positions = new Positions(f.in(1), f.in(0).shape());
    int channels = y.shape().intDim(1);
    int pixels = positions.height * positions.width;
    f.parallel(
        y.shape().dim(0) * channels,
        plane -> {
          for (int s = 0; s < positions.perImage; s++) {
            double sum = 0;
            for (int k = 0; k < Neighbour.COUNT; k++) {
              Neighbour b = positions.neighbour(plane / channels, s, k);
              sum += b.pixel < 0 ? 0 : b.weight() * x[plane * pixels + b.pixel];
            }
            y.set((long) plane * positions.perImage + s, sum);
          }
        });
  }

  /** dx[n, c, pixel] = Σ of weight · dy[n, c, s] over all samples s beside the pixel. */
  static void inputGradient(Frame f) {
    HostTensor dx = f.out(0);
    double[] dy = f.values(0);
    Positions positions = new Positions(f.in(1), dx.shape());
    int channels = dx.shape().intDim(1);
    f.parallel(
        dx.shape().dim(0) * channels,
        plane -> {
          double[] sums = new double[positions.height * positions.width];
          for (int s = 0; s < positions.perImage; s++) {
            for (int k = 0; k < Neighbour.COUNT; k++) {
              Neighbour b = positions.neighbour(plane / channels, s, k);
              if (b.pixel >= 0) {
                sums[b.pixel] += b.weight() * dy[plane * positions.perImage + s];
              }
            }
          }
          Doubles.write(sums, dx, (long) plane * sums.length);
        });
  }

  /** Σ over channels and neighbours of dy · x · slope, times pixels per unit of the grid. */
  static void gridGradient(Frame f) {
    HostTensor result = f.out(0);
    double[] dy = f.values(0);
    double[] x = f.values(1);
    Positions positions = new Positions(f.in(2), f.in(1).shape());
    int channels = f.in(1).shape().intDim(1);
    int pixels = positions.height * positions.width;
    f.parallel(
        result.shape().dim(0) * positions.perImage,
        sample -> {
          int n = sample / positions.perImage;
          int s = sample % positions.perImage;
          double alongX = 0;
          double alongY = 0;
          for (int k = 0; k < Neighbour.COUNT; k++) {
            Neighbour b = positions.neighbour(n, s, k);
            for (int c = 0; b.pixel >= 0 && c < channels; c++) {
              int plane = n * channels + c;
              double product = dy[plane * positions.perImage + s] * x[plane * pixels + b.pixel];
              alongX += product * b.slopeX * b.weightY;
              alongY += product * b.slopeY * b.weightX;
            }
          }
          result.set(sample * 2L, alongX * positions.width / 2);
          result.set(sample * 2L + 1, alongY * positions.height / 2);
        });
  }
}
