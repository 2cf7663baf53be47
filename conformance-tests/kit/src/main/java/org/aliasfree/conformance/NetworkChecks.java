package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasfree.backend.Backend;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.graph.Graph;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * The rules about whole networks: the smallest of each kind that still have every layer. A network
 * that is added here is run by every backend.
 */
final class NetworkChecks {
  /** The networks there are. */
  static final List<String> GENERATORS = List.of("StyleGAN3-T", "StyleGAN3-R", "StyleGAN2");

  private static final int RESOLUTION = 16;

  /** Of steps of training, whose expected values take a reference of doubles seconds. */
  private static final int STEP_RESOLUTION = 8;

  private static final int BATCH = 2;
  private static final int CHANNELS = 6;

  private final Subject subject;

  NetworkChecks(Subject subject) {
    this.subject = subject;
  }

  /** A tiny generator. */
  static Generator generator(String name) {
    return generator(name, RESOLUTION);
  }

  private static Generator generator(String name, int resolution) {
    return switch (name) {
      case "StyleGAN2" ->
          new StyleGan2Generator(
              StyleGan2Config.stylegan2(resolution)
                  .with(b -> b.zDim(6).wDim(6).cDim(2).channelMax(CHANNELS)));
      case "StyleGAN3-R" -> styleGan3(StyleGan3Config.stylegan3R(resolution));
      default -> styleGan3(StyleGan3Config.stylegan3T(resolution));
    };
  }

  private static Generator styleGan3(StyleGan3Config config) {
    return new StyleGan3Generator(
        config.with(b -> b.zDim(6).wDim(6).cDim(2).channelMax(CHANNELS).numLayers(3)));
  }

  private static Discriminator discriminator(int resolution) {
    return new Discriminator(
        DiscriminatorConfig.ofResolution(resolution).with(b -> b.cDim(2).channelMax(CHANNELS)));
  }

  /** Images of all generators, and a discriminator's logits. */
  void images() {
    for (String name : GENERATORS) {
      Generator generator = generator(name);
      compare(
          Rule.NET_1,
          name,
          generator.generate(BATCH, Precision.F32),
          GeneratorNetwork.random(generator, 5).tensors());
    }
    Discriminator discriminator = discriminator(RESOLUTION);
    compare(
        Rule.NET_1,
        "the discriminator",
        discriminator.classify(BATCH, Precision.F32),
        DiscriminatorNetwork.initial(discriminator, 5).tensors());
  }

  /** One step of both networks with R1, for every generator. */
  void steps() {
    Discriminator discriminator = discriminator(STEP_RESOLUTION);
    for (String name : GENERATORS) {
      Generator generator = generator(name, STEP_RESOLUTION);
      TrainingStep step = new TrainingStep(generator, discriminator, BATCH);
      Map<String, HostTensor> tensors =
          new LinkedHashMap<>(GeneratorNetwork.random(generator, 5).tensors());
      DiscriminatorNetwork.initial(discriminator, 5)
          .tensors()
          .forEach((n, t) -> tensors.put(TrainingStep.SCOPE + n, t));
      compare(Rule.NET_2, "a training step of " + name, step.graph(), tensors);
    }
  }

  private void compare(Rule rule, String what, Graph graph, Map<String, HostTensor> tensors) {
    Map<String, HostTensor> values = values(graph, tensors);
    Map<String, HostTensor> got = new LinkedHashMap<>();
    Backend backend = subject.backend();
    KitAllocator allocator = subject.allocator();
    int before = allocator.livePieces();
    try (Execution execution = new Execution(backend, graph, allocator)) {
      execution.bind(values);
      got.putAll(execution.execute());
      for (Variable v : graph.assignments().keySet()) {
        got.put("new " + v.name(), execution.store().read(v));
      }
    }
    OpChecks.checkMemory(allocator, before);
    Comparison comparison = new Comparison();
    List<String> wrong = new ArrayList<>();
    Map<String, Expected> expected =
        subject.oracle().expect(withNewValues(graph), values, backend::errorFactor);
    expected.forEach(
        (name, e) -> {
          String problem = comparison.wrong(name, e, Objects.requireNonNull(got.get(name), name));
          if (problem != null) {
            wrong.add(problem);
          }
        });
    if (!wrong.isEmpty()) {
      throw new Violation(
          rule, "in " + what + " " + wrong.size() + " tensors are wrong; " + wrong.getFirst());
    }
    if (comparison.unchecked() * 20 > comparison.elements()) {
      throw new IllegalStateException(
          what
              + " says little: "
              + comparison.unchecked()
              + " of "
              + comparison.elements()
              + " elements are in doubt");
    }
  }

  /** The outputs and, as outputs, the new values of variables. */
  private static Graph withNewValues(Graph graph) {
    Graph.Builder builder = Graph.builder();
    graph.outputs().forEach(builder::output);
    graph.assignments().forEach((v, t) -> builder.output("new " + v.name(), t));
    return builder.build();
  }

  /** Values for inputs and for variables that are not the networks' own. */
  private static Map<String, HostTensor> values(Graph graph, Map<String, HostTensor> tensors) {
    Random random = new Random(17);
    Map<String, HostTensor> values = new LinkedHashMap<>(tensors);
    for (Variable v : graph.variables()) {
      if (!values.containsKey(v.name())) {
        values.put(v.name(), Content.POSITIVE.fill(v.type(), 0, random));
      }
    }
    for (Source.Input input : graph.inputs().values()) {
      HostTensor value = Content.NORMAL.fill(input.type(), 0, random);
      switch (input.inputName()) {
        case "truncation" -> fill(value, 0.7);
        case "c" -> oneHot(value);
        case "transform" -> turned(value);
        default -> {}
      }
      values.put(input.inputName(), value);
    }
    return values;
  }

  private static void fill(HostTensor t, double value) {
    for (long i = 0; i < t.type().elements(); i++) {
      t.set(i, value);
    }
  }

  private static void oneHot(HostTensor c) {
    fill(c, 0);
    for (long n = 0; n < c.shape().dim(0); n++) {
      c.set(n * c.shape().dim(1) + n % c.shape().dim(1), 1);
    }
  }

  /** A small turn and shift. */
  private static void turned(HostTensor m) {
    double[] values = {Math.cos(0.3), Math.sin(0.3), 0.1, -Math.sin(0.3), Math.cos(0.3), -0.2};
    fill(m, 0);
    for (int i = 0; i < values.length; i++) {
      m.set(i, values[i]);
    }
    m.set(8, 1);
  }
}
