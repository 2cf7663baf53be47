package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.tornado.device.ConvTiles;
import org.aliasfree.graph.Node;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;

/** Convolutions, and their gradients in the input, by work-groups. */
final class ConvTileTasks {
  /** Groups of channels with fewer of them leave most of a tile empty. */
  private static final int FEWEST_IN_GROUP = 8;

  private ConvTileTasks() {}

  /** The kernel, or null where one element a thread is better. */
  static @Nullable OpKernel of(Linear op, Node node) {
    return switch (op) {
      case Linear.MatMul m -> GemmTileTasks.of(m, node);
      case Linear.Conv2d conv -> conv2d(conv, node);
      case Linear.ConvTranspose2d conv -> transposed(conv, node);
      case Linear.ConvWeightGradient g -> ConvWeightTileTasks.of(g, node);
    };
  }

  /** Whether tiles are well filled, and their numbers within what devices take. */
  static boolean fits(ConvGeometry g, long channelsOfTile) {
    return (g.groups() == 1 || channelsOfTile >= FEWEST_IN_GROUP)
        && g.groups() <= GemmTileTasks.MOST_GROUPS
        && channelsOfTile <= 64L * GemmTileTasks.MOST_GROUPS;
  }

  private static @Nullable OpKernel conv2d(Linear.Conv2d op, Node node) {
    Shape x = node.inputs().get(0).shape();
    Shape w = node.inputs().get(1).shape();
    if (!fits(op.geometry(), w.dim(0) / op.geometry().groups())) {
      return null;
    }
    int[] p = forward(op.geometry(), x, w, node.outputs().getFirst().shape());
    return (at, tasks) -> convolve(p.clone(), at, tasks);
  }

  /** The kernel; these always fit. */
  static @Nullable OpKernel of(Fused.ModulatedConv2d op, Node node) {
    Shape x = node.inputs().get(0).shape();
    Shape w = node.inputs().get(1).shape();
    if (!fits(op.geometry(), w.dim(0))) {
      return null;
    }
    int[] p = forward(op.geometry(), x, w, node.outputs().getFirst().shape());
    return (at, tasks) -> modulate(p.clone(), at, tasks);
  }

  /** As {@link ConvTiles} takes them, but for the offsets of the tensors. */
  private static int[] forward(ConvGeometry g, Shape x, Shape w, Shape y) {
    int kernel = w.intDim(2) * w.intDim(3);
    return new int[] {
      w.intDim(0) / g.groups(),
      w.intDim(1),
      w.intDim(2),
      w.intDim(3),
      x.intDim(2),
      x.intDim(3),
      y.intDim(2),
      y.intDim(3),
      g.strideY(),
      g.strideX(),
      g.dilationY(),
      g.dilationX(),
      -g.top(),
      -g.left(),
      /* offset of x */ 0,
      /* offset of w */ 0,
      w.intDim(1) * kernel,
      kernel,
      w.intDim(3),
      1,
      /* offset of y */ 0,
      y.intDim(2) * y.intDim(3),
      y.intDim(3),
      1,
      g.groups(),
      w.intDim(0) / g.groups() * w.intDim(1) * kernel,
      /* offset of s */ 0,
      /* offset of d */ 0,
      y.intDim(0)
    };
  }

  /**
   * The positions of a kernel along one axis that reach an output at {@code remainder} + i · stride
   * of the transposed walk, and where they read.
   *
   * @param first position, −1 if there is none
   * @param apart positions from one to the next
   * @param count of positions
   * @param from where the first position reads for i = 0
   * @param back how much further back each next position reads
   */
  private record Reach(int first, int apart, int count, int from, int back) {
    static Reach of(int remainder, int stride, int dilation, int padding, long kernel) {
      int first = -1;
      int apart = 1;
      int count = 0;
      int last = -1;
      for (int u = 0; u < kernel; u++) {
        if (Math.floorMod(remainder + padding - u * dilation, stride) == 0) {
          first = first < 0 ? u : first;
          apart = last < 0 ? apart : u - last;
          last = u;
          count++;
        }
      }
      int from = Math.floorDiv(remainder + padding - Math.max(first, 0) * dilation, stride);
      return new Reach(Math.max(first, 0), apart, count, from, apart * dilation / stride);
    }
  }

