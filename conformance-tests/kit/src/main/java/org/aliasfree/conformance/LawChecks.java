package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;

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
  static boolean isPlain(Case c) {
    return c.arguments().stream().noneMatch(a -> a.content() == Content.SPECIAL);
  }

  static HostTensor get(Map<String, HostTensor> values, String name) {
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

  static double variance(Expected e, long i) {
    return e.variance() == null ? 0 : e.variance().get(i);
  }
}
