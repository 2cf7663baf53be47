package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.FilterTiles;
import org.aliasfree.graph.Node;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;

/** Filtered leaky ReLU, and its linear part at a given sign map, by work-groups. */
final class FilterTileTasks {
  private FilterTileTasks() {}

  /** The kernel, or null where the filters or factors have no form for work-groups. */
  static @Nullable OpKernel of(Fused.FilteredLrelu op, Node node) {
    FilteredActivation a = op.activation();
    Shape high = node.outputs().get(1).shape();
    if (!fits(a, node, /* signed= */ false)) {
      return null;
    }
    Shape y = node.outputs().get(0).shape();
    int width =
        Math.toIntExact(a.upFilter().outputWidth(node.inputs().get(0).dim(3), upTaps(node)));
    int[] p = parameters(a, node, y, high.intDim(2), width);
    if (p.length == 0) {
      return null;
    }
    p[28] = high.intDim(3);
    p[29] = high.intDim(2);
    float[] q = {(float) (a.gain() * a.up() * a.up()), (float) a.slope(), (float) a.clamp()};
    return (at, tasks) -> activated(a, p.clone(), q, at, tasks);
  }

  /** The kernel, or null where the filters or factors have no form for work-groups. */
  static @Nullable OpKernel of(Fused.SignedFilter op, Node node) {
    FilteredActivation a = op.activation();
    if (!fits(a, node, /* signed= */ true)) {
      return null;
    }
    Shape v = node.inputs().get(0).shape();
    Shape map = node.inputs().get(1).shape();
    Shape y = node.outputs().get(0).shape();
    int height = Math.toIntExact(a.upFilter().outputHeight(v.dim(2), upTaps(node)));
    int width = Math.toIntExact(a.upFilter().outputWidth(v.dim(3), upTaps(node)));
    int[] p = parameters(a, node, y, height, width);
    if (p.length == 0) {
      return null;
    }
    p[28] = map.intDim(3);
    p[29] = map.intDim(2);
    p[32] = Math.toIntExact(op.signWidth());
    p[33] = op.offsetX();
    p[34] = op.offsetY();
    float[] q = {(float) (a.gain() * a.up() * a.up()), (float) a.slope(), 0};
    return (at, tasks) -> signed(a, p.clone(), q, at, tasks);
  }

  private static long upTaps(Node node) {
    return node.inputs().get(2).shape().dim(0);
  }

  private static boolean flat(Shape downFilter) {
    return downFilter.rank() == 2;
  }

  private static boolean fits(FilteredActivation a, Node node, boolean signed) {
    Shape up = node.inputs().get(2).shape();
    Shape down = node.inputs().get(3).shape();
    int factors = 10 * a.up() + a.down();
    boolean known = factors == 22 || factors == 42 || (factors == 24 && signed && !flat(down));
    return known
        && up.rank() == 1
        && up.dim(0) <= 6L * a.up()
        && down.dim(0) <= 6L * a.down()
        && down.dim(-1) <= 6L * a.down();
  }

  /** As {@link FilterTiles} takes them, but for the offsets; empty where too many groups. */
  private static int[] parameters(
      FilteredActivation a, Node node, Shape y, int highHeight, int highWidth) {
    Shape x = node.inputs().get(0).shape();
    Shape down = node.inputs().get(3).shape();
    // Tiles begin where the first of the samples made of the same pixels does.
    int extraX = Math.floorMod(-a.padX0() - 1, a.up());
    int extraY = Math.floorMod(-a.padY0() - 1, a.up());
    FilterTile tile = FilterTile.best(a, y, extraX, extraY, flat(down));
    long planes = x.dim(0) * x.dim(1);
    if (planes * tile.count(y) > Integer.MAX_VALUE / 256) {
      return new int[0];
    }
    int[] p = new int[35];
    p[0] = tile.along(y.dim(3), tile.width());
    p[1] = tile.along(y.dim(2), tile.height());
    p[2] = x.intDim(1);
    p[3] = x.intDim(2);
    p[4] = x.intDim(3);
    p[5] = highHeight;
    p[6] = highWidth;
    p[7] = y.intDim(2);
    p[8] = y.intDim(3);
    p[9] = tile.width();
    p[10] = tile.height();
    p[11] = extraX;
    p[12] = extraY;
    p[13] = (-extraX - a.padX0() - 1) / a.up() + 1;
    p[14] = (-extraY - a.padY0() - 1) / a.up() + 1;
    p[15] = tile.highColumns();
    p[16] = tile.highRows();
    p[17] = tile.imageColumns();
    p[18] = tile.imageRows();
    p[22] = Math.toIntExact(upTaps(node));
    p[24] = down.intDim(-1);
    p[25] = down.intDim(0);
    p[26] = a.flip() ? 1 : 0;
    return p;
  }