  /** One task for each remainder of the output's position by the strides. */
  private static @Nullable OpKernel transposed(Linear.ConvTranspose2d op, Node node) {
    ConvGeometry g = op.geometry();
    Shape w = node.inputs().get(1).shape();
    if (!fits(g, w.dim(1))) {
      return null;
    }
    List<int[]> all = new ArrayList<>();
    for (int ry = 0; ry < Math.min(g.strideY(), op.height()); ry++) {
      for (int rx = 0; rx < Math.min(g.strideX(), op.width()); rx++) {
        Reach y = Reach.of(ry, g.strideY(), g.dilationY(), g.top(), w.dim(2));
        Reach x = Reach.of(rx, g.strideX(), g.dilationX(), g.left(), w.dim(3));
        all.add(backward(op, node, y, x, ry, rx));
      }
    }
    return (at, tasks) -> all.forEach(p -> convolve(p.clone(), at, tasks));
  }

  private static int[] backward(
      Linear.ConvTranspose2d op, Node node, Reach y, Reach x, int ry, int rx) {
    ConvGeometry g = op.geometry();
    Shape dy = node.inputs().get(0).shape();
    Shape w = node.inputs().get(1).shape();
    int kernel = w.intDim(2) * w.intDim(3);
    int height = Math.toIntExact(op.height());
    int width = Math.toIntExact(op.width());
    boolean any = y.count > 0 && x.count > 0;
    return new int[] {
      w.intDim(1),
      w.intDim(0) / g.groups(),
      any ? y.count : 0,
      any ? x.count : 0,
      dy.intDim(2),
      dy.intDim(3),
      Math.ceilDiv(height - ry, g.strideY()),
      Math.ceilDiv(width - rx, g.strideX()),
      1,
      1,
      -y.back,
      -x.back,
      y.from,
      x.from,
      /* offset of dy */ 0,
      /* offset of w */ y.first * w.intDim(3) + x.first,
      kernel,
      w.intDim(1) * kernel,
      y.apart * w.intDim(3),
      x.apart,
      /* offset of dx */ ry * width + rx,
      height * width,
      g.strideY() * width,
      g.strideX(),
      g.groups(),
      w.intDim(0) / g.groups() * w.intDim(1) * kernel,
      /* offset of s */ 0,
      /* offset of d */ 0,
      dy.intDim(0)
    };
  }

  private static void convolve(int[] p, Operands at, Tasks tasks) {
    float[] x = at.in(0).floats();
    float[] w = at.in(1).floats();
    float[] y = at.out(0).floats();
    place(p, at);
    if (large(p)) {
      KernelContext c = tasks.over(grid(p, 128));
      tasks.task(ConvTiles::convolve128, c, p, x, w, y);
    } else {
      KernelContext c = tasks.over(grid(p, 64));
      tasks.task(ConvTiles::convolve64, c, p, x, w, y);
    }
  }

  private static void modulate(int[] p, Operands at, Tasks tasks) {
    float[] x = at.in(0).floats();
    float[] w = at.in(1).floats();
    float[] s = at.in(2).floats();
    float[] d = at.in(3).floats();
    float[] y = at.out(0).floats();
    place(p, at);
    p[26] = at.in(2).offset();
    p[27] = at.in(3).offset();
    if (large(p)) {
      KernelContext c = tasks.over(grid(p, 128));
      tasks.task(ConvTiles::modulate128, c, p, x, w, s, d, y);
    } else {
      KernelContext c = tasks.over(grid(p, 64));
      tasks.task(ConvTiles::modulate64, c, p, x, w, s, d, y);
    }
  }

  private static void place(int[] p, Operands at) {
    p[14] += at.in(0).offset();
    p[15] += at.in(1).offset();
    p[20] += at.out(0).offset();
  }

  private static boolean large(int[] p) {
    return GemmTileTasks.large(p[0], (long) p[28] * p[6] * p[7], p[24]);
  }

  private static Grid grid(int[] p, int tile) {
    return GemmTileTasks.grid(p[0], Math.multiplyExact(p[28], p[6] * p[7]), p[24], tile);
  }
}
