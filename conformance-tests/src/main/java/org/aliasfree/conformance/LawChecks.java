package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Algebraic laws: they hold whatever a definition says, so they would show a mistake in it. */
final class LawChecks {
  private final Subject subject;

  LawChecks(Subject subject) {
    this.subject = subject;
  }

  /** The inputs in which an op is linear. */
  static List<Integer> linearIn(Op op) {
    return switch (op) {
      case Fused.ModulatedConv2d o -> List.of(0, 1, 2, 3);
      case Fused.SignedFilter o -> List.of(0);
      case Linear o -> List.of(0, 1);
      case Resampling.GridSampleGridGradient o -> List.of(0, 1);
      case Resampling o -> List.of(0);
      case Movement.Concat o -> List.of();
      case Movement o -> List.of(0);
      case Reduction.Reduce o -> o.kind() == Reduction.Kind.SUM ? List.of(0) : List.of();
      default -> List.of();
    };
  }

  /** An input that holds special values has no products to compare. */
  private static boolean isPlain(Case c) {
    return c.arguments().stream().noneMatch(a -> a.content() == Content.SPECIAL);
  }

  private static HostTensor get(Map<String, HostTensor> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** ⟨Ax, c⟩ = ⟨x, Aᵀc⟩, the right side by the gradient. */
  void checkAdjoint(Case c) {
    List<Integer> linear = linearIn(c.op());
    if (linear.isEmpty() || !isPlain(c)) {
      return;
    }
    OpChecks.naming(
        c,
        () -> {
          Node node = c.node();
          Tensor y = node.outputs().getFirst();
          Tensor cotangent = Ops.input("c", y.type());
          Graph.Builder builder = Graph.builder().output("y", y);
          for (int i : linear) {
            builder.output(
                "g" + i, Gradients.of(y, cotangent).wrt(node.inputs().get(i)).getFirst());
          }
          Map<String, HostTensor> values = c.values(0);
          values.put("c", Content.NORMAL.fill(y.type(), 0, c.random(99, 0)));
          Graph graph = builder.build();
          Map<String, HostTensor> got = Execution.once(subject.backend(), graph, values);
          Map<String, Expected> expected =
              subject.oracle().expect(graph, values, subject.backend()::errorFactor);
          double[] left = product(get(got, "y"), get(values, "c"), expected.get("y"));
          for (int i : linear) {
            double[] right =
                product(get(got, "g" + i), get(values, Case.name(i)), expected.get("g" + i));
            double allowed = ErrorModel.UNITS * Math.sqrt(left[1] + right[1]);
            if (!(Math.abs(left[0] - right[0]) <= allowed)) {
              throw new Violation(
                  Rule.LAW_1,
                  "for input "
                      + i
                      + " <Ax, c> is "
                      + left[0]
                      + " and <x, A'c> is "
                      + right[0]
                      + ", which may differ by "
                      + allowed
                      + ".");
            }
          }
        });
  }

  /** The product of two tensors, and the variance of its error. */
  private static double[] product(
      HostTensor got, HostTensor with, @org.jspecify.annotations.Nullable Expected expected) {
    HostTensor variance = Objects.requireNonNull(expected).variance();
    double sum = 0;
    double error = 0;
    double size = 0;
    for (long i = 0; i < got.type().elements(); i++) {
      sum += got.get(i) * with.get(i);
      size += Math.abs(got.get(i) * with.get(i));
      error += variance == null ? 0 : variance.get(i) * with.get(i) * with.get(i);
    }
    return new double[] {sum, error + Math.pow(size * 0x1p-50, 2)};
  }

  /** A(2x − x'/2) = 2Ax − Ax'/2, with x and x' such that nothing is rounded on the left. */
  void checkLinear(Case c) {
    List<Integer> linear = linearIn(c.op());
    if (linear.isEmpty() || !isPlain(c) || c.arguments().getFirst().type().dtype() == DType.F16) {
      return;
    }
    OpChecks.naming(
        c,
        () -> {
          Graph graph = new CaseGraph(c, false).graph();
          for (int i : linear) {
            String name = Case.name(i);
            Map<String, HostTensor> values = c.values(0);
            HostTensor a = steps(get(values, name));
            HostTensor b = steps(get(c.values(1), name));
            HostTensor both = HostTensor.allocate(a.type());
            for (long k = 0; k < a.type().elements(); k++) {
              both.set(k, 2 * a.get(k) - b.get(k) / 2);
            }
            checkSum(graph, values, name, List.of(a, b, both));
          }
        });
  }

  /** Rounded to multiples of 1/64. */
  private static HostTensor steps(HostTensor t) {
    for (long i = 0; i < t.type().elements(); i++) {
      t.set(i, Math.rint(t.get(i) * 64) / 64);
    }
    return t;
  }

  private void checkSum(
      Graph graph, Map<String, HostTensor> values, String name, List<HostTensor> xs) {
    HostTensor[] y = new HostTensor[3];
    Expected[] expected = new Expected[3];
    for (int k = 0; k < 3; k++) {
      Map<String, HostTensor> with = new LinkedHashMap<>(values);
      with.put(name, xs.get(k));
      y[k] = get(Execution.once(subject.backend(), graph, with), "y0");
      expected[k] =
          Objects.requireNonNull(
              subject.oracle().expect(graph, with, subject.backend()::errorFactor).get("y0"));
    }
    for (long i = 0; i < y[0].type().elements(); i++) {
      double right = 2 * y[0].get(i) - y[1].get(i) / 2;
      double variance =
          4 * variance(expected[0], i) + variance(expected[1], i) / 4 + variance(expected[2], i);
      double allowed = ErrorModel.UNITS * Math.sqrt(variance);
      if (Double.isFinite(allowed) && !(Math.abs(y[2].get(i) - right) <= allowed)) {
        throw new Violation(
            Rule.LAW_2,
            "element "
                + i
                + " of A(2x - x'/2) in "
                + name
                + " is "
                + y[2].get(i)
                + ", but 2Ax - Ax'/2 is "
                + right
                + ".");
      }
    }
  }

  private static double variance(Expected e, long i) {
    return e.variance() == null ? 0 : e.variance().get(i);
  }

  /** What is moved before a filter is moved by its factors after it. */
  void checkShift() {
    Random random = new Random(11);
    for (int attempt = 0; attempt < 6; attempt++) {
      int up = 1 << random.nextInt(3);
      int down = 1 << random.nextInt(3);
      TensorType taps = random.nextBoolean() ? TensorType.f32(7) : TensorType.f32(5, 6);
      shifted(
          new Resampling.Upfirdn2d(
              new FirGeometry(up, up, down, down, 8, 8, 8, 8, random.nextBoolean(), 1.5)),
          up,
          down,
          List.of(Content.NORMAL.fill(taps, 0, random)));
      shifted(
          new Fused.FilteredLrelu(
              new FilteredActivation(up, down, 8, 8, 8, 8, 1.3, 0.2, 1.1, random.nextBoolean())),
          up,
          down,
          List.of(
              HostTensor.allocate(TensorType.f32(2)),
              Content.NORMAL.fill(taps, 0, random),
              Content.NORMAL.fill(TensorType.f32(6), 0, random)));
    }
  }

  private void shifted(Op op, int up, int down, List<HostTensor> others) {
    // Moved by so many pixels, the up-sampled image moves by a multiple of what is kept.
    int step = Math.max(1, down / up);
    int move = step * up / down;
    TensorType type = TensorType.f32(1, 2, 40, 44);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    List<Argument> arguments =
        new java.util.ArrayList<>(List.of(Argument.of(type, Content.NORMAL)));
    for (int i = 0; i < others.size(); i++) {
      values.put(Case.name(i + 1), others.get(i));
      arguments.add(Argument.of(others.get(i).type(), Content.NORMAL));
    }
    Graph graph = new CaseGraph(new Case(op, arguments, 1), false).graph();
    HostTensor first = HostTensor.allocate(type);
    HostTensor second = HostTensor.allocate(type);
    Random random = new Random(7);
    for (long channel = 0; channel < 2; channel++) {
      for (long i = 12; i < 20; i++) {
        for (long j = 12; j < 20; j++) {
          double value = random.nextGaussian();
          first.set((channel * 40 + i) * 44 + j, value);
          second.set((channel * 40 + i + 2L * step) * 44 + j + 3L * step, value);
        }
      }
    }
    values.put("x0", first);
    HostTensor y = get(Execution.once(subject.backend(), graph, values), "y0");
    Expected expected =
        Objects.requireNonNull(
            subject.oracle().expect(graph, values, subject.backend()::errorFactor).get("y0"));
    values.put("x0", second);
    compareShifted(
        op,
        y,
        get(Execution.once(subject.backend(), graph, values), "y0"),
        expected,
        2 * move,
        3 * move);
  }

  private static void compareShifted(
      Op op, HostTensor y, HostTensor moved, Expected expected, int down, int right) {
    Shape s = y.shape();
    for (long c = 0; c < s.dim(1); c++) {
      for (long i = 0; i + down < s.dim(2); i++) {
        for (long j = 0; j + right < s.dim(3); j++) {
          long from = (c * s.dim(2) + i) * s.dim(3) + j;
          long to = (c * s.dim(2) + i + down) * s.dim(3) + j + right;
          double allowed = 2 * ErrorModel.UNITS * Math.sqrt(variance(expected, from));
          if (!(Math.abs(moved.get(to) - y.get(from)) <= allowed)) {
            throw new Violation(
                Rule.LAW_3,
                op
                    + " gave "
                    + moved.get(to)
                    + " instead of "
                    + y.get(from)
                    + " at ("
                    + (i + down)
                    + ", "
                    + (j + right)
                    + ") when its input was moved.");
          }
        }
      }
    }
  }

  /** ⟨gradient, v⟩ against (f(x + hv) − f(x − hv)) / 2h in f64. */
  void checkFiniteDifferences(Case c) {
    boolean floats = c.arguments().stream().anyMatch(a -> a.type().dtype() == DType.F64);
    if (!floats || !isPlain(c) || c.op() instanceof Elementwise.Cast) {
      return;
    }
    OpChecks.naming(c, () -> differences(c));
  }

  private void differences(Case c) {
    Node node = c.node();
    Tensor y = node.outputs().getFirst();
    if (!y.dtype().isFloat() || c.op() instanceof Elementwise.StopGradient) {
      return;
    }
    List<Integer> xs =
        c.floats().stream().filter(i -> c.arguments().get(i).type().dtype() == DType.F64).toList();
    Tensor cotangent = Ops.input("c", y.type());
    Graph.Builder builder = Graph.builder();
    for (int i : xs) {
      builder.output("g" + i, Gradients.of(y, cotangent).wrt(node.inputs().get(i)).getFirst());
    }
    Map<String, HostTensor> values = c.values(0);
    values.put("c", Content.NORMAL.fill(y.type(), 0, c.random(99, 0)));
    Map<String, HostTensor> gradients = Execution.once(subject.backend(), builder.build(), values);
    Map<String, HostTensor> directions = c.values(2);
    double slope = 0;
    double size = 0;
    for (int i : xs) {
      double[] part = dot(get(gradients, "g" + i), get(directions, Case.name(i)));
      slope += part[0];
      size += part[1];
    }
    Graph forward = Graph.builder().output("f", y.mul(cotangent)).build();
    double nearest = Double.POSITIVE_INFINITY;
    // A kink within a step would spoil the difference; within all three it hardly lies.
    for (double h : new double[] {1e-5, 1e-6, 1e-7}) {
      double[] above = moved(forward, values, directions, xs, h);
      double[] below = moved(forward, values, directions, xs, -h);
      double off = Math.abs((above[0] - below[0]) / (2 * h) - slope);
      nearest = Math.min(nearest, off / (1e-6 * (1 + size + above[1]) + 1e-15 * above[1] / h));
    }
    if (!(nearest <= 1)) {
      throw new Violation(
          Rule.LAW_4,
          "the slope along a random direction is "
              + slope
              + ", which finite differences miss by "
              + nearest
              + " times what is allowed.");
    }
  }

  private static double[] dot(HostTensor a, HostTensor b) {
    double sum = 0;
    double size = 0;
    for (long k = 0; k < a.type().elements(); k++) {
      sum += a.get(k) * b.get(k);
      size += Math.abs(a.get(k) * b.get(k));
    }
    return new double[] {sum, size};
  }

  private double[] moved(
      Graph forward,
      Map<String, HostTensor> values,
      Map<String, HostTensor> directions,
      List<Integer> xs,
      double h) {
    Map<String, HostTensor> moved = new LinkedHashMap<>(values);
    for (int i : xs) {
      HostTensor x = get(values, Case.name(i));
      HostTensor to = HostTensor.allocate(x.type());
      HostTensor v = get(directions, Case.name(i));
      for (long k = 0; k < x.type().elements(); k++) {
        to.set(k, x.get(k) + h * v.get(k));
      }
      moved.put(Case.name(i), to);
    }
    HostTensor f = get(Execution.once(subject.backend(), forward, moved), "f");
    HostTensor ones = HostTensor.allocate(f.type());
    for (long k = 0; k < f.type().elements(); k++) {
      ones.set(k, 1);
    }
    return dot(f, ones);
  }
}
