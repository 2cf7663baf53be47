package org.aliasfree.conformance;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.aliasfree.conformance.ErrorModel.Bounded;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** The rules of {@link ErrorModel} for sums of products. */
record LinearErrors(double factor, Rounding rounding) {

  Bounded of(Linear op, Node node, List<Bounded> in) {
    Shape a = node.inputs().get(0).shape();
    Shape w = node.inputs().get(1).shape();
    double terms =
        switch (op) {
          case Linear.MatMul o -> a.dim(o.transposeA() ? -2 : -1);
          case Linear.Conv2d o -> w.elements() / (double) w.dim(0);
          case Linear.ConvTranspose2d o -> (double) w.elements() / w.dim(1) / o.geometry().groups();
          case Linear.ConvWeightGradient o -> (double) w.elements() / w.dim(1);
        };
    return bilinear(in.get(0), in.get(1), (x, y) -> x.apply(op, y), terms);
  }

  /** A sum of {@code terms} products of elements of a and b. */
  private Bounded bilinear(Bounded a, Bounded b, BinaryOperator<Tensor> product, double terms) {
    Tensor y = product.apply(a.value(), b.value());
    Tensor aa = a.value().square();
    Tensor bb = b.value().square();
    Tensor v =
        Rounding.sum(
            y,
            a.variance() == null ? null : product.apply(a.variance(), bb),
            b.variance() == null ? null : product.apply(aa, b.variance()),
            accumulated(y, product.apply(aa, bb), y.scalar(terms)));
    return new Bounded(y, v, null);
  }

  /** u²·K·(Σ(a·b)² + y²), and one more rounding where the result is narrower than the sum. */
  private Tensor accumulated(Tensor y, Tensor squares, Tensor terms) {
    double u = Rounding.unit(rounding.inside().dtype()) * factor;
    Tensor size = squares.add(y.square());
    if (factor != 1) {
      int[] all = IntStream.range(0, y.shape().rank()).toArray();
      size = size.reduceMax(all).expand(y.shape());
    }
    Tensor own = size.mul(terms).mul(u * u);
    return rounding.dtype() == DType.F16 ? own.add(rounding.of(y)) : own;
  }

  /**
   * An image filter. A backend may write a matrix of taps as a sum of separable ones that is exact
   * to the last place of the largest tap.
   */
  Bounded filtered(Resampling.Upfirdn2d op, List<Bounded> in) {
    FirGeometry g = op.geometry();
    Tensor taps = in.get(1).value();
    Bounded x = in.get(0);
    Tensor filter = taps.cast(DType.F32);
    Tensor y = x.value().apply(op, filter);
    FirGeometry squared =
        new FirGeometry(
            g.upX(),
            g.upY(),
            g.downX(),
            g.downY(),
            g.padX0(),
            g.padX1(),
            g.padY0(),
            g.padY1(),
            g.flip(),
            g.gain() * g.gain());
    Resampling.Upfirdn2d onSquares = new Resampling.Upfirdn2d(squared);
    Tensor xx = x.value().square();
    Tensor ff = filter.square();
    boolean separable = taps.shape().rank() == 1;
    double terms = ceil(taps.dim(-1), g.upX()) * ceil(taps.dim(0), g.upY());
    Tensor v =
        Rounding.sum(
            y,
            x.variance() == null ? null : x.variance().apply(onSquares, ff),
            in.get(1).variance() == null
                ? null
                : xx.apply(onSquares, in.get(1).variance().cast(DType.F32)),
            accumulated(y, xx.apply(onSquares, ff), y.scalar(separable ? terms + 1 : terms)),
            separable ? null : ofLargestTap(xx, ff, onSquares));
    return new Bounded(y, v, null);
  }

  private static double ceil(long taps, int up) {
    return Math.ceilDiv(taps, up);
  }

  private Tensor ofLargestTap(Tensor xx, Tensor ff, Resampling.Upfirdn2d onSquares) {
    double u = 2 * Rounding.unit(rounding.inside().dtype());
    return xx.apply(onSquares, ff.reduceMax(0, 1).expand(ff.shape())).mul(u * u);
  }

  static Bounded reduce(Reduction.Reduce op, Bounded x, Rounding rounding) {
    Tensor y = x.value().apply(op);
    if (!y.dtype().isFloat()) {
      Tensor d = x.doubt();
      return new Bounded(
          y,
          null,
          d == null
              ? null
              : d.cast(DType.F64)
                  .apply(new Reduction.Reduce(Reduction.Kind.MAX, op.axes()))
                  .cast(DType.U8));
    }
    Tensor v = x.variance();
    if (op.kind() == Reduction.Kind.MAX) {
      return new Bounded(y, v == null ? null : v.apply(op), null);
    }
    double terms = (double) x.value().type().elements() / Math.max(1, y.type().elements());
    Tensor own =
        new LinearErrors(1, rounding).accumulated(y, x.value().square().apply(op), y.scalar(terms));
    return new Bounded(y, Rounding.sum(y, own, v == null ? null : v.apply(op)), null);
  }

  /** An element whose index is in doubt may have gone anywhere. */
  static Bounded scatterAdd(Movement.ScatterAdd op, Bounded x, Bounded index, Rounding rounding) {
    Tensor i = index.value();
    Tensor y = x.value().apply(op, i);
    Tensor xx = x.value().square();
    Tensor ones = Ops.fill(new TensorType(DType.F64, x.value().shape()), 1);
    Tensor own = new LinearErrors(1, rounding).accumulated(y, xx.apply(op, i), ones.apply(op, i));
    Tensor v = x.variance() == null ? null : x.variance().apply(op, i);
    Tensor astray = null;
    if (index.doubt() != null) {
      long[] line = new long[y.shape().rank()];
      java.util.Arrays.fill(line, 1);
      line[y.shape().axis(op.axis())] = i.type().elements();
      astray = index.doubt().reshape(line).select(xx, xx.scalar(0)).sum(op.axis()).mul(4);
    }
    return new Bounded(y, Rounding.sum(y, own, v, astray), null);
  }
}
