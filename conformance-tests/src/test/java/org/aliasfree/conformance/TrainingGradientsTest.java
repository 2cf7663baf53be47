package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.conformance.FilledNetworks.Kind;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.op.Source;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.BlurFade;
import org.aliasfree.training.LossConfig;
import org.aliasfree.training.TrainingConfig;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.TrainingVariables;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Losses and gradients of small networks filled from RandomState by a rule, against numbers that
 * the official code gave for them.
 */
class TrainingGradientsTest {
  private static final Percentage NEAR = Percentage.withPercentage(0.01);

  /**
   * What the official code gave.
   *
   * @param layer the convolution of G that is looked at
   * @param main loss of G, length of its gradient, the first elements at the convolution, and the
   *     first at mapping.fc0.weight
   * @param discriminator loss of D on fakes and reals, length, first element at b16.conv0.weight
   * @param paths path lengths, their mean afterwards, loss, length of the gradient, first element
   *     at the convolution
   */
  record Vectors(
      Kind kind, String layer, List<Double> main, List<Double> discriminator, List<Double> paths) {
    @Override
    public String toString() {
      return kind.toString();
    }
  }

  /** R1 of each image, length of the gradient of its mean, first element at b16.conv0.weight. */
  private static final List<Double> R1 = List.of(.0164544, .0100411, .0149609, 1.1338e-4);

  private static final List<Vectors> NETWORKS =
      List.of(
          new Vectors(
              Kind.T,
              "synthesis.L3_36_16",
              List.of(.551112, .897204, 7.4526e-4, 7.8412e-4, 8.2456e-4, -2.2969e-5),
              List.of(1.385681, 1.01093, 4.5787e-4),
              List.of(.317199, .218131, .00267665, .145345, .961415, 3.1519e-3)),
          new Vectors(
              Kind.R,
              "synthesis.L3_36_32",
              List.of(.653513, 1.13852, 2.9504e-3, 2.0333e-3, -3.4752e-3, -5.8292e-4),
              List.of(1.273042, .979346, -1.5167e-3),
              List.of(.552734, .571648, .00562191, .619716, 3.33325, -1.7809e-2)),
          new Vectors(
              Kind.SG2,
              "synthesis.b8.conv0",
              List.of(.586748, 1.64359, 1.3215e-4, 8.9752e-5, -2.9228e-5, 2.1937e-4),
              List.of(1.340263, 1.50108, 4.1090e-3),
              List.of(.960839, 1.3019, .0113137, 2.56721, 4.50306, 1.1829e-2)));

