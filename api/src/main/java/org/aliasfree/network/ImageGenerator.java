package org.aliasfree.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Tensor;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * Makes images with a network on a backend. Any number of threads may use it; each borrows memory
 * for one run, and where all that is allowed is in use it waits. An image has the same bits alone
 * and in a batch, and whichever layers are asked for besides.
 *
 * <p>It holds the weights once, and a plan for each batch size and set of outputs that was asked
 * for. Close it before the backend.
 */
public final class ImageGenerator implements AutoCloseable {
  /** Runs that exist at the same time unless told otherwise. */
  public static final int DEFAULT_RUNS = 2;

  private static final int MAX_BATCH = 65536;
  private static final String ENTRY = "generate";

  private record PlanKey(boolean fromWs, int batch, NoiseMode noise, List<String> outputs) {}

  private final Backend backend;
  private final Generator generator;
  private final Optional<HostTensor> inputTransform;
  private final Precision precision;
  private final VariableStore store;
  private final RunPool runs;
  private final Map<PlanKey, CompiledProgram> programs = new ConcurrentHashMap<>();

  private ImageGenerator(
      Backend backend, GeneratorNetwork network, Precision precision, int maxRuns) {
    this.backend = backend;
    generator = network.generator();
    inputTransform = generator.inputTransform().map(network::tensor).map(ImageGenerator::copy);
    this.precision = precision;
    runs = new RunPool(maxRuns);
    List<Variable> variables =
        generator.variables().stream().map(NetworkVariable::variable).toList();
    store = backend.createStore(variables);
    try {
      variables.forEach(v -> store.write(v, network.tensor(v)));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Loads a network into a backend, to run in f32 with {@link #DEFAULT_RUNS} runs at a time. */
  public static ImageGenerator open(Backend backend, GeneratorNetwork network) {
    return open(backend, network, Precision.F32, DEFAULT_RUNS);
  }

  /**
   * Loads a network into a backend.
   *
   * @param precision element types of the layers
   * @param maxRuns how many threads can make images at the same time, 1 or more; each takes the
   *     memory that {@link Plan#runBytes()} tells
   */
  public static ImageGenerator open(
      Backend backend, GeneratorNetwork network, Precision precision, int maxRuns) {
    if (maxRuns < 1) {
      throw new AliasFreeException(
          "The number of runs at the same time is " + maxRuns + ", but must be 1 or more.");
    }
    return new ImageGenerator(backend, network, precision, maxRuns);
  }

  private static HostTensor copy(HostTensor tensor) {
    HostTensor copy = HostTensor.allocate(tensor.type());
    copy.data().copyFrom(tensor.data());
    return copy;
  }

  /** The architecture of the network. Its weights are in the backend's memory alone. */
  public Generator generator() {
    return generator;
  }

  /**
   * The latents of seeds, as the official tools draw them.
   *
   * @param seeds one or more, each 0 to 2<sup>32</sup> − 1
   * @return f32 [seeds, zDim]
   */
  public HostTensor latents(long... seeds) {
    int zDim = generator.zDim();
    HostTensor z = HostTensor.allocate(TensorType.f32(seeds.length, zDim));
    for (int i = 0; i < seeds.length; i++) {
      new RandomState(seeds[i]).fillRandn(new HostTensor(TensorType.f32(zDim), z.row(i).data()));
    }
    return z;
  }

  /**
   * The labels of a batch in which all images have one class.
   *
   * @param classLabel empty for an unconditional network
   * @return one-hot f32 [batch, cDim]
   */
  public HostTensor labels(int batch, OptionalInt classLabel) {
    return ClassLabels.of(generator.cDim(), batch, classLabel);
  }

  /**
   * Images from latents, all of the request's class.
   *
   * @param z [N, zDim]
   */
  public GeneratedImages generate(HostTensor z, GenerationRequest request) {
    int batch = batch(z, "z", generator.zDim());
    return generate(z, labels(batch, request.classLabel()), request);
  }

  /**
   * Images from latents and labels; the request's class is not looked at.
   *
   * @param z [N, zDim]
   * @param labels [N, cDim]
   */
  public GeneratedImages generate(HostTensor z, HostTensor labels, GenerationRequest request) {
    return generate(z, labels, request, Run.StepListener.NONE);
  }

  /**
   * As {@link #generate(HostTensor, HostTensor, GenerationRequest)}, telling how long each step of
   * the plan took.
   */
  public GeneratedImages generate(
      HostTensor z, HostTensor labels, GenerationRequest request, Run.StepListener listener) {
    int batch = batch(z, "z", generator.zDim());
    if (batch(labels, "the labels", generator.cDim()) != batch) {
      throw new AliasFreeException(
          "The latents are " + z.type() + " and the labels " + labels.type() + ": give one each.");
    }
    if (request.truncationPsi() != 1 && !generator.hasMeanW()) {
      throw new AliasFreeException(
          "The truncation psi is "
              + request.truncationPsi()
              + ", but the network keeps no mean of w to pull towards; only 1 is possible.");
    }
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    inputs.put("z", z.to(DType.F32));
    inputs.put("c", labels.to(DType.F32));
    return run(plan(batch, request), inputs, request, listener);
  }

  /**
   * ws after truncation, f32 [N, numWs, wDim].
   *
   * @param z [N, zDim]
   */
  public HostTensor map(HostTensor z, GenerationRequest request) {
    return generate(z, onlyMapping(request)).layer(Generator.MAPPING);
  }

  /** As {@link #map(HostTensor, GenerationRequest)}, with labels [N, cDim]. */
  public HostTensor map(HostTensor z, HostTensor labels, GenerationRequest request) {
    return generate(z, labels, onlyMapping(request)).layer(Generator.MAPPING);
  }

  private static GenerationRequest onlyMapping(GenerationRequest request) {
    return request.withOnlyLayers(Generator.MAPPING);
  }

  /**
   * Images from intermediate latents. Truncation and class of the request are not looked at.
   *
   * @param ws [N, numWs, wDim], or [N, wDim] for the same w everywhere
   */
  public GeneratedImages synthesize(HostTensor ws, GenerationRequest request) {
    Generator g = generator;
    HostTensor all = ws.shape().rank() == 2 ? broadcast(ws) : ws;
    int batch = batch(all, "ws", g.numWs(), g.wDim());
    Map<String, HostTensor> inputs = Map.of("ws", all.to(DType.F32));
    return run(synthesisPlan(batch, request), inputs, request, Run.StepListener.NONE);
  }

  private HostTensor broadcast(HostTensor w) {
    Generator g = generator;
    int batch = batch(w, "w", g.wDim());
    HostTensor row = w.to(DType.F32);
    HostTensor ws = HostTensor.allocate(TensorType.f32(batch, g.numWs(), g.wDim()));
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < g.numWs(); i++) {
        ws.row(n).row(i).data().copyFrom(row.row(n).data());
      }
    }
    return ws;
  }

  /**
   * The plan that {@link #generate} uses for a batch: what is done, and what memory a run takes.
   */
  public Plan plan(int batch, GenerationRequest request) {
    return plan(key(false, batch, request));
  }

  /** The plan that {@link #synthesize} uses for a batch. */
  public Plan synthesisPlan(int batch, GenerationRequest request) {
    return plan(key(true, batch, request));
  }

  /** Bytes that the weights take, and what plans have prepared from them. */
  public VariableStore.Bytes bytes() {
    return store.bytes();
  }

  /** The image first, so that what is computed, and in which order, is the same with layers. */
  private List<String> outputs(GenerationRequest request) {
    TreeSet<String> layers = new TreeSet<>();
    request.layers().forEach(layer -> layers.add(outputName(layer)));
    layers.remove(Generator.IMAGE);
    List<String> outputs = new ArrayList<>();
    if (request.image() || request.layers().contains(Generator.IMAGE)) {
      outputs.add(Generator.IMAGE);
    }
    outputs.addAll(layers);
    return outputs;
  }

  private String outputName(String layer) {
    return layer.equals(Pixels.LAYER) ? layer : generator.layerName(layer);
  }

  private PlanKey key(boolean fromWs, int batch, GenerationRequest request) {
    NoiseMode noise = generator.hasNoise() ? request.noise() : NoiseMode.CONST;
    return new PlanKey(fromWs, batch, noise, outputs(request));
  }

  private Plan plan(PlanKey key) {
    return programs.computeIfAbsent(key, this::compile).plan(ENTRY);
  }

  private CompiledProgram compile(PlanKey key) {
    Generator g = generator;
    SynthesisOptions options = SynthesisOptions.of(precision).withNoise(key.noise);
    Graph graph = key.fromWs ? g.synthesize(key.batch, options) : g.generate(key.batch, options);
    if (key.outputs.contains(Pixels.LAYER)) {
      graph = withPixels(graph);
    }
    return backend.compile(Program.of(ENTRY, graph.select(key.outputs)), store);
  }

  private static Graph withPixels(Graph graph) {
    Graph.Builder builder = Graph.builder();
    graph.names().forEach(builder::name);
    graph.outputs().forEach(builder::output);
    Tensor image = java.util.Objects.requireNonNull(graph.outputs().get(Generator.IMAGE));
    return builder.output(Pixels.LAYER, Pixels.of(image)).build();
  }

  private GeneratedImages run(
      Plan plan,
      Map<String, HostTensor> given,
      GenerationRequest request,
      Run.StepListener listener) {
    return runs.use(
        plan,
        run -> {
          plan.graph()
              .inputs()
              .forEach(
                  (name, input) -> {
                    HostTensor value = given.get(name);
                    run.bind(name, value != null ? value : setting(name, input.type(), request));
                  });
          run.execute(listener);
          return result(run, request);
        });
  }

  private HostTensor setting(String input, TensorType type, GenerationRequest request) {
    if (input.startsWith(Generator.NOISE)) {
      return NoiseDraws.of(input, type, request.noiseSeeds());
    }
    return switch (input) {
      case "truncation" -> truncation(request);
      case "transform" -> request.inputTransform().orElseGet(inputTransform::orElseThrow);
      default -> throw new IllegalStateException("an input that nothing is known of: " + input);
    };
  }

  private HostTensor truncation(GenerationRequest request) {
    int numWs = generator.numWs();
    int cutoff = Math.min(request.truncationCutoff().orElse(numWs), numWs);
    HostTensor weights = HostTensor.allocate(TensorType.f32(numWs));
    for (int i = 0; i < numWs; i++) {
      weights.set(i, i < cutoff ? request.truncationPsi() : 1);
    }
    return weights;
  }

  private GeneratedImages result(Run run, GenerationRequest request) {
    Map<String, HostTensor> layers = new LinkedHashMap<>();
    for (String layer : request.layers()) {
      HostTensor value = run.output(outputName(layer));
      layers.put(layer, layer.equals(Pixels.LAYER) ? value : value.to(DType.F32));
    }
    Optional<HostTensor> images =
        request.image() ? Optional.of(run.output(Generator.IMAGE)) : Optional.empty();
    return new GeneratedImages(images, layers);
  }

  private static int batch(HostTensor value, String what, long... rowSizes) {
    Shape shape = value.shape();
    long[] expected = new long[rowSizes.length + 1];
    System.arraycopy(rowSizes, 0, expected, 1, rowSizes.length);
    expected[0] = shape.rank() == 0 ? 0 : shape.dim(0);
    if (!shape.equals(Shape.of(expected))
        || expected[0] < 1
        || expected[0] > MAX_BATCH
        || !value.dtype().isFloat()) {
      throw new AliasFreeException(
          "The network takes "
              + what
              + " of shape [N"
              + Shape.of(rowSizes).toString().replace("[", rowSizes.length == 0 ? "" : ", ")
              + " with N from 1 to "
              + MAX_BATCH
              + ", in floating point, but they are "
              + value.type()
              + ".");
    }
    return (int) expected[0];
  }

  /** Waits for images that are being made, then frees all memory on the backend. */
  @Override
  public void close() {
    runs.close();
    programs.values().forEach(CompiledProgram::close);
    programs.clear();
    store.close();
  }
}
