package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.aliasfree.op.Elementwise.Binary;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.Cast;
import org.aliasfree.op.Elementwise.Compare;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.op.Elementwise.Select;
import org.aliasfree.op.Elementwise.StopGradient;
import org.aliasfree.op.Elementwise.Unary;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * A value that a program will compute: one output of a {@link Node}. Its methods make new nodes;
 * nothing is computed. Shapes broadcast as in NumPy. Tensors are compared by identity.
 */
public final class Tensor {
  private final Node node;
  private final int index;
  private final TensorType type;

  Tensor(Node node, int index, TensorType type) {
    this.node = node;
    this.index = index;
    this.type = type;
  }

  /** The node that computes it. */
  public Node node() {
    return node;
  }

  /** Which of the node's outputs it is. */
  public int index() {
    return index;
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /** Shape. */
  public Shape shape() {
    return type.shape();
  }

  /** Element type. */
  public DType dtype() {
    return type.dtype();
  }

  /** Size of an axis; negative axes count from the end. */
  public long dim(int axis) {
    return type.shape().dim(axis);
  }

  /** Applies an op with one output to this and further tensors. */
  public Tensor apply(Op op, Tensor... others) {
    List<Tensor> in = new ArrayList<>(List.of(this));
    in.addAll(List.of(others));
    return Node.of(op, in).outputs().getFirst();
  }

  private Tensor unary(UnaryFunction f) {
    return apply(new Unary(f));
  }

  private Tensor binary(BinaryFunction f, Tensor b) {
    return apply(new Binary(f), b);
  }

  /** A scalar of this tensor's element type. */
  public Tensor scalar(double value) {
    return Node.of(new Source.Fill(new TensorType(dtype(), Shape.SCALAR), value), List.of())
        .outputs()
        .getFirst();
  }

  /** this + b. */
  public Tensor add(Tensor b) {
    return binary(BinaryFunction.ADD, b);
  }

  /** this + b. */
  public Tensor add(double b) {
    return add(scalar(b));
  }

  /** this − b. */
  public Tensor sub(Tensor b) {
    return binary(BinaryFunction.SUB, b);
  }

  /** this · b. */
  public Tensor mul(Tensor b) {
    return binary(BinaryFunction.MUL, b);
  }

  /** this · b. */
  public Tensor mul(double b) {
    return mul(scalar(b));
  }

  /** this / b. */
  public Tensor div(Tensor b) {
    return binary(BinaryFunction.DIV, b);
  }

  /** The smaller of this and b. */
  public Tensor min(Tensor b) {
    return binary(BinaryFunction.MIN, b);
  }

  /** The larger of this and b. */
  public Tensor max(Tensor b) {
    return binary(BinaryFunction.MAX, b);
  }

  /** −this. */
  public Tensor neg() {
    return unary(UnaryFunction.NEG);
  }

  /** Magnitude. */
  public Tensor abs() {
    return unary(UnaryFunction.ABS);
  }

  /** −1, 0 or 1. */
  public Tensor sign() {
    return unary(UnaryFunction.SIGN);
  }

  /** e^this. */
  public Tensor exp() {
    return unary(UnaryFunction.EXP);
  }

  /** e^this − 1. */
  public Tensor expm1() {
    return unary(UnaryFunction.EXPM1);
  }

  /** Natural logarithm. */
  public Tensor log() {
    return unary(UnaryFunction.LOG);
  }

  /** log(1 + this). */
  public Tensor log1p() {
    return unary(UnaryFunction.LOG1P);
  }

  /** Sine. */
  public Tensor sin() {
    return unary(UnaryFunction.SIN);
  }

  /** Cosine. */
  public Tensor cos() {
    return unary(UnaryFunction.COS);
  }

  /** Hyperbolic tangent. */
  public Tensor tanh() {
    return unary(UnaryFunction.TANH);
  }

  /** Square root. */
  public Tensor sqrt() {
    return unary(UnaryFunction.SQRT);
  }

  /** 1 / √this. */
  public Tensor rsqrt() {
    return unary(UnaryFunction.RSQRT);
  }

  /** 1 / this. */
  public Tensor reciprocal() {
    return unary(UnaryFunction.RECIPROCAL);
  }

  /** Largest integer not above. */
  public Tensor floor() {
    return unary(UnaryFunction.FLOOR);
  }

  /** Nearest integer, ties to even. */
  public Tensor round() {
    return unary(UnaryFunction.ROUND);
  }

  /** this². */
  public Tensor square() {
    return mul(this);
  }

  /** Mask (u8): this &lt; b. */
  public Tensor lt(Tensor b) {
    return apply(new Compare(Comparison.LT), b);
  }

  /** Mask (u8): this ≤ b. */
  public Tensor le(Tensor b) {
    return apply(new Compare(Comparison.LE), b);
  }

  /** Mask (u8): this = b. */
  public Tensor eq(Tensor b) {
    return apply(new Compare(Comparison.EQ), b);
  }

  /** For a u8 mask: a where it is not 0, else b. */
  public Tensor select(Tensor a, Tensor b) {
    return apply(new Select(), a, b);
  }

  /** The same numbers in another element type; this tensor when nothing changes. */
  public Tensor cast(DType dtype) {
    return dtype == dtype() ? this : apply(new Cast(dtype));
  }

  /** The same value, through which no gradient passes. */
  public Tensor stopGradient() {
    return apply(new StopGradient());
  }

  /**
   * The same elements in another shape; one size may be −1 and is worked out. This tensor when
   * nothing changes.
   */
  public Tensor reshape(long... sizes) {
    long[] s = sizes.clone();
    long known = 1;
    int open = -1;
    for (int i = 0; i < s.length; i++) {
      if (s[i] == -1) {
        open = i;
      } else {
        known *= s[i];
      }
    }
    if (open >= 0 && known > 0) {
      s[open] = type.elements() / known;
    }
    return reshape(Shape.of(s));
  }

  /** The same elements in another shape; this tensor when nothing changes. */
  public Tensor reshape(Shape shape) {
    return shape.equals(shape()) ? this : apply(new Movement.Reshape(shape));
  }

  /** Axis i of the result is axis {@code axes[i]} of this. */
  public Tensor permute(int... axes) {
    List<Integer> order = IntStream.of(axes).boxed().toList();
    boolean same = order.equals(IntStream.range(0, shape().rank()).boxed().toList());
    return same ? this : apply(new Movement.Permute(order));
  }

  /** Repeats along axes of size 1; of the same rank. This tensor when nothing changes. */
  public Tensor expand(Shape shape) {
    return shape.equals(shape()) ? this : apply(new Movement.Expand(shape));
  }

  /** Zeros added, or elements removed where negative, before and after one axis. */
  public Tensor pad(int axis, long before, long after) {
    List<Long> lo = Movement.perAxis(shape().rank(), 0);
    List<Long> hi = Movement.perAxis(shape().rank(), 0);
    lo.set(shape().axis(axis), before);
    hi.set(shape().axis(axis), after);
    return before == 0 && after == 0
        ? this
        : apply(new Movement.Pad(lo, hi, Movement.PadMode.ZERO));
  }

  /** Elements {@code start … start + size − 1} of an axis. */
  public Tensor slice(int axis, long start, long size) {
    return slice(axis, start, size, 1);
  }

  /** {@code size} elements of an axis, from {@code start} in steps. */
  public Tensor slice(int axis, long start, long size, long step) {
    int a = shape().axis(axis);
    List<Long> starts = Movement.perAxis(shape().rank(), 0);
    List<Long> steps = Movement.perAxis(shape().rank(), 1);
    starts.set(a, start);
    steps.set(a, step);
    boolean whole = start == 0 && size == dim(a) && step == 1;
    return whole ? this : apply(new Movement.Slice(starts, shape().with(a, size), steps));
  }

  /** Reverses the order along axes. */
  public Tensor flip(int... axes) {
    return apply(new Movement.Flip(IntStream.of(axes).map(shape()::axis).boxed().toList()));
  }

  /** Sum along axes, which stay with size 1. */
  public Tensor sum(int... axes) {
    return reduce(Reduction.Kind.SUM, axes);
  }

  /** Largest element along axes, which stay with size 1. */
  public Tensor reduceMax(int... axes) {
    return reduce(Reduction.Kind.MAX, axes);
  }

  private Tensor reduce(Reduction.Kind kind, int... axes) {
    List<Integer> a = IntStream.of(axes).map(shape()::axis).sorted().distinct().boxed().toList();
    return a.isEmpty() ? this : apply(new Reduction.Reduce(kind, a));
  }

  /** Mean along axes, which stay with size 1. */
  public Tensor mean(int... axes) {
    Tensor sum = sum(axes);
    return sum.mul((double) sum.type.elements() / type.elements());
  }

  /** Matrix product over the last two axes. */
  public Tensor matmul(Tensor b) {
    return apply(new Linear.MatMul(false, false), b);
  }

  /** Matrix product with b's last two axes exchanged: rows of this with rows of b. */
  public Tensor matmulTransposed(Tensor b) {
    return apply(new Linear.MatMul(false, true), b);
  }

  /** For example {@code add → f32[2, 512]}. */
  @Override
  public String toString() {
    return node.op().name() + " → " + type;
  }
}
