package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.tornado.device.ConvLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.Shape;

/**
 * The gradient of a convolution in its weight: sums over all positions of all images, of windows of
 * x times y laid out like them.
 */
final class ConvGradientTasks {
  private static final int BLOCK = 4;
  private static final int LANES = 8;

  /** Most positions in one sum of f32. */
  private static final int LONGEST = 1 << 16;

  /** Fewest positions that are worth an iteration of their own. */
  private static final int SHORTEST = 1 << 10;

  /** Iterations that keep a device busy. */
  private static final int ENOUGH = 512;

  private final int n;
  private final Shape x;
  private final Shape y;
  private final Shape w;
  private final int groups;
  private final Walk alongY;
  private final Walk alongX;
  private final int slack;
  private final int positions;
  private final int blocks;
  private final int imagesPerChunk;
  private final int imageChunks;
  private final int positionsPerChunk;
  private final int positionChunks;

  private ConvGradientTasks(ConvGeometry g, Node node) {
    x = node.inputs().get(0).shape();
    y = node.inputs().get(1).shape();
    w = node.outputs().getFirst().shape();
    n = x.intDim(0);
    groups = g.groups();
    alongY = Walk.forward(g.strideY(), g.dilationY(), g.top(), y.intDim(2), w.intDim(2));
    alongX = Walk.forward(g.strideX(), g.dilationX(), g.left(), y.intDim(3), w.intDim(3));
    slack = alongX.size() - alongX.outputs() + LANES;
    positions = Math.ceilDiv(y.intDim(2) * alongX.size(), LANES) * LANES;
    blocks =
        w.intDim(2)
            * w.intDim(3)
            * groups
            * Math.ceilDiv(w.intDim(1), BLOCK)
            * Math.ceilDiv(w.intDim(0) / groups, BLOCK);
    int wanted = Math.ceilDiv(ENOUGH, blocks);
    int longest = Math.max(1, LONGEST / positions);
    imagesPerChunk = Math.clamp(Math.ceilDiv(n, wanted), 1, longest);
    imageChunks = Math.ceilDiv(n, imagesPerChunk);
    int pieces =
        Math.clamp(
            Math.ceilDiv(wanted, imageChunks),
            Math.ceilDiv(positions, LONGEST),
            Math.max(Math.ceilDiv(positions, LONGEST), positions / SHORTEST + 1));
    positionsPerChunk = Math.ceilDiv(Math.ceilDiv(positions, pieces), LANES) * LANES;
    positionChunks = Math.ceilDiv(positions, positionsPerChunk);
  }

  static OpKernel of(ConvGeometry g, Node node) {
    ConvGradientTasks t = new ConvGradientTasks(g, node);
    return new WithScratch(
        List.of(
            (long) t.planeX() * t.n * t.x.intDim(1),
            (long) t.positions * t.n * t.y.intDim(1),
            t.chunks() == 1 ? 0 : t.chunks() * t.w.elements()),
        t::launch);
  }

  private int chunks() {
    return imageChunks * positionChunks;
  }

  private int planeX() {
    return Walk.plane(alongY, alongX, slack);
  }

  private void launch(Operands at, Tasks tasks) {
    Place windows = at.scratch().get(0);
    Place padded = at.scratch().get(1);
    cut(alongY, alongX, x, slack, at.in(0), windows, tasks);
    int rest = positions - y.intDim(2) * alongX.size();
    cut(Walk.plain(y.intDim(2)), Walk.plain(alongX.size()), y, rest, at.in(1), padded, tasks);
    Place result = at.out(0);
    Place sums = chunks() == 1 ? result : at.scratch().get(2);
    int items = Math.multiplyExact(blocks, chunks());
    int taps = w.intDim(2) * w.intDim(3);
    int[] head = {
      items,
      taps,
      Math.ceilDiv(w.intDim(1), BLOCK),
      Math.ceilDiv(w.intDim(0) / groups, BLOCK),
      groups,
      positionChunks,
      imagesPerChunk,
      n,
      positionsPerChunk,
      positions,
      windows.offset(),
      planeX(),
      x.intDim(1),
      w.intDim(1),
      padded.offset(),
      positions,
      y.intDim(1),
      w.intDim(0) / groups,
      sums.offset(),
      Math.toIntExact(w.elements()),
      0
    };
    tasks.task(
        ConvLoops::weightSums,
        Walk.parameters(ConvLoops.SHIFTS, head, Walk.taps(alongY, alongX, w.intDim(3))),
        windows.floats(),
        padded.floats(),
        sums.floats(),
        Spread.evenly(items));
    if (chunks() > 1) {
      int[] p = {Math.toIntExact(w.elements()), sums.offset(), chunks(), result.offset()};
      tasks.task(ConvLoops::chunkSums, p, sums.floats(), result.floats(), Spread.over(p[0]));
    }
  }

  private static void cut(
      Walk y, Walk x, Shape image, int slack, Place from, Place to, Tasks tasks) {
    int planes = image.intDim(0) * image.intDim(1);
    int[] p = Walk.window(y, x, planes, image.intDim(2), image.intDim(3), slack, from, to);
    tasks.task(ConvLoops::window, p, from.floats(), from.floats(), to.floats(), Spread.over(p[0]));
  }
}
