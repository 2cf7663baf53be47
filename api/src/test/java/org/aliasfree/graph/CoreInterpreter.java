package org.aliasfree.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * Evaluates graphs lowered to the core, in double precision whatever the floating-point type.
 * Written for these tests, independently of every backend.
 */
final class CoreInterpreter {
  private final Map<String, double[]> inputs;
  private final Map<Tensor, double[]> values = new HashMap<>();

  private CoreInterpreter(Map<String, double[]> inputs) {
    this.inputs = inputs;
  }

  /** Values of tensors, in row-major order. */
  static List<double[]> evaluate(List<Tensor> tensors, Map<String, double[]> inputs) {
    Graph.Builder builder = Graph.builder();
    for (int i = 0; i < tensors.size(); i++) {
      builder.output("output " + i, tensors.get(i));
    }
    Graph core = Lowering.lower(builder.build(), Op::isCore);
    CoreInterpreter interpreter = new CoreInterpreter(inputs);
    for (Node node : core.nodes()) {
      interpreter.values.put(node.outputs().getFirst(), interpreter.value(node));
    }
    return core.outputs().values().stream().map(interpreter::of).toList();
  }

  private double[] of(Tensor t) {
    return Objects.requireNonNull(values.get(t));
  }

  private double[] value(Node node) {
    Tensor y = node.outputs().getFirst();
    return switch (node.op()) {
      case Source op -> source(op, y);
      case Elementwise op -> elementwise(op, node, y);
      case Reduction.Reduce op -> reduce(op, node.inputs().getFirst(), y);
      case Movement op -> movement(op, node, y);
      case Linear.MatMul op -> matmul(op, node.inputs().get(0), node.inputs().get(1), y);
      default -> throw new AssertionError(node + " is not core");
    };
  }

  private double[] source(Source op, Tensor y) {
    double[] out = new double[y.shape().elements() > 0 ? (int) y.shape().elements() : 0];
    switch (op) {
      case Source.Input in -> {
        double[] given = Objects.requireNonNull(inputs.get(in.inputName()), in.inputName());
        assert given.length == out.length : in;
        return given;
      }
      case Source.Read r -> throw new AssertionError("no variables in these tests");
      case Source.Constant c -> Arrays.setAll(out, i -> c.value().get(i));
      case Source.Fill f -> Arrays.fill(out, f.value());
      case Source.Iota iota -> {
        long stride = y.shape().strides()[iota.axis()];
        Arrays.setAll(out, i -> (double) (i / stride % y.dim(iota.axis())));
      }
    }
    return out;
  }

  // Offsets into a tensor with these strides, for each element of a shape in row-major order.
  private static int[] offsets(Shape shape, long[] strides, long start) {
    int[] offsets = new int[(int) shape.elements()];
    long[] index = new long[shape.rank()];
    long at = start;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = (int) at;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        at -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return offsets;
  }

  // Strides that repeat t along the axes of a larger shape.
  private static long[] broadcast(Shape t, Shape shape) {
    long[] strides = new long[shape.rank()];
    long[] own = t.strides();
    for (int i = 0; i < t.rank(); i++) {
      strides[shape.rank() - t.rank() + i] = t.dim(i) == 1 ? 0 : own[i];
    }
    return strides;
  }

  private double[] read(Tensor x, Shape shape, long[] strides, long start) {
    double[] data = of(x);
    return Arrays.stream(offsets(shape, strides, start)).mapToDouble(i -> data[i]).toArray();
  }

  private double[] spread(Tensor x, Tensor y) {
    return read(x, y.shape(), broadcast(x.shape(), y.shape()), 0);
  }

  private double[] elementwise(Elementwise op, Node node, Tensor y) {
    List<double[]> in = node.inputs().stream().map(x -> spread(x, y)).toList();
    double[] a = in.getFirst();
    double[] out = new double[a.length];
    switch (op) {
      case Elementwise.Unary u -> Arrays.setAll(out, i -> unary(u.function()).applyAsDouble(a[i]));
      case Elementwise.Binary b -> {
        DoubleBinaryOperator f = binary(b.function(), y.dtype());
        Arrays.setAll(out, i -> f.applyAsDouble(a[i], in.get(1)[i]));
      }
      case Elementwise.Compare c ->
          Arrays.setAll(out, i -> compare(c.comparison(), a[i], in.get(1)[i]) ? 1 : 0);
      case Elementwise.Select s -> Arrays.setAll(out, i -> a[i] != 0 ? in.get(1)[i] : in.get(2)[i]);
      case Elementwise.Cast c -> Arrays.setAll(out, i -> c.dtype().isFloat() ? a[i] : (int) a[i]);
      case Elementwise.StopGradient s -> Arrays.setAll(out, i -> a[i]);
    }
    return out;
  }

