package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.EmaSchedule;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.TrainingVariables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Two iterations of the official training loop again, from the same values and random numbers:
 * every loss, gradient, parameter, moving average and mean.
 */
class TrainingLoopGoldenTest {
  /**
   * R1 does not depend smoothly on these biases. PyTorch's CPU code gives them a gradient of zero,
   * for which Adam counts a step; its CUDA code, like this project, gives them none, and Adam
   * passes over them. See {@link #checkPassedOver}.
   */
  private static final Set<String> PASSED_OVER = Set.of("b4.conv.bias", "b4.fc.bias");

  static Stream<Arguments> loops() {
    return TestBackends.ids().stream()
        .flatMap(id -> Goldens.cases("training.loop").stream().map(c -> Arguments.of(c, id)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("loops")
  void twoIterationsGiveTheOfficialNumbers(GoldenCase golden, String backendId) {
    TrainingReplay replay = new TrainingReplay(golden);
    TrainingProgram training = replay.program;
    try (Backend backend = Backends.select(backendId);
        VariableStore store = backend.createStore(training.variables());
        CompiledProgram program = backend.compile(training.program(false), store)) {
      GeneratorNetwork g =
          new GeneratorNetwork(
              replay.generator, replay.initial("G.", replay.generator.variables()));
      DiscriminatorNetwork d =
          new DiscriminatorNetwork(
              replay.discriminator, replay.initial("D.", replay.discriminator.variables()));
      training.initialize(store, g, d, g);
      new Loop(replay, store, program).run();
    }
  }

  private record Loop(TrainingReplay replay, VariableStore store, CompiledProgram program) {
    void run() {
      GoldenCase golden = replay.golden;
      Map<String, Long> steps = new HashMap<>();
      JsonNode iterations = golden.metadata("iterations");
      for (int i = 0; i < iterations.size(); i++) {
        int iteration = i;
        for (TrainingPhase phase : replay.program.phases()) {
          JsonNode call = call(iteration, phase.name());
          assertThat(call != null).as(phase.name()).isEqualTo(phase.isDue(iteration));
          if (call != null) {
            checkListed("it" + i + "." + phase.name() + ".before.");
            accumulate(phase, call);
            checkGradients(phase, iteration);
            steps.merge(phase.name(), 1L, Long::sum);
            assertThat(phase.steps(iteration + 1L)).isEqualTo(steps.get(phase.name()));
            try (Run run = program.plan(phase.apply()).newRun()) {
              phase.bindRates(run, name -> steps.getOrDefault(name, 0L));
              run.execute();
            }
          }
        }
        average(iterations.get(i));
        checkListed("it" + i + ".after.");
      }
    }

    private @Nullable JsonNode call(int iteration, String phase) {
      for (JsonNode call : replay.golden.metadata("calls")) {
        if (call.get("iteration").asInt() == iteration
            && call.get("phase").asString().equals(phase)) {
          return call;
        }
      }
      return null;
    }

    private void accumulate(TrainingPhase phase, JsonNode call) {
      String report = "it" + call.get("iteration").asInt() + "." + phase.name() + ".0.report.";
      double gain = call.get("gain").asDouble();
      assertThat((double) phase.interval()).isEqualTo(gain);
      HostTensor fakeLoss = null;
      for (String entry : phase.accumulate()) {
        Map<String, HostTensor> inputs = replay.inputs(call, entry);
        try (Run run = program.plan(entry).newRun()) {
          program
              .plan(entry)
              .graph()
              .inputs()
              .keySet()
              .forEach(name -> run.bind(name, Objects.requireNonNull(inputs.get(name), name)));
          run.execute();
          HostTensor loss = run.output(TrainingProgram.LOSS);
          switch (entry) {
            case "Gmain" -> replay.golden.assertMatches(report + "Loss/G/loss", loss);
            case "Greg" -> {
              replay.golden.assertMatches(report + "Loss/G/reg", loss);
              replay.golden.assertMatches(
                  report + "Loss/pl_penalty", run.output(TrainingProgram.PENALTY));
            }
            case "Dmain.fake" -> fakeLoss = loss;
            case "Dmain.real" ->
                replay.golden.assertMatches(
                    report + "Loss/D/loss", sum(loss, Objects.requireNonNull(fakeLoss)));
            case "Dreg" -> {
              replay.golden.assertMatches(report + "Loss/D/reg", loss);
              replay.golden.assertMatches(
                  report + "Loss/r1_penalty", run.output(TrainingProgram.PENALTY));
            }
            default -> throw new AssertionError(entry);
          }
          if (!entry.equals("Greg")) {
            String which = entry.equals("Gmain") || entry.equals("Dmain.fake") ? "fake" : "real";
            replay.golden.assertMatches(
                report + "Loss/scores/" + which, run.output(TrainingProgram.SCORES));
          }
        }
      }
    }

    private static HostTensor sum(HostTensor a, HostTensor b) {
      HostTensor sum = HostTensor.allocate(a.type());
      for (long i = 0; i < a.type().elements(); i++) {
        sum.set(i, a.get(i) + b.get(i));
      }
      return sum;
    }

    /** The gradients, and that a phase reaches the parameters that have one. */
    private void checkGradients(TrainingPhase phase, int iteration) {
      String prefix = "it" + iteration + "." + phase.name() + ".grad.";
      List<String> names =
          replay.golden.tensors().keySet().stream().filter(n -> n.startsWith(prefix)).toList();
      double usual = usualTolerance(names);
      Set<String> expected = new TreeSet<>();
      for (String name : names) {
        String parameter = phase.scope() + name.substring(prefix.length());
        expected.add(parameter);
        HostTensor value = replay.golden.tensor(name);
        HostTensor got = store.read(TrainingVariables.gradient(variable(parameter, value.type())));
        double atol = replay.golden.atol(name);
        if (value.type().elements() == 1) {
          atol = Math.max(atol, usual * Math.abs(value.get(0)));
        }
        replay.golden.assertMatches(name, got, atol, 0);
      }
      if (phase.name().equals("Dreg")) {
        PASSED_OVER.forEach(name -> expected.remove(phase.scope() + name));
      }
      Set<String> reached =
          program.plan(phase.apply()).graph().assignments().keySet().stream()
              .map(Variable::name)
              .filter(name -> name.startsWith(phase.scope()))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(reached).isEqualTo(expected);
    }

    /**
     * The median of tolerances relative to the largest element. The tolerance of a scalar follows
     * from the rounding error of one number, which may have been small by chance; the others tell
     * what is usual.
     */
    private double usualTolerance(List<String> names) {
      double[] relative =
          names.stream()
              .mapToDouble(n -> replay.golden.atol(n) / largest(replay.golden.tensor(n)))
              .sorted()
              .toArray();
      return relative[relative.length / 2];
    }

    private static double largest(HostTensor t) {
      return LongStream.range(0, t.type().elements())
          .mapToDouble(i -> Math.abs(t.get(i)))
          .max()
          .orElseThrow();
    }

    private void average(JsonNode iteration) {
      GoldenCase golden = replay.golden;
      EmaSchedule ema =
          new EmaSchedule(
              golden.param("ema_kimg").asDouble(),
              OptionalDouble.of(golden.param("ema_rampup").asDouble()));
      double beta =
          ema.beta(iteration.get("cur_nimg").asLong(), golden.param("batch_size").asInt());
      assertThat(beta).isCloseTo(iteration.get("ema_beta").asDouble(), within(1e-12));
      try (Run run = program.plan(TrainingProgram.EMA).newRun()) {
        run.bind(TrainingProgram.EMA_BETA, HostTensor.scalar(DType.F32, beta));
        run.execute();
      }
    }

    /** All tensors that the golden file lists at this point. */
    private void checkListed(String prefix) {
      Map<String, HostTensor> listed = new TreeMap<>();
      replay
          .golden
          .tensors()
          .forEach(
              (name, value) -> {
                if (name.startsWith(prefix)) {
                  listed.put(name.substring(prefix.length()), value);
                }
              });
      listed.forEach(
          (name, value) -> {
            HostTensor got = store.read(variable(name, value.type()));
            if (prefix.equals("it1.after.")
                && name.startsWith("D.")
                && PASSED_OVER.contains(name.substring(2))) {
              checkPassedOver(replay.golden, name.substring(2), got);
            } else {
              replay.golden.assertMatches(prefix + name, got);
            }
          });
      if (prefix.contains("after")) {
        assertThat(listed).containsKeys("pl_mean", "G.mapping.w_avg", "G_ema.mapping.w_avg");
      }
    }

    private static Variable variable(String name, TensorType type) {
      return new Variable(name, type);
    }
  }

  /**
   * Adam in double precision, from the recorded gradients of two steps: the official value is that
   * of a step with a zero gradient between them, which is not taken here.
   */
  private static void checkPassedOver(GoldenCase golden, String name, HostTensor got) {
    AdamOptions adam = AdamOptions.of(0.002).lazily(16);
    List<HostTensor> gradients =
        List.of(golden.tensor("it0.Dmain.grad." + name), golden.tensor("it1.Dmain.grad." + name));
    HostTensor begin = golden.tensor("init.D." + name);
    HostTensor passedOver = HostTensor.allocate(begin.type());
    HostTensor counted = HostTensor.allocate(begin.type());
    for (long i = 0; i < begin.type().elements(); i++) {
      double first = gradients.get(0).get(i);
      double second = gradients.get(1).get(i);
      passedOver.set(i, begin.get(i) + moved(adam, first, second));
      counted.set(i, begin.get(i) + moved(adam, first, 0, second));
    }
    String listed = "it1.after.D." + name;
    golden.assertMatches(listed, counted);
    double atol = golden.atol(listed);
    for (long i = 0; i < got.type().elements(); i++) {
      assertThat(got.get(i)).as(name).isCloseTo(passedOver.get(i), within(atol));
    }
  }

  /** How far the gradients move a parameter, with β₁ = 0. */
  private static double moved(AdamOptions adam, double... gradients) {
    double moved = 0;
    double square = 0;
    for (int t = 0; t < gradients.length; t++) {
      double g = gradients[t];
      square = adam.beta2() * square + (1 - adam.beta2()) * g * g;
      double mean = square / (1 - Math.pow(adam.beta2(), t + 1.0));
      moved -= adam.learningRate() * g / (Math.sqrt(mean) + adam.epsilon());
    }
    return moved;
  }
}
