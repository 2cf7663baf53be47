package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The gradient table: for every op, how the gradients of its outputs become gradients of its
 * inputs. The rules are made of ops, so that gradients can be differentiated again. Masks, indices,
 * sign maps and filters get none.
 *
 * <p>Where a function has a kink: |x| has slope 0 at 0; of equal elements the first input of min
 * and max gets the gradient; the elements that are the maximum of a reduction share it equally.
 */
public final class GradientRules {
  private GradientRules() {}

  /**
   * Gradients in a node's inputs.
   *
   * @param dys for each output its gradient, or null for none; not all are null
   * @return for each input its gradient, of the input's type, or null for none
   */
  public static List<@Nullable Tensor> vjp(Node node, List<@Nullable Tensor> dys) {
    if (node.op() instanceof Fused.AdamStep) {
      return throughDefinition(node, dys);
    }
    Tensor dy = dys.getFirst();
    if (dy == null) {
      // Further outputs are sign maps, on which nothing depends smoothly.
      return none(node);
    }
    return switch (node.op()) {
      case Source op -> none(node);
      case Elementwise op -> elementwise(op, node, dy);
      case Reduction op -> reduction(op, node, dy);
      case Movement op -> movement(op, node, dy);
      case Linear op -> linear(op, node, dy);
      case Resampling op -> resampling(op, node, dy);
      case Fused op -> fused(op, node, dy);
    };
  }

  private static List<@Nullable Tensor> elementwise(Elementwise op, Node node, Tensor dy) {
    return switch (op) {
      case Elementwise.Unary unary ->
          each(unary(unary.function(), x(node), node.outputs().getFirst(), dy));
      case Elementwise.Binary binary -> {
        Tensor a = node.inputs().get(0);
        Tensor b = node.inputs().get(1);
        List<Tensor> d = binary(binary.function(), a, b, node.outputs().getFirst(), dy);
        yield each(sumTo(d.get(0), a.shape()), sumTo(d.get(1), b.shape()));
      }
      case Elementwise.Compare compare -> none(node);
      case Elementwise.Select select -> {
        Tensor mask = node.inputs().get(0);
        Tensor zero = dy.scalar(0);
        yield each(
            null,
            sumTo(mask.select(dy, zero), node.inputs().get(1).shape()),
            sumTo(mask.select(zero, dy), node.inputs().get(2).shape()));
      }
      case Elementwise.Cast cast ->
          x(node).dtype().isFloat() ? each(dy.cast(x(node).dtype())) : none(node);
      case Elementwise.StopGradient stop -> none(node);
    };
  }

  private static @Nullable Tensor unary(UnaryFunction f, Tensor x, Tensor y, Tensor dy) {
    return switch (f) {
      case NEG -> dy.neg();
      case ABS -> dy.mul(x.sign());
      case SIGN, FLOOR, ROUND -> null;
      case EXP -> dy.mul(y);
      case EXPM1 -> dy.mul(y.add(1));
      case LOG -> dy.div(x);
      case LOG1P -> dy.div(x.add(1));
      case SIN -> dy.mul(x.cos());
      case COS -> dy.mul(x.sin()).neg();
      case TANH -> dy.mul(y.square().neg().add(1));
      case SQRT -> dy.mul(0.5).div(y);
      case RSQRT -> dy.mul(-0.5).mul(y.square().mul(y));
      case RECIPROCAL -> dy.mul(y.square()).neg();
    };
  }

  private static List<Tensor> binary(BinaryFunction f, Tensor a, Tensor b, Tensor y, Tensor dy) {
    return switch (f) {
      case ADD -> List.of(dy, dy);
      case SUB -> List.of(dy, dy.neg());
      case MUL -> List.of(dy.mul(b), dy.mul(a));
      case DIV -> List.of(dy.div(b), dy.mul(y).div(b).neg());
      case MIN -> split(a.le(b), dy);
      case MAX -> split(b.le(a), dy);
    };
  }

  private static List<Tensor> split(Tensor first, Tensor dy) {
    return List.of(first.select(dy, dy.scalar(0)), first.select(dy.scalar(0), dy));
  }