  private static DoubleUnaryOperator unary(UnaryFunction f) {
    return switch (f) {
      case NEG -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> Math::signum;
      case EXP -> Math::exp;
      case EXPM1 -> Math::expm1;
      case LOG -> Math::log;
      case LOG1P -> Math::log1p;
      case SIN -> Math::sin;
      case COS -> Math::cos;
      case TANH -> Math::tanh;
      case SQRT -> Math::sqrt;
      case RSQRT -> x -> 1 / Math.sqrt(x);
      case RECIPROCAL -> x -> 1 / x;
      case FLOOR -> Math::floor;
      case ROUND -> Math::rint;
    };
  }

  private static DoubleBinaryOperator binary(BinaryFunction f, DType dtype) {
    return switch (f) {
      case ADD -> (a, b) -> a + b;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> dtype.isFloat() ? (a, b) -> a / b : (a, b) -> (int) (a / b);
      case MIN -> Math::min;
      case MAX -> Math::max;
    };
  }

  private static boolean compare(Comparison c, double a, double b) {
    return switch (c) {
      case LT -> a < b;
      case LE -> a <= b;
      case EQ -> a == b;
      case NE -> a != b;
    };
  }

  private double[] reduce(Reduction.Reduce op, Tensor x, Tensor y) {
    boolean sum = op.kind() == Reduction.Kind.SUM;
    double[] data = of(x);
    double[] out = new double[(int) y.shape().elements()];
    Arrays.fill(out, sum ? 0 : Double.NEGATIVE_INFINITY);
    int[] target = offsets(x.shape(), broadcast(y.shape(), x.shape()), 0);
    for (int i = 0; i < data.length; i++) {
      int to = target[i];
      out[to] = sum ? out[to] + data[i] : Math.max(out[to], data[i]);
    }
    return out;
  }

  private double[] movement(Movement op, Node node, Tensor y) {
    Tensor x = node.inputs().getFirst();
    long[] strides = x.shape().strides();
    return switch (op) {
      case Movement.Reshape o -> of(x);
      case Movement.Expand o -> spread(x, y);
      case Movement.Permute o ->
          read(x, y.shape(), o.axes().stream().mapToLong(a -> strides[a]).toArray(), 0);
      case Movement.Slice o -> {
        long start = 0;
        for (int i = 0; i < strides.length; i++) {
          start += o.starts().get(i) * strides[i];
          strides[i] *= o.steps().get(i);
        }
        yield read(x, y.shape(), strides, start);
      }
      case Movement.Pad o -> pad(o, x, y);
      case Movement.Gather o -> {
        double[] index = of(node.inputs().get(1));
        long inner = strides[x.shape().axis(o.axis())];
        long n = x.dim(o.axis());
        double[] data = of(x);
        double[] out = new double[(int) y.shape().elements()];
        for (int i = 0; i < out.length; i++) {
          long k = (long) index[(int) (i / inner % index.length)];
          assert k >= 0 && k < n : k + " of " + n;
          out[i] = data[(int) ((i / inner / index.length * n + k) * inner + i % inner)];
        }
        yield out;
      }
      default -> throw new AssertionError(node + " is not core");
    };
  }

  private double[] pad(Movement.Pad op, Tensor x, Tensor y) {
    double[] data = of(x);
    double[] out = new double[(int) y.shape().elements()];
    long[] from = x.shape().strides();
    long[] to = y.shape().strides();
    for (int i = 0; i < data.length; i++) {
      long at = 0;
      boolean kept = true;
      for (int axis = 0; axis < from.length; axis++) {
        long k = i / from[axis] % x.dim(axis) + op.before().get(axis);
        kept &= k >= 0 && k < y.dim(axis);
        at += k * to[axis];
      }
      if (kept) {
        out[(int) at] = data[i];
      }
    }
    return out;
  }

  private double[] matmul(Linear.MatMul op, Tensor a, Tensor b, Tensor c) {
    int rank = c.shape().rank();
    int m = c.shape().intDim(-2);
    int n = c.shape().intDim(-1);
    int inner = a.shape().intDim(op.transposeA() ? -2 : -1);
    long[] ia = broadcast(a.shape(), c.shape());
    long[] ib = broadcast(b.shape(), c.shape());
    long[] sa = a.shape().strides();
    long[] sb = b.shape().strides();
    int rowA = (int) sa[sa.length - (op.transposeA() ? 1 : 2)];
    int innerA = (int) sa[sa.length - (op.transposeA() ? 2 : 1)];
    int innerB = (int) sb[sb.length - (op.transposeB() ? 1 : 2)];
    int columnB = (int) sb[sb.length - (op.transposeB() ? 2 : 1)];
    Shape batch = Shape.of(Arrays.copyOf(c.shape().toArray(), rank - 2));
    int[] startA = offsets(batch, ia, 0);
    int[] startB = offsets(batch, ib, 0);
    double[] da = of(a);
    double[] db = of(b);
    double[] out = new double[(int) c.shape().elements()];
    for (int i = 0; i < out.length; i++) {
      int p = startA[i / n / m] + i / n % m * rowA;
      int q = startB[i / n / m] + i % n * columnB;
      for (int k = 0; k < inner; k++) {
        out[i] += da[p + k * innerA] * db[q + k * innerB];
      }
    }
    return out;
  }
}
