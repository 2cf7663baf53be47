package org.aliasfree.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Op;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Random cases of the ops on matrices and images. */
final class ImageOpCases {
  private ImageOpCases() {}

  static void putInto(Map<Class<? extends Op>, OpCases.Maker> makers) {
    linear(makers);
    resampling(makers);
    fused(makers);
  }

  private static void linear(Map<Class<? extends Op>, OpCases.Maker> makers) {
    makers.put(
        Linear.MatMul.class,
        r -> {
          boolean ta = r.nextBoolean();
          boolean tb = r.nextBoolean();
          long[] batch = OpCases.sizes(r);
          int m = 1 + r.nextInt(3);
          int k = 1 + r.nextInt(3);
          int n = 1 + r.nextInt(3);
          return new OpCases.Case(
              new Linear.MatMul(ta, tb),
              List.of(
                  OpCases.data(r, matrix(OpCases.narrowed(r, batch), ta ? k : m, ta ? m : k)),
                  OpCases.data(r, matrix(OpCases.narrowed(r, batch), tb ? n : k, tb ? k : n))),
              0,
              1);
        });
    makers.put(
        Linear.Conv2d.class,
        r -> {
          int groups = 1 + r.nextInt(2);
          return new OpCases.Case(
              new Linear.Conv2d(walk(r, groups)),
              List.of(image(r, groups), kernel(r, groups)),
              0,
              1);
        });
    makers.put(
        Linear.ConvTranspose2d.class,
        r -> {
          int groups = 1 + r.nextInt(2);
          ConvGeometry g = walk(r, groups);
          Shape x = image(r, groups).type().shape();
          OpCases.Arg w = kernel(r, groups);
          OpCases.Arg y = OpCases.data(r, convolved(g, x, w).toArray());
          return new OpCases.Case(
              new Linear.ConvTranspose2d(g, x.dim(2), x.dim(3)), List.of(y, w), 0, 1);
        });
    makers.put(
        Linear.ConvWeightGradient.class,
        r -> {
          int groups = 1 + r.nextInt(2);
          ConvGeometry g = walk(r, groups);
          OpCases.Arg x = image(r, groups);
          OpCases.Arg w = kernel(r, groups);
          Shape k = w.type().shape();
          OpCases.Arg y = OpCases.data(r, convolved(g, x.type().shape(), w).toArray());
          return new OpCases.Case(
              new Linear.ConvWeightGradient(g, k.dim(2), k.dim(3)), List.of(x, y), 0, 1);
        });
  }

  private static Shape convolved(ConvGeometry g, Shape x, OpCases.Arg w) {
    return new Linear.Conv2d(g)
        .infer(List.of(new TensorType(DType.F64, x), w.type()))
        .getFirst()
        .shape();
  }

  private static long[] matrix(long[] batch, long rows, long columns) {
    long[] s = Arrays.copyOf(batch, batch.length + 2);
    s[batch.length] = rows;
    s[batch.length + 1] = columns;
    return s;
  }

  private static OpCases.Arg image(Random r, int channels) {
    return OpCases.data(r, 1 + r.nextInt(2), channels, 1 + r.nextInt(5), 1 + r.nextInt(5));
  }

  private static OpCases.Arg kernel(Random r, int groups) {
    return OpCases.data(r, groups * (1L + r.nextInt(2)), 1, 1 + r.nextInt(3), 1 + r.nextInt(3));
  }

  private static void resampling(Map<Class<? extends Op>, OpCases.Maker> makers) {
    makers.put(
        Resampling.Upfirdn2d.class,
        r ->
            new OpCases.Case(new Resampling.Upfirdn2d(fir(r)), List.of(image(r, 2), filter(r)), 0));
    makers.put(
        Resampling.GridSample.class,
        r -> {
          OpCases.Arg x = image(r, 2);
          return new OpCases.Case(new Resampling.GridSample(), List.of(x, grid(r, x)), 0)
              .smoothIn(0, 1);
        });
    makers.put(
        Resampling.GridSampleInputGradient.class,
        r -> {
          OpCases.Arg dy = image(r, 2);
          Shape s = dy.type().shape();
          int height = 1 + r.nextInt(4);
          int width = 1 + r.nextInt(4);
          return new OpCases.Case(
                  new Resampling.GridSampleInputGradient(height, width),
                  List.of(dy, grid(r, s.dim(0), s.dim(2), s.dim(3), height, width)),
                  0)
              .smoothIn(0, 1);
        });
    makers.put(
        Resampling.GridSampleGridGradient.class,
        r -> {
          OpCases.Arg x = image(r, 2);
          OpCases.Arg grid = grid(r, x);
          Shape g = grid.type().shape();
          OpCases.Arg dy = OpCases.data(r, g.dim(0), 2, g.dim(1), g.dim(2));
          return new OpCases.Case(
                  new Resampling.GridSampleGridGradient(), List.of(dy, x, grid), 0, 1)
              .smoothIn(0, 1, 2);
        });
    makers.put(
        Resampling.Warp.class, r -> new OpCases.Case(new Resampling.Warp(), warpInputs(r), 0));
    makers.put(
        Resampling.WarpInputGradient.class,
        r -> new OpCases.Case(new Resampling.WarpInputGradient(), warpInputs(r), 0));
  }

