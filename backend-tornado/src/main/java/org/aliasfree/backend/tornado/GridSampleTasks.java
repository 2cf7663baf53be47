package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.GridSampleLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.tensor.Shape;

/** Bilinear sampling and its gradients. */
final class GridSampleTasks {
  /** Iterations that keep a CPU busy, and a GPU. */
  private static final int FEW = 16;

  private static final int MANY = 8192;

  private GridSampleTasks() {}

  /** Parameters that all have. */
  private static int[] parameters(int items, Place x, Shape image, Place grid, Shape g, Place y) {
    return new int[] {
      items,
      x.offset(),
      image.intDim(1),
      image.intDim(2),
      image.intDim(3),
      grid.offset(),
      g.intDim(1) * g.intDim(2),
      y.offset(),
      0
    };
  }

  private static int points(Shape grid) {
    return Math.toIntExact(grid.elements() / 2);
  }

  static OpKernel sample(Node node) {
    Shape image = node.inputs().get(0).shape();
    Shape grid = node.inputs().get(1).shape();
    return (at, tasks) -> {
      Place x = at.in(0);
      Place y = at.out(0);
      int[] p = parameters(points(grid), x, image, at.in(1), grid, y);
      tasks.task(
          GridSampleLoops::sample, p, x.floats(), at.in(1).floats(), y.floats(), Spread.over(p[0]));
    };
  }

  static OpKernel inputGradient(Node node, boolean gpu) {
    Shape image = node.outputs().getFirst().shape();
    Shape grid = node.inputs().get(1).shape();
    int planes = image.intDim(0) * image.intDim(1);
    int bands = bands(planes, image.intDim(2), gpu);
    return (at, tasks) -> {
      Place y = at.in(0);
      Place x = at.out(0);
      int[] p = parameters(planes * bands, x, image, at.in(1), grid, y);
      p[8] = bands;
      tasks.task(
          GridSampleLoops::inputGradient,
          p,
          y.floats(),
          at.in(1).floats(),
          x.floats(),
          Spread.over(p[0]));
    };
  }

  /**
   * Into how many bands of rows the planes are cut of which each iteration looks at all samples and
   * adds those that meet its rows.
   */
  static int bands(int planes, int height, boolean gpu) {
    int wanted = Math.ceilDiv(gpu ? MANY : FEW, Math.max(1, planes));
    return Math.clamp(wanted, 1, Math.max(1, height));
  }

  static OpKernel gridGradient(Node node) {
    Shape image = node.inputs().get(1).shape();
    Shape grid = node.inputs().get(2).shape();
    return (at, tasks) -> {
      Place y = at.in(0);
      Place x = at.in(1);
      int[] p = parameters(points(grid), x, image, at.in(2), grid, y);
      p[8] = at.out(0).offset();
      tasks.task(
          GridSampleLoops::gridGradient,
          p,
          y.floats(),
          x.floats(),
          at.in(2).floats(),
          at.out(0).floats(),
          Spread.over(p[0]));
    };
  }
}
