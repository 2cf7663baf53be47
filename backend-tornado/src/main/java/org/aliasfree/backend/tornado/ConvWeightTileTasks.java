package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.tornado.device.ConvWeightTiles;
import org.aliasfree.graph.Node;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;

/** Gradients of convolutions in their weights, by work-groups. */
final class ConvWeightTileTasks {
  /** Work-groups that keep a device busy. */
  private static final long BUSY = 512;

  /** Slices of 16 terms that are worth sums of their own. */
  private static final int FEWEST_SLICES = 16;

  private ConvWeightTileTasks() {}

  /** The kernel, or null where one element a thread is better. */
  static @Nullable OpKernel of(Linear.ConvWeightGradient op, Node node) {
    ConvGeometry g = op.geometry();
    Shape w = node.outputs().getFirst().shape();
    int outputs = w.intDim(0) / g.groups();
    if (!ConvTileTasks.fits(g, outputs)) {
      return null;
    }
    int columns = Math.toIntExact(w.dim(1) * w.dim(2) * w.dim(3));
    Shape dy = node.inputs().get(1).shape();
    long slices = Math.ceilDiv(dy.dim(0) * dy.dim(2) * dy.dim(3), 16);
    boolean large = outputs >= 96 && columns >= 96;
    int tile = large ? 128 : 64;
    long tiles = (long) Math.ceilDiv(outputs, tile) * Math.ceilDiv(columns, tile) * g.groups();
    long most = Math.min(slices / FEWEST_SLICES, GemmTileTasks.MOST_GROUPS / g.groups());
    long wanted = Math.clamp(Math.ceilDiv(BUSY, tiles), 1, Math.max(1, most));
    int perPart = Math.toIntExact(Math.ceilDiv(slices, wanted));
    int parts = Math.toIntExact(Math.ceilDiv(slices, perPart));
    int[] p = parameters(g, node, perPart);
    Grid grid = GemmTileTasks.grid(outputs, columns, parts * g.groups(), tile);
    return new Split(p, grid, large, w.elements(), parts);
  }

  /** As {@link ConvWeightTiles} takes them, but for the offsets of the tensors. */
  private static int[] parameters(ConvGeometry g, Node node, int slices) {
    Shape x = node.inputs().get(0).shape();
    Shape dy = node.inputs().get(1).shape();
    Shape w = node.outputs().getFirst().shape();
    return new int[] {
      w.intDim(0) / g.groups(),
      w.intDim(1),
      w.intDim(2),
      w.intDim(3),
      x.intDim(2),
      x.intDim(3),
      dy.intDim(2),
      dy.intDim(3),
      g.strideY(),
      g.strideX(),
      g.dilationY(),
      g.dilationX(),
      g.top(),
      g.left(),
      /* offset of x */ 0,
      /* offset of dy */ 0,
      /* offset of the sums */ 0,
      g.groups(),
      dy.intDim(0),
      slices
    };
  }

  /** Sums of parts in scratch memory, if there are several, and their total. */
  private static final class Split implements OpKernel {
    private final int[] template;
    private final Grid grid;
    private final boolean large;
    private final long count;
    private final int parts;

    Split(int[] template, Grid grid, boolean large, long count, int parts) {
      this.template = template;
      this.grid = grid;
      this.large = large;
      this.count = count;
      this.parts = parts;
    }

    @Override
    public List<Long> scratch() {
      return parts > 1 ? List.of(count * parts) : List.of();
    }

    @Override
    public void launch(Operands at, Tasks tasks) {
      Place sums = parts > 1 ? at.scratch().getFirst() : at.out(0);
      int[] p = template.clone();
      p[14] = at.in(0).offset();
      p[15] = at.in(1).offset();
      p[16] = sums.offset();
      float[] x = at.in(0).floats();
      float[] dy = at.in(1).floats();
      KernelContext c = tasks.over(grid);
      if (large) {
        tasks.task(ConvWeightTiles::correlate128, c, p, x, dy, sums.floats());
      } else {
        tasks.task(ConvWeightTiles::correlate64, c, p, x, dy, sums.floats());
      }
      if (parts > 1) {
        int n = Math.toIntExact(count);
        int[] q = {n, parts, sums.offset(), at.out(0).offset()};
        KernelContext next = tasks.over(new Grid(Math.ceilDiv(n, 256), 1, 1, 256, 1));
        tasks.task(ConvWeightTiles::total, next, q, sums.floats(), at.out(0).floats());
      }
    }
  }
}
