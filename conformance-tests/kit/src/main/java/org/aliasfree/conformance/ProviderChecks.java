package org.aliasfree.conformance;

import java.util.Arrays;
import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** The rules about providers and plans. */
final class ProviderChecks {
  private final Subject subject;

  ProviderChecks(Subject subject) {
    this.subject = subject;
  }

  void theProviderTellsAboutItself() {
    BackendProvider provider = subject.provider();
    must(
        provider.id().matches("[a-z0-9]+(-[a-z0-9]+)*"),
        Rule.SPI_1,
        "its id is \"" + provider.id() + "\", which is not lower-case words joined by hyphens.");
    must(
        provider.spiVersion() == BackendProvider.SPI_VERSION,
        Rule.SPI_1,
        "its version is " + provider.spiVersion() + ", not " + BackendProvider.SPI_VERSION + ".");
    must(
        provider.probe() instanceof Availability.Available a
            && !a.devices().isEmpty()
            && a.score() > 0
            && !a.note().isBlank(),
        Rule.SPI_1,
        "its probe says " + provider.probe() + " though it could be opened.");
    must(
        subject.backend().id().equals(provider.id()) && !subject.backend().description().isBlank(),
        Rule.SPI_1,
        "the open backend calls itself \"" + subject.backend().id() + "\".");
    must(
        subject.backend().dtypes().containsAll(List.of(DType.F32, DType.I32, DType.U8)),
        Rule.SPI_1,
        "it has the types " + subject.backend().dtypes() + "; f32, i32 and u8 are needed.");
  }

  private static void must(boolean condition, Rule rule, String otherwise) {
    if (!condition) {
      throw new Violation(rule, otherwise);
    }
  }

  void unknownDevicesAreRefused() {
    try (Backend opened = subject.provider().open(subject.options().withDevice("no-such-device"))) {
      throw new Violation(
          Rule.SPI_2, "it opened the device no-such-device: " + opened.description() + ".");
    } catch (BackendUnavailableException e) {
      must(
          String.valueOf(e.getMessage()).contains("no-such-device"),
          Rule.SPI_2,
          "the message does not name the device: " + e.getMessage());
    }
  }

  void theCoreIsNativeAndPlansTellTheirSteps() {
    for (Op op : core()) {
      must(
          subject.backend().isNative(op),
          Rule.SPI_3,
          op + " belongs to the core and is not native.");
    }
    Variable weight = new Variable("weight", TensorType.f32(4));
    Graph graph =
        Graph.builder()
            .output("y", Ops.input("x", TensorType.f32(1000, 4)).mul(Ops.read(weight)).exp())
            .build();
    try (VariableStore store = subject.backend().createStore(List.of(weight));
        CompiledProgram program = subject.backend().compile(Program.of("main", graph), store)) {
      Plan plan = program.plan("main");
      must(plan.graph() == graph, Rule.SPI_3, "a plan does not give back its graph.");
      must(!plan.steps().isEmpty(), Rule.SPI_3, "a plan tells no steps.");
      must(
          plan.runBytes() >= 4000 * 4,
          Rule.SPI_3,
          "a run takes " + plan.runBytes() + " bytes, but its input alone has 16000.");
    }
  }

  private static List<Op> core() {
    List<Op> some =
        List.of(
            new Source.Fill(TensorType.f32(2), 1),
            new Source.Iota(Shape.of(2), 0, DType.I32),
            new Source.Constant(HostTensor.scalar(DType.F32, 1)),
            new Source.Input("x", TensorType.f32(2)),
            new Elementwise.Select(),
            new Elementwise.Cast(DType.F32),
            new Elementwise.StopGradient(),
            new Movement.Reshape(Shape.of(2)),
            new Movement.Permute(List.of(1, 0)),
            new Movement.Expand(Shape.of(2)),
            new Movement.Pad(List.of(1L), List.of(0L), Movement.PadMode.ZERO),
            new Movement.Slice(List.of(0L), Shape.of(1), List.of(1L)),
            new Movement.Gather(0));
    List<Op> all = new java.util.ArrayList<>(some);
    Arrays.stream(Elementwise.UnaryFunction.values()).map(Elementwise.Unary::new).forEach(all::add);
    Arrays.stream(Elementwise.BinaryFunction.values())
        .map(Elementwise.Binary::new)
        .forEach(all::add);
    Arrays.stream(Elementwise.Comparison.values()).map(Elementwise.Compare::new).forEach(all::add);
    Arrays.stream(Reduction.Kind.values())
        .map(k -> new Reduction.Reduce(k, List.of(0)))
        .forEach(all::add);
    for (boolean ta : new boolean[] {false, true}) {
      all.add(new Linear.MatMul(ta, false));
      all.add(new Linear.MatMul(ta, true));
    }
    return all;
  }
}
