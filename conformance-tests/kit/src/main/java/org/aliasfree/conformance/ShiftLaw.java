package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.graph.Graph;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Op;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** The law of shifts: what is moved before a filter is moved after it. */
final class ShiftLaw {
  private final Subject subject;

  ShiftLaw(Subject subject) {
    this.subject = subject;
  }

  /** What is moved before a filter is moved by its factors after it. */
  void check() {
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
    HostTensor y = LawChecks.get(Execution.once(subject.backend(), graph, values), "y0");
    Expected expected =
        Objects.requireNonNull(
            subject.oracle().expect(graph, values, subject.backend()::errorFactor).get("y0"));
    values.put("x0", second);
    compareShifted(
        op,
        y,
        LawChecks.get(Execution.once(subject.backend(), graph, values), "y0"),
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
          double allowed = 2 * ErrorModel.UNITS * Math.sqrt(LawChecks.variance(expected, from));
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
}
