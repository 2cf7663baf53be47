package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * What bilinear sampling and its gradients mean. All pixels of a batch are numbered in one row, so
 * that the four neighbours of every sample are four gathers along one axis.
 */
final class GridSampleDefinitions {
  private GridSampleDefinitions() {}

  /**
   * One of the four neighbours of each sample, [1, N·H'·W'] each.
   *
   * @param index of the pixel among all N·H·W of the batch, i32 [N·H'·W']; any pixel where outside
   * @param inside mask: whether the neighbour lies in the image
   * @param weightX its weight along x; weightY along y
   * @param signX slope of weightX along x: 1 for the right neighbour, −1 for the left
   * @param signY likewise along y
   */
  private record Neighbour(
      Tensor index, Tensor inside, Tensor weightX, Tensor weightY, int signX, int signY) {

    Tensor weight() {
      return weightX.mul(weightY);
    }

    /** The values where inside, else 0: what is not inside has no influence, NaN included. */
    Tensor keep(Tensor values) {
      return inside.select(values, values.scalar(0));
    }
  }

  /** y = Σ over neighbours of weight · x. */
  static Tensor sample(Tensor x, Tensor grid) {
    DType type = Definitions.computeType(x.dtype());
    Tensor pixels = pixels(x.cast(type));
    Tensor y = null;
    for (Neighbour n : neighbours(grid.cast(type), x.dim(2), x.dim(3))) {
      Tensor part = n.keep(Ops.gather(pixels, 1, n.index).mul(n.weight()));
      y = y == null ? part : y.add(part);
    }
    return images(java.util.Objects.requireNonNull(y), x.dim(0), grid.dim(1), grid.dim(2))
        .cast(x.dtype());
  }

  /** Adds weight · dy to each neighbour. */
  static Tensor inputGradient(Tensor dy, Tensor grid, long height, long width) {
    DType type = Definitions.computeType(dy.dtype());
    Tensor samples = pixels(dy.cast(type));
    long batch = dy.dim(0);
    Tensor dx = null;
    for (Neighbour n : neighbours(grid.cast(type), height, width)) {
      Tensor part =
          Ops.of(
              new Movement.ScatterAdd(1, batch * height * width),
              n.keep(samples.mul(n.weight())),
              n.index);
      dx = dx == null ? part : dx.add(part);
    }
    return images(java.util.Objects.requireNonNull(dx), batch, height, width).cast(dy.dtype());
  }

  /**
   * Σ over channels and neighbours of dy · x · slope of the weight · pixels per unit of the grid.
   */
  static Tensor gridGradient(Tensor dy, Tensor x, Tensor grid) {
    DType type = Definitions.computeType(x.dtype());
    Tensor samples = pixels(dy.cast(type));
    Tensor pixels = pixels(x.cast(type));
    Tensor alongX = samples.scalar(0);
    Tensor alongY = samples.scalar(0);
    for (Neighbour n : neighbours(grid.cast(type), x.dim(2), x.dim(3))) {
      Tensor value = Ops.gather(pixels, 1, n.index).mul(samples);
      alongX = alongX.add(n.keep(value.mul(n.weightY)).mul(n.signX));
      alongY = alongY.add(n.keep(value.mul(n.weightX)).mul(n.signY));
    }
    Shape column = Shape.of(grid.dim(0), grid.dim(1), grid.dim(2), 1);
    return Ops.concat(
            3,
            List.of(
                alongX.sum(0).mul(x.dim(3) / 2.0).reshape(column),
                alongY.sum(0).mul(x.dim(2) / 2.0).reshape(column)))
        .cast(grid.dtype());
  }

  private static List<Neighbour> neighbours(Tensor grid, long height, long width) {
    Tensor px = position(grid, 0, width);
    Tensor py = position(grid, 1, height);
    Tensor left = px.floor();
    Tensor top = py.floor();
    Tensor right = px.sub(left);
    Tensor below = py.sub(top);
    long perImage = grid.dim(1) * grid.dim(2);
    Shape samples = Shape.of(grid.dim(0), perImage);
    Tensor firstPixel =
        Ops.iota(DType.I32, Shape.of(grid.dim(0), 1), 0)
            .mul((double) (height * width))
            .expand(samples)
            .reshape(grid.dim(0) * perImage);
    List<Neighbour> all = new ArrayList<>();
    for (int dy = 0; dy < 2; dy++) {
      for (int dx = 0; dx < 2; dx++) {
        Tensor column = left.add(dx);
        Tensor row = top.add(dy);
        Tensor inside = and(within(column, width), within(row, height));
        Tensor flat =
            whole(inside, row).mul((double) width).add(whole(inside, column)).add(firstPixel);
        all.add(
            new Neighbour(
                flat,
                inside.reshape(1, -1),
                share(right, dx).reshape(1, -1),
                share(below, dy).reshape(1, -1),
                2 * dx - 1,
                2 * dy - 1));
      }
    }
    return all;
  }

  /** Where the grid points, in pixels: ((g + 1)·size − 1) / 2, [N·H'·W']. */
  private static Tensor position(Tensor grid, int coordinate, long size) {
    return grid.slice(3, coordinate, 1).reshape(-1).add(1).mul((double) size).add(-1).mul(0.5);
  }

  /** Weight of the neighbour at distance {@code side} (0 or 1) of what lies before. */
  private static Tensor share(Tensor fraction, int side) {
    return side == 1 ? fraction : fraction.neg().add(1);
  }

  private static Tensor within(Tensor index, long size) {
    return and(index.scalar(0).le(index), index.le(index.scalar(size - 1.0)));
  }

  private static Tensor and(Tensor a, Tensor b) {
    return a.select(b, b.scalar(0));
  }

  private static Tensor whole(Tensor inside, Tensor index) {
    return inside.select(index, index.scalar(0)).cast(DType.I32);
  }

  /** [N, C, H, W] to [C, N·H·W]. */
  private static Tensor pixels(Tensor x) {
    return x.permute(1, 0, 2, 3).reshape(x.dim(1), x.dim(0) * x.dim(2) * x.dim(3));
  }

  /** [C, N·H·W] to [N, C, H, W]. */
  private static Tensor images(Tensor x, long batch, long height, long width) {
    return x.reshape(x.dim(0), batch, height, width).permute(1, 0, 2, 3);
  }
}
