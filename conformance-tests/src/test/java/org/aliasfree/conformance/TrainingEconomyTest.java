package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.TrainingVariables;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That plans of training compute nothing that nobody needs, and hold nothing longer than needed.
 */
class TrainingEconomyTest {
  /** Ops whose cost counts. */
  private static final List<String> LARGE =
      List.of(
          "conv2d",
          "conv_transpose2d",
          "conv2d_weight_gradient",
          "modulated_conv2d",
          "filtered_lrelu",
          "signed_filter",
          "upfirdn2d");

  static Stream<GoldenCase> loops() {
    return Goldens.cases("training.loop").stream();
  }

  private static void withPlans(TrainingReplay replay, Consumer<CompiledProgram> test) {
    try (Backend backend = Backends.select("cpu-vector");
        VariableStore store = backend.createStore(replay.program.variables());
        CompiledProgram program = backend.compile(replay.program.program(false), store)) {
      test.accept(program);
    }
  }

  private static long count(Plan plan, String op) {
    return plan.steps().stream().filter(step -> step.op().equals(op)).count();
  }

  private static long convolutions(List<NetworkVariable> variables) {
    return variables.stream()
        .filter(v -> v.trainable() && v.variable().type().shape().rank() == 4)
        .count();
  }

  @ParameterizedTest
  @MethodSource("loops")
  void theInnerGradientOfR1HasNoWeightGradient(GoldenCase golden) {
    TrainingReplay replay = new TrainingReplay(golden);
    Graph.Builder builder = Graph.builder();
    ForwardPass pass = ForwardPass.inference(builder, SynthesisOptions.DEFAULTS);
    int size = replay.generator.imgResolution();
    Tensor images = Ops.input("images", TensorType.f32(4, 3, size, size));
    Tensor c = Ops.input("c", TensorType.f32(4, replay.generator.cDim()));
    Tensor logits = replay.discriminator.apply(images, c, pass);
    Tensor inner = Gradients.of(logits.sum(0, 1)).wrt(images).getFirst();
    Graph graph = builder.output("inner", inner).build();
    try (Backend backend = Backends.select("cpu-vector");
        VariableStore store = backend.createStore(graph.variables());
        CompiledProgram program = backend.compile(Program.of("inner", graph), store)) {
      Plan plan = program.plan("inner");
      assertThat(count(plan, "conv2d_weight_gradient")).isZero();
      // Forwards one convolution a layer, backwards one transposed.
      long layers = convolutions(replay.discriminator.variables());
      assertThat(count(plan, "conv2d")).isEqualTo(layers);
      assertThat(count(plan, "conv_transpose2d")).isEqualTo(layers);
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void aPhaseHasWeightGradientsOfItsOwnNetworkOnly(GoldenCase golden) {
    TrainingReplay replay = new TrainingReplay(golden);
    long ofG = convolutions(replay.generator.variables());
    long ofD = convolutions(replay.discriminator.variables());
    withPlans(
        replay,
        program -> {
          assertThat(count(program.plan("Gmain"), "conv2d_weight_gradient")).isEqualTo(ofG);
          assertThat(count(program.plan("Dmain.fake"), "conv2d_weight_gradient")).isEqualTo(ofD);
          assertThat(count(program.plan("Dmain.real"), "conv2d_weight_gradient")).isEqualTo(ofD);
          // Each weight twice, but for the last convolution: only its gradient depends on its
          // weight.
          assertThat(count(program.plan("Dreg"), "conv2d_weight_gradient")).isEqualTo(2 * ofD - 1);
          strangers()
              .forEach(
                  (entry, scope) -> {
                    Plan plan = program.plans().get(entry);
                    if (plan != null) {
                      assertThat(plan.graph().variables())
                          .as(entry)
                          .noneMatch(v -> v.name().startsWith(scope));
                    }
                  });
        });
  }

  /** Entries, and the network that they have nothing to do with. */
  private static Map<String, String> strangers() {
    return Map.of(
        "Greg",
        TrainingVariables.D,
        "Dmain.real",
        TrainingVariables.G,
        "Dreg",
        TrainingVariables.G);
  }

  @ParameterizedTest
  @MethodSource("loops")
  void theDiscriminatorsLossOnFakesCostsTheGeneratorForwardsOnce(GoldenCase golden) {
    withPlans(
        new TrainingReplay(golden),
        program -> {
          Plan fake = program.plan("Dmain.fake");
          Plan real = program.plan("Dmain.real");
          Plan generate = program.plan(TrainingProgram.GENERATE);
          for (String op : LARGE) {
            assertThat(count(fake, op)).as(op).isEqualTo(count(generate, op) + count(real, op));
          }
          // What the generator needed is free before the discriminator takes memory.
          assertThat(fake.runBytes())
              .isLessThan((long) (1.1 * Math.max(generate.runBytes(), real.runBytes())));
        });
  }

  @ParameterizedTest
  @MethodSource("loops")
  void gradientsAreTakenInTheOrderInWhichTheyBecomeKnown(GoldenCase golden) {
    TrainingReplay replay = new TrainingReplay(golden);
    Program program = replay.program.program(false);
    try (Backend backend = Backends.select("cpu-vector");
        VariableStore store = backend.createStore(replay.program.variables())) {
      for (String entry : List.of("Gmain", "Dmain.real")) {
        Graph graph = Objects.requireNonNull(program.entries().get(entry));
        assertThat(runBytes(backend, store, graph))
            .as(entry)
            .isLessThan((long) (0.7 * runBytes(backend, store, forwards(graph))));
      }
    }
  }

  private static long runBytes(Backend backend, VariableStore store, Graph graph) {
    try (CompiledProgram program = backend.compile(Program.of("graph", graph), store)) {
      return program.plan("graph").runBytes();
    }
  }

  /** The same graph with assignments in the opposite order. */
  private static Graph forwards(Graph graph) {
    Graph.Builder builder = Graph.builder();
    graph.outputs().forEach(builder::output);
    List<Map.Entry<Variable, Tensor>> assignments = new ArrayList<>(graph.assignments().entrySet());
    assignments.reversed().forEach(a -> builder.assign(a.getKey(), a.getValue()));
    return builder.build();
  }
}