  static Stream<Arguments> networksAndBackends() {
    return TestBackends.ids().stream()
        .flatMap(backend -> NETWORKS.stream().map(network -> Arguments.of(network, backend)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("networksAndBackends")
  void lossesAndGradientsAreTheOfficialOnes(Vectors v, String backendId) {
    GeneratorNetwork g = withoutUpdates(FilledNetworks.generator(v.kind, 0));
    DiscriminatorNetwork d = FilledNetworks.discriminator(0);
    TrainingProgram training =
        new TrainingProgram(g.generator(), d.discriminator(), Optional.empty(), config());
    try (Backend backend = Backends.select(backendId);
        VariableStore store = backend.createStore(training.variables());
        CompiledProgram program = backend.compile(training.program(false), store)) {
      training.initialize(store, g, d, g);
      Entries entries = new Entries(program, store, g.generator(), d);
      check(v, entries);
      // The oracle takes long for second derivatives of filtered_lrelu; op by op they are checked.
      if (v.kind == Kind.SG2 || !backendId.equals("cpu-reference")) {
        checkPaths(v, entries);
      }
    }
  }

  /** The numbers are of a pass that leaves the means of magnitudes as they are. */
  private static GeneratorNetwork withoutUpdates(GeneratorNetwork g) {
    return g.generator() instanceof StyleGan3Generator t
        ? new GeneratorNetwork(
            new StyleGan3Generator(t.config().with(b -> b.magnitudeEmaBeta(1))), g.tensors())
        : g;
  }

  /** One loss a phase, nothing scaled by intervals; R1 weighed by 1. */
  private static TrainingConfig config() {
    LossConfig loss = new LossConfig(2, 0, 2, 1, 0.01, BlurFade.NONE);
    return new TrainingConfig(
        2,
        Precision.F32,
        loss,
        AdamOptions.of(0.002),
        AdamOptions.of(0.002),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of());
  }

  private static void check(Vectors v, Entries entries) {
    double main = mean(entries.run("Gmain", "G.").get(TrainingProgram.LOSS));
    entries.assertNear(main, v.main.get(0));
    entries.assertNear(entries.length("G."), v.main.get(1));
    HostTensor convolution = entries.gradient("G." + v.layer + ".weight");
    for (int i = 0; i < 3; i++) {
      entries.assertNear(convolution.get(i), v.main.get(2 + i));
    }
    entries.assertNear(entries.gradient("G.mapping.fc0.weight").get(0), v.main.get(5));

    double fake = mean(entries.run("Dmain.fake", "D.").get(TrainingProgram.LOSS));
    double real = mean(entries.add("Dmain.real").get(TrainingProgram.LOSS));
    entries.assertNear(fake + real, v.discriminator.get(0));
    entries.assertNear(entries.length("D."), v.discriminator.get(1));
    entries.assertNear(entries.gradient("D.b16.conv0.weight").get(0), v.discriminator.get(2));

    HostTensor r1 = Objects.requireNonNull(entries.run("Dreg", "D.").get(TrainingProgram.PENALTY));
    entries.assertNear(r1.get(0), R1.get(0));
    entries.assertNear(r1.get(1), R1.get(1));
    entries.assertNear(entries.length("D."), R1.get(2));
    entries.assertNear(entries.gradient("D.b16.conv0.weight").get(0), R1.get(3));
  }

  private static void checkPaths(Vectors v, Entries entries) {
    Map<String, HostTensor> paths = entries.run("Greg", "G.");
    HostTensor lengths = Objects.requireNonNull(paths.get(TrainingProgram.PATH_LENGTHS));
    entries.assertNear(lengths.get(0), v.paths.get(0));
    entries.assertNear(lengths.get(1), v.paths.get(1));
    entries.assertNear(entries.store.read(TrainingVariables.PL_MEAN).get(0), v.paths.get(2));
    entries.assertNear(mean(paths.get(TrainingProgram.LOSS)), v.paths.get(3));
    entries.assertNear(entries.length("G."), v.paths.get(4));
    entries.assertNear(entries.gradient("G." + v.layer + ".weight").get(0), v.paths.get(5));
  }

  private static double mean(@Nullable HostTensor output) {
    HostTensor t = Objects.requireNonNull(output);
    double sum = 0;
    for (long i = 0; i < t.type().elements(); i++) {
      sum += t.get(i);
    }
    return sum / t.type().elements();
  }

  /** The entries of a program, one after the other, from the same values. */
  private record Entries(
      CompiledProgram program, VariableStore store, Generator generator, DiscriminatorNetwork d) {

    /** Runs an entry after setting the gradients of a network to 0. */
    Map<String, HostTensor> run(String entry, String scope) {
      parameters(scope)
          .forEach(p -> store.write(TrainingVariables.gradient(p), HostTensor.allocate(p.type())));
      return add(entry);
    }

    Map<String, HostTensor> add(String entry) {
      Map<String, HostTensor> outputs = new HashMap<>();
      Map<String, Source.Input> inputs = program.plan(entry).graph().inputs();
      try (Run run = program.plan(entry).newRun()) {
        inputs.forEach((name, input) -> run.bind(name, value(name, input.type())));
        run.execute();
        program
            .plan(entry)
            .graph()
            .outputs()
            .keySet()
            .forEach(name -> outputs.put(name, run.output(name)));
      }
      return outputs;
    }

    private HostTensor value(String input, TensorType type) {
      HostTensor value = HostTensor.allocate(type);
      if (input.equals(TrainingProgram.Z)) {
        for (int n = 0; n < 2; n++) {
          new RandomState(n).fillRandn(value.row(n));
        }
        return value;
      }
      if (input.equals(TrainingProgram.IMAGES)) {
        new RandomState(5).fillRandn(value);
        for (long i = 0; i < type.elements(); i++) {
          value.set(i, Math.tanh(value.get(i)));
        }
        return value;
      }
      if (input.equals(TrainingProgram.PL_NOISE)) {
        new RandomState(6).fillRandn(value);
        return value;
      }
      // The numbers are those of the noise that the network keeps, the same for all images.
      assertThat(input).startsWith(Generator.NOISE);
      String layer = "G.synthesis." + input.substring(Generator.NOISE.length());
      TensorType kept = TensorType.f32(type.shape().dim(2), type.shape().dim(3));
      HostTensor noise = store.read(new Variable(layer + ".noise_const", kept));
      for (int n = 0; n < 2; n++) {
        value.row(n).data().copyFrom(noise.data());
      }
      assertThat(noise.dtype()).isEqualTo(DType.F32);
      return value;
    }

    private List<Variable> parameters(String scope) {
      List<NetworkVariable> variables =
          scope.equals("G.") ? generator.variables() : d.discriminator().variables();
      return variables.stream()
          .filter(NetworkVariable::trainable)
          .map(v -> TrainingVariables.in(scope, v))
          .toList();
    }

    /** The length of all gradients of a network together. */
    double length(String scope) {
      double square = 0;
      for (Variable p : parameters(scope)) {
        HostTensor gradient = store.read(TrainingVariables.gradient(p));
        for (long i = 0; i < p.type().elements(); i++) {
          square += gradient.get(i) * gradient.get(i);
        }
      }
      return Math.sqrt(square);
    }

    HostTensor gradient(String parameter) {
      return parameters(parameter.substring(0, 2)).stream()
          .filter(p -> p.name().equals(parameter))
          .map(p -> store.read(TrainingVariables.gradient(p)))
          .findFirst()
          .orElseThrow();
    }

    void assertNear(double got, double expected) {
      assertThat(got).isCloseTo(expected, NEAR);
    }
  }
}