  private static List<@Nullable Tensor> reduction(Reduction op, Node node, Tensor dy) {
    return switch (op) {
      case Reduction.Reduce reduce ->
          switch (reduce.kind()) {
            case SUM -> each(dy.expand(x(node).shape()));
            case MAX -> {
              Tensor largest = x(node).eq(node.outputs().getFirst());
              int[] axes = reduce.axes().stream().mapToInt(i -> i).toArray();
              DType type = Definitions.computeType(dy.dtype());
              Tensor share = dy.cast(type).div(largest.cast(type).sum(axes));
              yield each(largest.select(share, share.scalar(0)).cast(dy.dtype()));
            }
          };
    };
  }

  private static List<@Nullable Tensor> movement(Movement op, Node node, Tensor dy) {
    Shape shape = x(node).shape();
    return switch (op) {
      case Movement.Reshape o -> each(dy.reshape(shape));
      case Movement.Permute o ->
          each(dy.permute(IntStream.range(0, shape.rank()).map(o.axes()::indexOf).toArray()));
      case Movement.Expand o -> each(sumTo(dy, shape));
      case Movement.Pad o ->
          switch (o.mode()) {
            case ZERO -> each(pad(dy, negated(o.before()), negated(o.after())));
            case REFLECT -> throughDefinition(node, dy);
          };
      case Movement.Flip o -> each(dy.apply(o));
      case Movement.Slice o -> each(unslice(o, shape, dy));
      case Movement.Concat o -> unconcat(o, node, dy);
      case Movement.Gather o ->
          each(
              Ops.of(
                  new Movement.ScatterAdd(o.axis(), shape.dim(o.axis())), dy, node.inputs().get(1)),
              null);
      case Movement.ScatterAdd o -> each(Ops.gather(dy, o.axis(), node.inputs().get(1)), null);
    };
  }

  private static Tensor pad(Tensor x, List<Long> before, List<Long> after) {
    return x.apply(new Movement.Pad(before, after, Movement.PadMode.ZERO));
  }

  private static List<Long> negated(List<Long> values) {
    return values.stream().map(v -> -v).toList();
  }