  private static KernelContext over(int[] p, Operands at, Tasks tasks) {
    Shape x = at.node().inputs().get(0).shape();
    int groups = Math.toIntExact(x.dim(0) * x.dim(1) * p[0] * p[1]);
    return tasks.over(new Grid(groups, 1, 1, 256, 1));
  }

  private static void activated(
      FilteredActivation a, int[] p, float[] q, Operands at, Tasks tasks) {
    boolean wanted = at.wants(0);
    boolean signs = at.wants(1);
    float[] x = at.in(0).floats();
    float[] b = at.in(1).floats();
    float[] u = at.in(2).floats();
    float[] d = at.in(3).floats();
    p[19] = at.in(0).offset();
    p[20] = at.in(1).offset();
    p[21] = at.in(2).offset();
    p[23] = at.in(3).offset();
    p[27] = signs ? at.out(1).offset() : 0;
    p[30] = wanted ? at.out(0).offset() : 0;
    p[31] = wanted ? 1 : 0;
    float[] y = wanted ? at.out(0).floats() : new float[1];
    boolean flat = flat(at.node().inputs().get(3).shape());
    KernelContext c = over(p, at, tasks);
    if (signs) {
      int[] map = at.out(1).ints();
      switch (a.up() + (flat ? 10 : 0)) {
        case 2 -> tasks.task(FilterTiles::signs22, c, p, q, x, b, u, d, map, y);
        case 4 -> tasks.task(FilterTiles::signs42, c, p, q, x, b, u, d, map, y);
        case 12 -> tasks.task(FilterTiles::signsFlat22, c, p, q, x, b, u, d, map, y);
        default -> tasks.task(FilterTiles::signsFlat42, c, p, q, x, b, u, d, map, y);
      }
    } else {
      switch (a.up() + (flat ? 10 : 0)) {
        case 2 -> tasks.task(FilterTiles::plain22, c, p, q, x, b, u, d, y);
        case 4 -> tasks.task(FilterTiles::plain42, c, p, q, x, b, u, d, y);
        case 12 -> tasks.task(FilterTiles::plainFlat22, c, p, q, x, b, u, d, y);
        default -> tasks.task(FilterTiles::plainFlat42, c, p, q, x, b, u, d, y);
      }
    }
  }

  private static void signed(FilteredActivation a, int[] p, float[] q, Operands at, Tasks tasks) {
    float[] x = at.in(0).floats();
    int[] map = at.in(1).ints();
    float[] u = at.in(2).floats();
    float[] d = at.in(3).floats();
    float[] y = at.out(0).floats();
    p[19] = at.in(0).offset();
    p[27] = at.in(1).offset();
    p[21] = at.in(2).offset();
    p[23] = at.in(3).offset();
    p[30] = at.out(0).offset();
    p[31] = 1;
    boolean flat = flat(at.node().inputs().get(3).shape());
    KernelContext c = over(p, at, tasks);
    switch (10 * a.up() + a.down() + (flat ? 100 : 0)) {
      case 22 -> tasks.task(FilterTiles::signed22, c, p, q, x, u, d, map, y);
      case 42 -> tasks.task(FilterTiles::signed42, c, p, q, x, u, d, map, y);
      case 24 -> tasks.task(FilterTiles::signed24, c, p, q, x, u, d, map, y);
      case 122 -> tasks.task(FilterTiles::signedFlat22, c, p, q, x, u, d, map, y);
      default -> tasks.task(FilterTiles::signedFlat42, c, p, q, x, u, d, map, y);
    }
  }
}
