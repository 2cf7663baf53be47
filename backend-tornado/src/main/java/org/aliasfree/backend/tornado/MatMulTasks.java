package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.ProductLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;

/** Matrix products. */
final class MatMulTasks {
  private static final int BLOCK = 8;

  private MatMulTasks() {}

  /** Size of a factor along its own axis, and steps along that and the inner axis. */
  private record Factor(int size, int step, int inner, Shape shape) {
    static Factor of(Shape factor, boolean innerFirst) {
      int rows = factor.intDim(-2);
      int columns = factor.intDim(-1);
      return innerFirst
          ? new Factor(columns, 1, columns, factor)
          : new Factor(rows, columns, 1, factor);
    }
  }

  static OpKernel of(Linear.MatMul op, Node node) {
    Shape c = node.outputs().getFirst().shape();
    Shape shapeA = node.inputs().get(0).shape();
    Factor a = Factor.of(shapeA, op.transposeA());
    Factor b = Factor.of(node.inputs().get(1).shape(), !op.transposeB());
    int inner = shapeA.intDim(op.transposeA() ? -2 : -1);
    return (at, tasks) -> {
      Place y = at.out(0);
      // Eight results of one iteration lie along n; along m if n is small.
      if (b.size < BLOCK && a.size > b.size) {
        launch(b, a, c, inner, new int[] {1, b.size}, at.in(1), at.in(0), y, tasks);
      } else {
        launch(a, b, c, inner, new int[] {b.size, 1}, at.in(0), at.in(1), y, tasks);
      }
    };
  }

  private static void launch(
      Factor a,
      Factor b,
      Shape product,
      int inner,
      int[] steps,
      Place x,
      Place w,
      Place y,
      Tasks tasks) {
    int[] placesA = places(a.shape, product);
    int[] placesB = places(b.shape, product);
    int matrices = placesA.length;
    int columnBlocks = Math.ceilDiv(b.size, BLOCK);
    int rowBlocks = Math.ceilDiv(a.size, BLOCK);
    int[] p = new int[ProductLoops.MATRICES + 2 * matrices];
    int items = Math.toIntExact((long) matrices * columnBlocks * rowBlocks);
    int[] head = {
      items,
      columnBlocks,
      rowBlocks,
      a.size,
      b.size,
      inner,
      a.step,
      a.inner,
      b.inner,
      b.step,
      y.offset(),
      steps[0],
      steps[1],
      a.size * b.size
    };
    System.arraycopy(head, 0, p, 0, head.length);
    for (int i = 0; i < matrices; i++) {
      p[ProductLoops.MATRICES + 2 * i] = x.offset() + placesA[i];
      p[ProductLoops.MATRICES + 2 * i + 1] = w.offset() + placesB[i];
    }
    int n = Spread.evenly(items);
    if (b.step == 1 && b.size >= BLOCK) {
      tasks.task(ProductLoops::rowProduct, p, x.floats(), w.floats(), y.floats(), n);
    } else {
      tasks.task(ProductLoops::product, p, x.floats(), w.floats(), y.floats(), n);
    }
  }

  /** Where each matrix of the product finds its factor: leading axes are broadcast. */
  private static int[] places(Shape factor, Shape product) {
    int count = 1;
    for (int axis = 0; axis < product.rank() - 2; axis++) {
      count *= product.intDim(axis);
    }
    int[] places = new int[count];
    int shift = product.rank() - factor.rank();
    for (int i = 0; i < count; i++) {
      int rest = i;
      for (int axis = product.rank() - 3; axis >= 0; axis--) {
        int index = rest % product.intDim(axis);
        rest /= product.intDim(axis);
        if (axis >= shift && factor.dim(axis - shift) > 1) {
          places[i] += Math.toIntExact(index * factor.strides()[axis - shift]);
        }
      }
    }
    return places;
  }
}
