package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;

/** Gradients against finite differences in f64. */
final class DifferenceLaw {
  private final Subject subject;

  DifferenceLaw(Subject subject) {
    this.subject = subject;
  }

  /**
   * ⟨gradient, v⟩ against (f(x + hv) − f(x − hv)) / 2h in f64. Equal elements, where the maximum
   * has a kink, are left out.
   */
  void check(Case c) {
    boolean floats = c.arguments().stream().anyMatch(a -> a.type().dtype() == DType.F64);
    boolean equal =
        c.arguments().stream()
            .anyMatch(a -> a.type().dtype().isFloat() && a.content() == Content.WHOLE);
    if (!floats || equal || !LawChecks.isPlain(c) || c.op() instanceof Elementwise.Cast) {
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
      double[] part =
          dot(LawChecks.get(gradients, "g" + i), LawChecks.get(directions, Case.name(i)));
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
      HostTensor x = LawChecks.get(values, Case.name(i));
      HostTensor to = HostTensor.allocate(x.type());
      HostTensor v = LawChecks.get(directions, Case.name(i));
      for (long k = 0; k < x.type().elements(); k++) {
        to.set(k, x.get(k) + h * v.get(k));
      }
      moved.put(Case.name(i), to);
    }
    HostTensor f = LawChecks.get(Execution.once(subject.backend(), forward, moved), "f");
    HostTensor ones = HostTensor.allocate(f.type());
    for (long k = 0; k < f.type().elements(); k++) {
      ones.set(k, 1);
    }
    return dot(f, ones);
  }
}