  // Small: in the definition of the adjoint every point meets every sample.
  private static List<OpCases.Arg> warpInputs(Random r) {
    int[] size = {1 + r.nextInt(4), 1 + r.nextInt(4)};
    long n = 1L + r.nextInt(2);
    long taps = 1L + r.nextInt(5);
    return List.of(
        OpCases.data(r, n, 1, size[1], size[0]),
        new OpCases.Arg(TensorType.f32(n, 2, 3), OpCases.data(r, n, 2, 3).elements()),
        new OpCases.Arg(
            TensorType.of(DType.I32, 4),
            IntStream.range(0, 4).mapToDouble(side -> r.nextInt(size[side % 2]))),
        new OpCases.Arg(TensorType.f32(taps), OpCases.data(r, taps).elements()));
  }

  private static OpCases.Arg grid(Random r, OpCases.Arg x) {
    Shape s = x.type().shape();
    return grid(r, s.dim(0), 1 + r.nextInt(4), 1 + r.nextInt(4), s.dim(2), s.dim(3));
  }

  // Points within and around an image, none near the kinks at the centres of pixels.
  private static OpCases.Arg grid(
      Random r, long n, long rows, long columns, long height, long width) {
    long[] size = {width, height};
    return new OpCases.Arg(
        TensorType.of(DType.F64, n, rows, columns, 2),
        IntStream.range(0, (int) (n * rows * columns * 2))
            .mapToDouble(
                i -> {
                  long extent = size[i % 2];
                  double pixel = r.nextInt((int) extent + 3) - 2 + 0.05 + 0.9 * r.nextDouble();
                  return (2 * pixel + 1) / extent - 1;
                }));
  }

  private static void fused(Map<Class<? extends Op>, OpCases.Maker> makers) {
    makers.put(
        Fused.BiasAct.class,
        r -> {
          OpCases.Arg x = OpCases.data(r, OpCases.sizes(r));
          int dim = r.nextInt(x.type().shape().rank());
          Op op =
              new Fused.BiasAct(
                  dim,
                  OpCases.any(r, Activation.values()),
                  r.nextDouble(),
                  0.5 + r.nextDouble(),
                  r.nextBoolean() ? 0.9 : Double.POSITIVE_INFINITY);
          return new OpCases.Case(op, List.of(x, OpCases.data(r, x.type().shape().dim(dim))))
              .smoothIn(0, 1);
        });
    makers.put(
        Fused.FilteredLrelu.class,
        r -> {
          double clamp = r.nextBoolean() ? 2 : Double.POSITIVE_INFINITY;
          return new OpCases.Case(
                  new Fused.FilteredLrelu(activation(r, clamp)),
                  List.of(image(r, 2), OpCases.data(r, 2), filter(r), filter(r)))
              .smoothIn(0, 1);
        });
    makers.put(
        Fused.SignedFilter.class,
        r -> {
          OpCases.Arg v = image(r, 2);
          int width = 1 + r.nextInt(9);
          OpCases.Arg signs =
              OpCases.whole(
                  r, DType.U8, 256, v.type().shape().dim(0), 2, 1 + r.nextInt(9), (width + 3) / 4);
          return new OpCases.Case(
              new Fused.SignedFilter(activation(r, 1), r.nextInt(7) - 3, r.nextInt(7) - 3, width),
              List.of(v, signs, filter(r), filter(r)),
              0);
        });
    makers.put(
        Fused.AdamStep.class,
        r -> {
          long[] sizes = OpCases.sizes(r);
          return new OpCases.Case(
                  new Fused.AdamStep(),
                  List.of(
                      OpCases.data(r, sizes),
                      OpCases.data(r, sizes),
                      OpCases.data(r, sizes),
                      OpCases.between(r, 0.5, 2, sizes),
                      OpCases.between(r, 0.1, 1, Fused.AdamStep.RATES)))
              .smoothIn(0, 1, 2, 3, 4);
        });
    makers.put(
        Fused.ModulatedConv2d.class,
        r -> {
          OpCases.Arg x = image(r, 2);
          long n = x.type().shape().dim(0);
          OpCases.Arg w = OpCases.data(r, 3, 2, 1 + r.nextInt(3), 1 + r.nextInt(3));
          return new OpCases.Case(
              new Fused.ModulatedConv2d(walk(r, 1)),
              List.of(x, w, OpCases.data(r, n, 2), OpCases.data(r, n, 3)),
              0,
              1,
              2,
              3);
        });
  }

  private static OpCases.Arg filter(Random r) {
    long[] sizes =
        r.nextBoolean()
            ? new long[] {1 + r.nextInt(4)}
            : new long[] {1 + r.nextInt(3), 1 + r.nextInt(3)};
    return new OpCases.Arg(TensorType.f32(sizes), OpCases.data(r, sizes).elements());
  }

  private static ConvGeometry walk(Random r, int groups) {
    return new ConvGeometry(
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        r.nextInt(5) - 1,
        r.nextInt(5) - 1,
        r.nextInt(5) - 1,
        r.nextInt(5) - 1,
        1 + r.nextInt(2),
        1 + r.nextInt(2),
        groups);
  }

  static FirGeometry fir(Random r) {
    return new FirGeometry(
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        r.nextInt(7) - 2,
        r.nextInt(7) - 2,
        r.nextInt(7) - 2,
        r.nextInt(7) - 2,
        r.nextBoolean(),
        0.5 + r.nextDouble());
  }

  static FilteredActivation activation(Random r, double clamp) {
    return new FilteredActivation(
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        r.nextInt(6) - 1,
        r.nextInt(6) - 1,
        r.nextInt(6) - 1,
        r.nextInt(6) - 1,
        0.5 + r.nextDouble(),
        r.nextDouble(),
        clamp,
        r.nextBoolean());
  }
}
