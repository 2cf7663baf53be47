package example.toy;

import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.support.HostKernels;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/** A loop for every op of the core: each element of the output is computed by itself. */
final class ToyKernels implements HostKernels<Object> {
  /** Makes a mistake that the kit must find; see the README. */
  private static final boolean MISTAKE = Boolean.getBoolean("toy.mistake");

  /** The inputs and the output of a node while it is computed. */
  private record Frame(Node node, Kernel.Call<Object> call) {
    HostTensor in(int i) {
      return new HostTensor(node.inputs().get(i).type(), call.in(i));
    }

    HostTensor out() {
      return new HostTensor(node.outputs().getFirst().type(), call.out(0));
    }
  }

  /** The value of the output's element at these indices. */
  private interface Element {
    double at(long[] index);
  }

  @Override
  public Set<DType> dtypes() {
    return Set.of(DType.F32, DType.I32, DType.U8);
  }

  @Override
  public boolean isNative(Op op) {
    return op.isCore();
  }

  @Override
  public Object newScratch() {
    return this;
  }

  @Override
  public Kernel<Object> kernel(Node node) {
    return call -> {
      Frame f = new Frame(node, call);
      HostTensor y = f.out();
      Element element = element(f);
      long[] strides = y.shape().strides();
      long[] index = new long[strides.length];
      for (long i = 0; i < y.type().elements(); i++) {
        for (int a = 0; a < index.length; a++) {
          index[a] = i / strides[a] % y.shape().dim(a);
        }
        y.set(i, element.at(index));
      }
    };
  }

  private static Element element(Frame f) {
    return switch (f.node().op()) {
      case Source.Fill o -> at -> o.value();
      case Source.Iota o -> at -> at[o.axis()];
      case Source.Constant o -> at -> o.value().get(place(o.value().shape(), at));
      case Elementwise o -> elementwise(o, f);
      case Reduction.Reduce o -> reduce(o, f.in(0));
      case Movement o -> movement(o, f);
      case Linear.MatMul o -> matmul(o, f.in(0), f.in(1));
      default -> throw new IllegalArgumentException(f.node() + " should have been lowered");
    };
  }

  /** The place in a tensor of this shape that is broadcast to an output with this index. */
  private static long place(Shape shape, long[] index) {
    long[] strides = shape.strides();
    long place = 0;
    for (int a = 0; a < strides.length; a++) {
      long i = index[index.length - strides.length + a];
      place += (shape.dim(a) == 1 ? 0 : i) * strides[a];
    }
    return place;
  }

  private static Element elementwise(Elementwise op, Frame f) {
    HostTensor a = f.in(0);
    Element x = at -> a.get(place(a.shape(), at));
    return switch (op) {
      case Elementwise.Unary o -> at -> unary(o.function(), x.at(at));
      case Elementwise.Binary o -> {
        HostTensor b = f.in(1);
        yield at -> binary(o.function(), x.at(at), b.get(place(b.shape(), at)));
      }
      case Elementwise.Compare o -> {
        HostTensor b = f.in(1);
        yield at -> holds(o.comparison(), x.at(at), b.get(place(b.shape(), at))) ? 1 : 0;
      }
      case Elementwise.Select o -> {
        HostTensor b = f.in(1);
        HostTensor c = f.in(2);
        yield at -> x.at(at) != 0 ? b.get(place(b.shape(), at)) : c.get(place(c.shape(), at));
      }
      case Elementwise.Cast o -> x;
      case Elementwise.StopGradient o -> x;
    };
  }

  private static double unary(Elementwise.UnaryFunction function, double x) {
    return switch (function) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case EXP -> Math.exp(x);
      case EXPM1 -> Math.expm1(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TANH -> Math.tanh(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case FLOOR -> Math.floor(x);
      case ROUND -> Math.rint(x);
    };
  }

  private static double binary(Elementwise.BinaryFunction function, double a, double b) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }

