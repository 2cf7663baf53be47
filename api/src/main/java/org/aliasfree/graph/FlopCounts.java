package org.aliasfree.graph;

import java.util.List;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** The table of how much arithmetic each op's formula has; see {@link Workload}. */
final class FlopCounts {
  /** Bias, function and gain. */
  private static final int BIAS_ACT = 3;

  /** Three for the first moment, four for the second, six for the step. */
  private static final int ADAM = 13;

  /** Four neighbours, each weighted and added. */
  private static final int BILINEAR = 8;

  private FlopCounts() {}

  static long of(Op op, List<TensorType> in, TensorType out) {
    return switch (op) {
      case Source source -> 0;
      case Movement.ScatterAdd scatter -> in.getFirst().elements();
      case Movement movement -> 0;
      case Elementwise.Unary unary -> out.elements();
      case Elementwise.Binary binary -> out.elements();
      case Elementwise choosing -> 0;
      case Reduction reduction -> in.getFirst().elements();
      case Linear.MatMul product ->
          2 * out.elements() * in.getFirst().shape().dim(product.transposeA() ? -2 : -1);
      case Linear.Conv2d conv -> convolution(out, in.get(1).shape());
      case Linear.ConvTranspose2d conv -> convolution(in.getFirst(), in.get(1).shape());
      case Linear.ConvWeightGradient conv -> convolution(in.get(1), out.shape());
      case Fused.ModulatedConv2d conv ->
          convolution(out, in.get(1).shape()) + in.getFirst().elements() + out.elements();
      case Resampling resampling -> resampling(resampling, in, out);
      case Fused.FilteredLrelu layer ->
          in.getFirst().elements() + filtered(layer.activation(), in, 2);
      case Fused.SignedFilter layer -> filtered(layer.activation(), in, 1);
      case Fused.BiasAct act -> BIAS_ACT * out.elements();
      case Fused.AdamStep step -> ADAM * out.elements();
    };
  }

  /**
   * A convolution with result {@code y} and weight {@code w} [O, I/groups, kh, kw]; its adjoints
   * have the same products in another order.
   */
  private static long convolution(TensorType y, Shape w) {
    return 2 * y.elements() * w.dim(1) * w.dim(2) * w.dim(3);
  }

  private static long resampling(Resampling op, List<TensorType> in, TensorType out) {
    return switch (op) {
      case Resampling.Upfirdn2d filter ->
          upfirdn(filter.geometry(), in.get(0), in.get(1).shape(), out);
      case Resampling.GridSample sample -> BILINEAR * out.elements();
      case Resampling.GridSampleInputGradient sample -> BILINEAR * in.getFirst().elements();
      case Resampling.GridSampleGridGradient sample -> 2 * BILINEAR * in.getFirst().elements();
      case Resampling.Warp warp -> warp(out.shape(), in.get(3).elements());
      case Resampling.WarpInputGradient warp -> warp(out.shape(), in.get(3).elements());
    };
  }

  /**
   * Filter up, {@code each} operations a sample at the high rate, filter down. The filters are
   * inputs 2 and 3 of both fused ops.
   */
  private static long filtered(FilteredActivation a, List<TensorType> in, int each) {
    TensorType x = in.getFirst();
    Shape up = in.get(2).shape();
    Shape down = in.get(3).shape();
    TensorType high = resized(a.upFilter(), x, up);
    return upfirdn(a.upFilter(), x, up, high)
        + each * high.elements()
        + upfirdn(a.downFilter(), high, down, resized(a.downFilter(), high, down));
  }

  private static TensorType resized(FirGeometry g, TensorType x, Shape filter) {
    Shape s = x.shape();
    return TensorType.of(
        x.dtype(),
        s.dim(0),
        s.dim(1),
        g.outputHeight(s.dim(2), filter.dim(0)),
        g.outputWidth(s.dim(3), filter.dim(-1)));
  }

  /**
   * A product and a sum for each tap that meets a sample and no inserted zero. A filter along x and
   * then y, or the other way round where that is less; a filter of one tap is a gain.
   */
  private static long upfirdn(FirGeometry g, TensorType x, Shape filter, TensorType y) {
    if (filter.elements() == 1) {
      return 0;
    }
    Shape from = x.shape();
    Shape to = y.shape();
    long images = to.dim(0) * to.dim(1);
    if (filter.rank() == 2) {
      return 2 * y.elements() * filter.elements() / ((long) g.upX() * g.upY());
    }
    long taps = filter.dim(0);
    long alongX = 2 * images * to.dim(3) * taps;
    long alongY = 2 * images * to.dim(2) * taps;
    long rowsFirst = alongX * from.dim(2) / g.upX() + alongY * to.dim(3) / g.upY();
    long columnsFirst = alongY * from.dim(3) / g.upY() + alongX * to.dim(2) / g.upX();
    return Math.min(rowsFirst, columnsFirst);
  }

  /** Up by 2, a bilinear sample at each point, down by 2; the mirrored margins are not counted. */
  private static long warp(Shape x, long taps) {
    long images = x.dim(0) * x.dim(1);
    long height = x.dim(2);
    long width = x.dim(3);
    long crop = taps / 4;
    long highHeight = 2 * (height + 2 * crop);
    long highWidth = 2 * (width + 2 * crop);
    long up = 2 * height * width * taps + 4 * height * width * taps;
    long sample = BILINEAR * highHeight * highWidth;
    long down = 2 * highHeight * width * taps + 2 * height * width * taps;
    return images * (up + sample + down);
  }
}