  /** Puts the elements back where the slice took them, zeros elsewhere. */
  private static Tensor unslice(Movement.Slice op, Shape shape, Tensor dy) {
    Tensor spread = dy;
    List<Long> after = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      spread = Definitions.insertZeros(spread, axis, op.steps().get(axis));
      after.add(shape.dim(axis) - op.starts().get(axis) - spread.dim(axis));
    }
    return pad(spread, op.starts(), after);
  }

  private static List<@Nullable Tensor> unconcat(Movement.Concat op, Node node, Tensor dy) {
    List<@Nullable Tensor> parts = new ArrayList<>();
    long start = 0;
    for (Tensor input : node.inputs()) {
      long size = input.dim(op.axis());
      parts.add(dy.slice(op.axis(), start, size));
      start += size;
    }
    return parts;
  }

  private static List<@Nullable Tensor> linear(Linear op, Node node, Tensor dy) {
    Tensor a = node.inputs().get(0);
    Tensor b = node.inputs().get(1);
    return switch (op) {
      case Linear.MatMul o -> {
        Tensor da =
            o.transposeA()
                ? matmul(b, o.transposeB(), dy, true)
                : matmul(dy, false, b, !o.transposeB());
        Tensor db =
            o.transposeB()
                ? matmul(dy, true, a, o.transposeA())
                : matmul(a, !o.transposeA(), dy, false);
        yield each(sumTo(da, a.shape()), sumTo(db, b.shape()));
      }
      case Linear.Conv2d o ->
          each(
              Ops.convTranspose2d(dy, b, o.geometry(), a.dim(2), a.dim(3)),
              Ops.convWeightGradient(a, dy, o.geometry(), b.dim(2), b.dim(3)));
      case Linear.ConvTranspose2d o ->
          each(
              Ops.conv2d(dy, b, o.geometry()),
              Ops.convWeightGradient(dy, a, o.geometry(), b.dim(2), b.dim(3)));
      case Linear.ConvWeightGradient o ->
          each(
              Ops.convTranspose2d(b, dy, o.geometry(), a.dim(2), a.dim(3)),
              Ops.conv2d(a, dy, o.geometry()));
    };
  }

  private static Tensor matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
    return a.apply(new Linear.MatMul(transposeA, transposeB), b);
  }

  private static List<@Nullable Tensor> resampling(Resampling op, Node node, Tensor dy) {
    Tensor a = node.inputs().get(0);
    Tensor b = node.inputs().get(1);
    return switch (op) {
      case Resampling.Upfirdn2d o ->
          each(
              Ops.upfirdn2d(dy, b, o.geometry().adjoint(a.dim(3), a.dim(2), tapsX(b), tapsY(b))),
              null);
      case Resampling.GridSample o ->
          each(
              Ops.of(new Resampling.GridSampleInputGradient(a.dim(2), a.dim(3)), dy, b),
              Ops.of(new Resampling.GridSampleGridGradient(), dy, a, b));
      case Resampling.GridSampleInputGradient o ->
          each(Ops.gridSample(dy, b), Ops.of(new Resampling.GridSampleGridGradient(), a, dy, b));
      case Resampling.GridSampleGridGradient o -> throughDefinition(node, dy);
      case Resampling.Warp o -> each(warped(new Resampling.WarpInputGradient(), node, dy));
      case Resampling.WarpInputGradient o -> each(warped(new Resampling.Warp(), node, dy));
    };
  }

  /** The adjoint of a warp; the matrices, the margins and the filter get no gradient. */
  private static @Nullable Tensor[] warped(Resampling adjoint, Node node, Tensor dy) {
    List<Tensor> in = node.inputs();
    return new @Nullable Tensor[] {
      Ops.of(adjoint, dy, in.get(1), in.get(2), in.get(3)), null, null, null
    };
  }

  static int tapsX(Tensor filter) {
    return Math.toIntExact(Resampling.tapsX(filter.type()));
  }

  static int tapsY(Tensor filter) {
    return Math.toIntExact(Resampling.tapsY(filter.type()));
  }

  private static List<@Nullable Tensor> fused(Fused op, Node node, Tensor dy) {
    List<Tensor> in = node.inputs();
    return switch (op) {
      case Fused.BiasAct o -> biasAct(o, node, dy);
      case Fused.FilteredLrelu o -> {
        Tensor x = in.get(0);
        long signWidth = o.activation().upFilter().outputWidth(x.dim(3), tapsX(in.get(2)));
        Fused.SignedFilter slopes = new Fused.SignedFilter(o.activation(), 0, 0, signWidth);
        Fused.SignedFilter adjoint = signedAdjoint(slopes, x.shape(), in.get(2), in.get(3));
        Tensor dx = Ops.of(adjoint, dy, node.outputs().get(1), in.get(3), in.get(2));
        yield each(dx, dx.sum(0, 2, 3).reshape(-1), null, null);
      }
      case Fused.SignedFilter o -> {
        Fused.SignedFilter adjoint = signedAdjoint(o, in.get(0).shape(), in.get(2), in.get(3));
        yield each(Ops.of(adjoint, dy, in.get(1), in.get(3), in.get(2)), null, null, null);
      }
      case Fused.ModulatedConv2d o ->
          ModulationGradients.suits(node)
              ? ModulationGradients.of(node, o.geometry(), dy)
              : throughDefinition(node, dy);
      case Fused.AdamStep o -> throughDefinition(node, dy);
    };
  }

  /**
   * Slopes of 1 and α are read off the sign of y, and where y is at the clamp the slope is 0;
   * neither x nor the bias need be kept.
   */
  private static List<@Nullable Tensor> biasAct(Fused.BiasAct op, Node node, Tensor dy) {
    double slope =
        switch (op.activation()) {
          case LINEAR -> 1;
          case RELU -> 0;
          case LRELU -> op.alpha();
          case TANH, SIGMOID, ELU, SELU, SOFTPLUS, SWISH -> Double.NaN;
        };
    if (!(slope >= 0 && op.gain() > 0)) {
      return throughDefinition(node, dy);
    }
    Tensor y = node.outputs().getFirst();
    Tensor zero = y.scalar(0);
    Tensor dx = op.gain() == 1 ? dy : dy.mul(op.gain());
    if (slope != 1) {
      dx = zero.lt(y).select(dx, slope == 0 ? zero : dy.mul(op.gain() * slope));
    }
    if (op.clamp() != Double.POSITIVE_INFINITY) {
      dx = y.abs().lt(y.scalar(op.clamp())).select(dx, zero);
    }
    int channel = y.shape().axis(op.dim());
    int[] others = IntStream.range(0, y.shape().rank()).filter(i -> i != channel).toArray();
    return each(dx, dx.sum(others).reshape(-1));
  }

  /**
   * The adjoint of filtering v up, scaling each sample as the sign map tells and filtering down
   * again: the filters change places and are flipped, and the map is shifted to where its samples
   * have come to lie.
   */
  private static Fused.SignedFilter signedAdjoint(
      Fused.SignedFilter op, Shape v, Tensor up, Tensor down) {
    FilteredActivation a = op.activation();
    int upX = tapsX(up) - 1;
    int upY = tapsY(up) - 1;
    FirGeometry first = a.upFilter();
    FirGeometry second = a.downFilter();
    long width = second.outputWidth(first.outputWidth(v.dim(3), upX + 1), tapsX(down));
    long height = second.outputHeight(first.outputHeight(v.dim(2), upY + 1), tapsY(down));
    FilteredActivation adjoint =
        new FilteredActivation(
            a.down(),
            a.up(),
            upX + tapsX(down) - 1 - a.padX0(),
            Math.toIntExact(v.dim(3) * a.up() - width * a.down() + a.padX0() - (a.up() - 1)),
            upY + tapsY(down) - 1 - a.padY0(),
            Math.toIntExact(v.dim(2) * a.up() - height * a.down() + a.padY0() - (a.up() - 1)),
            a.gain() * a.up() * a.up() / ((double) a.down() * a.down()),
            a.slope(),
            Double.POSITIVE_INFINITY,
            !a.flip());
    return new Fused.SignedFilter(
        adjoint, op.offsetX() + a.padX0() - upX, op.offsetY() + a.padY0() - upY, op.signWidth());
  }

  /** Differentiates what the op means. */
  private static List<@Nullable Tensor> throughDefinition(Node node, Tensor dy) {
    return throughDefinition(node, each(dy));
  }

  /** As above, where there may be several outputs; those without a gradient are left out. */
  private static List<@Nullable Tensor> throughDefinition(Node node, List<@Nullable Tensor> dys) {
    List<Tensor> meaning = Definitions.of(node.op(), node.inputs());
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> cotangents = new ArrayList<>();
    for (int i = 0; i < dys.size(); i++) {
      Tensor dy = dys.get(i);
      if (dy != null) {
        outputs.add(meaning.get(i));
        cotangents.add(dy);
      }
    }
    return Gradients.partial(outputs, cotangents, node.inputs());
  }

  private static Tensor x(Node node) {
    return node.inputs().getFirst();
  }

  private static List<@Nullable Tensor> each(@Nullable Tensor... gradients) {
    List<@Nullable Tensor> list = new ArrayList<>();
    for (Tensor gradient : gradients) {
      list.add(gradient);
    }
    return list;
  }

  private static List<@Nullable Tensor> none(Node node) {
    return each(new @Nullable Tensor[node.inputs().size()]);
  }

  /** The adjoint of broadcasting: sums a tensor to the shape it was broadcast from. */
  private static Tensor sumTo(Tensor t, Shape shape) {
    int extra = t.shape().rank() - shape.rank();
    int[] axes =
        IntStream.range(0, t.shape().rank())
            .filter(i -> i < extra || (shape.dim(i - extra) == 1 && t.dim(i) != 1))
            .toArray();
    return t.sum(axes).reshape(shape);
  }
}