  private static boolean holds(Elementwise.Comparison comparison, double a, double b) {
    return switch (comparison) {
      case LT -> a < b;
      case LE -> a <= b;
      case EQ -> a == b;
      case NE -> a != b;
    };
  }

  private static Element reduce(Reduction.Reduce op, HostTensor x) {
    boolean sum = op.kind() == Reduction.Kind.SUM;
    long[] strides = x.shape().strides();
    long count = 1;
    for (int axis : op.axes()) {
      count *= x.shape().dim(axis);
    }
    long all = count;
    return at -> {
      double y = sum ? 0 : Double.NEGATIVE_INFINITY;
      for (long k = 0; k < all; k++) {
        long place = place(x.shape(), at);
        long rest = k;
        for (int axis : op.axes().reversed()) {
          place += (rest % x.shape().dim(axis) - at[axis]) * strides[axis];
          rest /= x.shape().dim(axis);
        }
        double value = x.get(place);
        y = sum ? y + value : Math.max(y, value);
      }
      return y;
    };
  }

  private static Element movement(Movement op, Frame f) {
    HostTensor x = f.in(0);
    long[] strides = x.shape().strides();
    return switch (op) {
      case Movement.Expand o -> at -> x.get(place(x.shape(), at));
      case Movement.Permute o ->
          at -> {
            long place = 0;
            for (int i = 0; i < at.length; i++) {
              place += at[i] * strides[o.axes().get(i)];
            }
            return x.get(place);
          };
      case Movement.Slice o ->
          at -> {
            long place = 0;
            for (int i = 0; i < at.length; i++) {
              place += (o.starts().get(i) + at[i] * o.steps().get(i)) * strides[i];
            }
            return x.get(place);
          };
      case Movement.Pad o -> pad(o, x);
      case Movement.Gather o -> gather(o, x, f.in(1));
      default -> throw new IllegalArgumentException(op + " should have been lowered");
    };
  }

  private static Element pad(Movement.Pad op, HostTensor x) {
    long[] strides = x.shape().strides();
    return at -> {
      long place = 0;
      for (int i = 0; i < at.length; i++) {
        long from = at[i] - op.before().get(i);
        if (MISTAKE && from >= 32) {
          from--;
        }
        if (from < 0 || from >= x.shape().dim(i)) {
          return 0;
        }
        place += from * strides[i];
      }
      return x.get(place);
    };
  }

  private static Element gather(Movement.Gather op, HostTensor x, HostTensor indices) {
    int axis = x.shape().axis(op.axis());
    long[] strides = x.shape().strides();
    return at -> {
      long place = 0;
      for (int i = 0; i < at.length; i++) {
        long from = i == axis ? (long) indices.get(at[i]) : at[i];
        if (from < 0 || from >= x.shape().dim(i)) {
          throw new AliasFreeException(
              "gather: the index " + from + " is not in axis " + axis + " of " + x.type() + ".");
        }
        place += from * strides[i];
      }
      return x.get(place);
    };
  }

  private static Element matmul(Linear.MatMul op, HostTensor a, HostTensor b) {
    long terms = a.shape().dim(op.transposeA() ? -2 : -1);
    return at -> {
      double sum = 0;
      for (long k = 0; k < terms; k++) {
        long m = at[at.length - 2];
        long n = at[at.length - 1];
        sum +=
            a.get(entry(a.shape(), at, op.transposeA() ? k : m, op.transposeA() ? m : k))
                * b.get(entry(b.shape(), at, op.transposeB() ? n : k, op.transposeB() ? k : n));
      }
      return sum;
    };
  }

  /** The place of an entry of the matrix that belongs to an output with this index. */
  private static long entry(Shape shape, long[] index, long row, long column) {
    long[] of = index.clone();
    of[of.length - 2] = row;
    of[of.length - 1] = column;
    long[] strides = shape.strides();
    long place = row * strides[strides.length - 2] + column;
    for (int a = 0; a < strides.length - 2; a++) {
      place += (shape.dim(a) == 1 ? 0 : of[of.length - strides.length + a]) * strides[a];
    }
    return place;
  }
}
