package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.InputTransform;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.network.SynthesisLayer;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Passes of a network other than plain inference in f32. */
class ForwardPassTest {
  private static final StyleGan3Generator GENERATOR =
      new StyleGan3Generator(
          StyleGan3Config.stylegan3T(16)
              .with(
                  b ->
                      b.zDim(6)
                          .wDim(7)
                          .channelBase(96)
                          .channelMax(8)
                          .numLayers(4)
                          .magnitudeEmaBeta(0.9)));
  private static final GeneratorNetwork NETWORK = GeneratorNetwork.random(GENERATOR, 2);

  static List<String> backends() {
    return TestBackends.ids();
  }

  private static double meanSquare(HostTensor t) {
    double sum = 0;
    for (long i = 0; i < t.type().elements(); i++) {
      sum += t.get(i) * t.get(i);
    }
    return sum / t.type().elements();
  }

  /** Updates of running means, next to the tensors that they are means of. */
  private static Graph updating() {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = new ForwardPass(graph, "fakes.", "", SynthesisOptions.DEFAULTS, true);
    Tensor z = Ops.input("z", TensorType.f32(3, 6));
    Tensor all = Ops.fill(TensorType.f32(GENERATOR.numWs()), 1);
    Tensor transform = Ops.input("transform", TensorType.f32(3, 3));
    Tensor ws = GENERATOR.mapping().broadcast(GENERATOR.mapping().apply(z, z, pass), all, pass);
    Graph built = graph.output("image", GENERATOR.synthesis().apply(ws, transform, pass)).build();
    Graph.Builder outputs = Graph.builder();
    built.names().forEach(outputs::output);
    built.assignments().forEach(outputs::assign);
    return outputs.build();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void runningMeansTakeInWhatTheyAreMeansOf(String id) {
    Set<Variable> variables = new LinkedHashSet<>();
    GENERATOR.variables().forEach(v -> variables.add(v.variable()));
    try (Backend backend = Backends.select(id);
        VariableStore store = backend.createStore(variables)) {
      variables.forEach(v -> store.write(v, NETWORK.tensor(v)));
      try (CompiledProgram program = backend.compile(Program.of("update", updating()), store);
          Run run = program.plan("update").newRun()) {
        HostTensor z = new RandomState(1).randn(TensorType.f32(3, 6));
        run.bind("z", z);
        run.bind("transform", InputTransform.identity().to(DType.F32));
        run.execute();
        String before = "fakes.synthesis.input";
        for (SynthesisLayer layer : GENERATOR.synthesis().layers()) {
          Variable mean = layer.magnitudeEma().variable();
          double expected =
              0.9 * NETWORK.tensor(mean).get(0) + 0.1 * meanSquare(run.output(before));
          assertThat(store.read(mean).get(0)).isCloseTo(expected, within(1e-6));
          before = "fakes.synthesis." + layer.geometry().name();
        }
        HostTensor w = run.output("fakes.w");
        HostTensor average = store.read(GENERATOR.mapping().wAvg().orElseThrow().variable());
        for (int i = 0; i < 7; i++) {
          double mean = (w.get(i) + w.get(7 + i) + w.get(14 + i)) / 3;
          assertThat(average.get(i)).isCloseTo(0.002 * mean, within(1e-7));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void officialHalfPrecisionIsNearFullPrecision(String id) {
    try (Backend backend = Backends.select(id)) {
      if (!backend.dtypes().contains(DType.F16)) {
        return;
      }
      HostTensor full;
      try (ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
        full = generator.generate(generator.latents(1), GenerationRequest.defaults()).image();
      }
      try (ImageGenerator generator =
          ImageGenerator.open(backend, NETWORK, Precision.OFFICIAL_F16, 1)) {
        HostTensor half =
            generator.generate(generator.latents(1), GenerationRequest.defaults()).image();
        double square = 0;
        for (long i = 0; i < full.type().elements(); i++) {
          square += Math.pow(half.get(i) - full.get(i), 2);
        }
        double error = Math.sqrt(square / full.type().elements());
        assertThat(error).isBetween(1e-7, 5e-3 * Math.sqrt(meanSquare(full)));
      }
    }
  }
}
