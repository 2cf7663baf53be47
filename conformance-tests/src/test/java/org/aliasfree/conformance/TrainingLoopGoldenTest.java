package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.EmaSchedule;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.TrainingVariables;
import org.aliasfree.training.loop.PhaseResults;
import org.aliasfree.training.loop.Trainer;
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
    try (Backend backend = Backends.select(backendId);
        Loop loop = new Loop(replay, backend)) {
      loop.run();
    }
  }

  /** The loop's own steps, watched: what goes in is recorded, all that comes out is compared. */
  private static final class Loop implements AutoCloseable {
    private final TrainingReplay replay;
    private final Trainer trainer;
    private final VariableStore store;
    private int iteration;

    Loop(TrainingReplay replay, Backend backend) {
      this.replay = replay;
      TrainingProgram training = replay.program;
      trainer =
          new Trainer(backend, training, (phase, _) -> checkGradients(phase, iteration), false);
      store = trainer.store();
      GeneratorNetwork g =
          new GeneratorNetwork(
              replay.generator, replay.initial("G.", replay.generator.variables()));
      DiscriminatorNetwork d =
          new DiscriminatorNetwork(
              replay.discriminator, replay.initial("D.", replay.discriminator.variables()));
      training.initialize(store, g, d, g);
    }

    void run() {
      GoldenCase golden = replay.golden;
      JsonNode iterations = golden.metadata("iterations");
      int rounds = golden.param("batch_size").asInt() / golden.param("batch_gpu").asInt();
      for (iteration = 0; iteration < iterations.size(); iteration++) {
        for (TrainingPhase phase : replay.program.phases()) {
          Optional<JsonNode> call = replay.call(iteration, phase.name(), 0);
          assertThat(call.isPresent()).as(phase.name()).isEqualTo(phase.isDue(iteration));
          if (call.isPresent()) {
            assertThat((double) phase.interval()).isEqualTo(call.get().get("gain").asDouble());
            checkListed("it" + iteration + "." + phase.name() + ".before.");
            trainer.step(
                phase, rounds, iteration + 1L, replay.inputs(iteration), new Reports(iteration));
          }
        }
        average(iterations.get(iteration));
        checkListed("it" + iteration + ".after.");
      }
    }

    @Override
    public void close() {
      trainer.close();
    }

    /** Compares losses and the like. */
    private final class Reports implements PhaseResults {
      private final int iteration;
      private @Nullable HostTensor fakeLoss;

      Reports(int iteration) {
        this.iteration = iteration;
      }

      @Override
      public void computed(TrainingPhase phase, int round, String entry, Outputs outputs) {
        String report = "it" + iteration + "." + phase.name() + "." + round + ".report.";
        HostTensor loss = outputs.get(TrainingProgram.LOSS);
        switch (entry) {
          case "Gmain" -> replay.golden.assertMatches(report + "Loss/G/loss", loss);
          case "Greg" -> {
            replay.golden.assertMatches(report + "Loss/G/reg", loss);
            replay.golden.assertMatches(
                report + "Loss/pl_penalty", outputs.get(TrainingProgram.PENALTY));
          }
          case "Dmain.fake" -> fakeLoss = loss;
          case "Dmain.real" ->
              replay.golden.assertMatches(
                  report + "Loss/D/loss", sum(loss, Objects.requireNonNull(fakeLoss)));
          case "Dreg" -> {
            replay.golden.assertMatches(report + "Loss/D/reg", loss);
            replay.golden.assertMatches(
                report + "Loss/r1_penalty", outputs.get(TrainingProgram.PENALTY));
          }
          default -> throw new AssertionError(entry);
        }
        if (!entry.equals("Greg")) {
          String which = entry.equals("Gmain") || entry.equals("Dmain.fake") ? "fake" : "real";
          replay.golden.assertMatches(
              report + "Loss/scores/" + which, outputs.get(TrainingProgram.SCORES));
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
          Objects.requireNonNull(trainer.plans().get(phase.apply()))
              .graph()
              .assignments()
              .keySet()
              .stream()
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
      trainer.average(beta);
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
