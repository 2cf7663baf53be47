package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.GemmTiles;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;

/** Matrix products by work-groups. */
final class GemmTileTasks {
  /** Products with fewer elements leave most of a tile empty. */
  private static final long FEWEST = 256;

  /** Groups of the larger tiles that keep a device busy. */
  private static final long MANY_GROUPS = 192;

  /** Most groups along the second and third axis that every device takes. */
  static final int MOST_GROUPS = 65535;

  private GemmTileTasks() {}

  /** The kernel, or null where one element a thread is better. */
  static @Nullable OpKernel of(Linear.MatMul op, Node node) {
    Shape y = node.outputs().getFirst().shape();
    long m = y.dim(-2);
    long n = y.dim(-1);
    long batch = y.elements() / Math.max(1, m * n);
    if (m * n < FEWEST || batch > MOST_GROUPS || Math.ceilDiv(m, 64) > MOST_GROUPS) {
      return null;
    }
    Shape a = node.inputs().get(0).shape();
    Shape b = node.inputs().get(1).shape();
    // The rows of many products with the same b, one after the other, are those of one product.
    boolean joined = !op.transposeA() && b.elements() == b.dim(-2) * b.dim(-1);
    joined &= a.elements() == batch * m * a.dim(-1) && Math.ceilDiv(batch * m, 64) <= MOST_GROUPS;
    int rows = Math.toIntExact(joined ? batch * m : m);
    int count = Math.toIntExact(joined ? 1 : batch);
    int[] p = parameters(op, node, rows, count);
    return (at, tasks) -> launch(p.clone(), count, at, tasks);
  }

  private static void launch(int[] p, int batch, Operands at, Tasks tasks) {
    p[7] = at.out(0).offset();
    for (int z = 0; z < batch; z++) {
      p[GemmTiles.HEADER + 2 * z] += at.in(0).offset();
      p[GemmTiles.HEADER + 2 * z + 1] += at.in(1).offset();
    }
    float[] a = at.in(0).floats();
    float[] b = at.in(1).floats();
    float[] y = at.out(0).floats();
    if (large(p[0], p[1], batch)) {
      KernelContext c = tasks.over(grid(p[0], p[1], batch, 128));
      tasks.task(GemmTiles::multiply128, c, p, a, b, y);
    } else {
      KernelContext c = tasks.over(grid(p[0], p[1], batch, 64));
      tasks.task(GemmTiles::multiply64, c, p, a, b, y);
    }
  }

  /** Whether tiles of 128 × 128 are as good as full and enough of them. */
  static boolean large(long rows, long columns, long batch) {
    long groups = Math.ceilDiv(rows, 128) * Math.ceilDiv(columns, 128) * batch;
    return groups >= MANY_GROUPS && 4 * rows * columns * batch >= 3 * groups * 128 * 128;
  }

  /** Groups for the tiles of a matrix. */
  static Grid grid(int rows, int columns, int batch, int tile) {
    return new Grid(Math.ceilDiv(columns, tile), Math.ceilDiv(rows, tile), batch, 16, 16);
  }

  /** As {@link GemmTiles} takes them, but for the offsets of the tensors. */
  private static int[] parameters(Linear.MatMul op, Node node, int rows, int batch) {
    Shape a = node.inputs().get(0).shape();
    Shape b = node.inputs().get(1).shape();
    Shape y = node.outputs().getFirst().shape();
    int[] p = new int[GemmTiles.HEADER + 2 * batch];
    p[0] = rows;
    p[1] = y.intDim(-1);
    p[2] = a.intDim(op.transposeA() ? -2 : -1);
    p[3] = op.transposeA() ? 1 : a.intDim(-1);
    p[4] = op.transposeA() ? a.intDim(-1) : 1;
    p[5] = op.transposeB() ? 1 : b.intDim(-1);
    p[6] = op.transposeB() ? b.intDim(-1) : 1;
    p[8] = op.transposeA() ? 1 : 0;
    p[9] = op.transposeB() ? 0 : 1;
    for (int z = 0; z < batch; z++) {
      p[GemmTiles.HEADER + 2 * z] = offset(a, y, z);
      p[GemmTiles.HEADER + 2 * z + 1] = offset(b, y, z);
    }
    return p;
  }

  /** Where the z-th matrix of an operand begins whose leading axes are broadcast to those of y. */
  private static int offset(Shape operand, Shape y, int z) {
    long size = operand.dim(-2) * operand.dim(-1);
    long index = 0;
    long step = 1;
    long rest = z;
    for (int back = 3; back <= operand.rank(); back++) {
      long at = rest % y.dim(-back);
      rest /= y.dim(-back);
      index += operand.dim(-back) == 1 ? 0 : at * step;
      step *= operand.dim(-back);
    }
    return Math.toIntExact(index * size);
  }
}
