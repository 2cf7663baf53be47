package org.aliasfree.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.MappingNetwork;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.augment.AugmentPipe;

/**
 * All graphs of training over one set of {@linkplain TrainingVariables variables}.
 *
 * <p>Entries, where they are needed:
 *
 * <ul>
 *   <li>{@code Gmain}, {@code Greg}, {@code Dmain.fake}, {@code Dmain.real}, {@code Dreg} add the
 *       gradient of a loss, times the interval of its phase, to the gradients; each is finished
 *       before the next one holds memory;
 *   <li>{@code apply.<phase>} takes a step of Adam and sets the gradients to 0. NaN and infinite
 *       gradients are replaced first;
 *   <li>{@code ema} moves G_ema towards G;
 *   <li>{@code generate} makes images with G_ema, as it is shown and saved.
 * </ul>
 *
 * <p>Their inputs: {@value #Z}, {@value #LABELS}, {@value #IMAGES}; {@value #MIX_Z} and {@value
 * #MIX_MASK} for style mixing; {@code noise.<layer>}; {@value #PL_NOISE}; {@value #BLUR}; those of
 * the augmentation pipe; {@value #EMA_BETA}; and the rates of Adam ({@link
 * TrainingPhase#bindRates}). All that changes from run to run is an input, so no plan is ever made
 * again. Path lengths take the first images of a micro-batch only.
 */
public final class TrainingProgram {
  /** Input: latents f32 [N, zDim]. */
  public static final String Z = "z";

  /** Input: labels f32 [N, cDim]. */
  public static final String LABELS = "c";

  /** Input: real images f32 [N, C, H, W], −1 to 1. */
  public static final String IMAGES = "images";

  /** Input: latents of the second style. */
  public static final String MIX_Z = "mix.z";

  /** Input: which w are of the second style; see {@link StyleMixing#mask}. */
  public static final String MIX_MASK = "mix.mask";

  static final String MIX = "mix.";

  /** Input: normal values of the images' shape, for path lengths. */
  public static final String PL_NOISE = "pl_noise";

  /** Input: taps of the blur; see {@link BlurFade#filter}. */
  public static final String BLUR = "blur";

  /** Input: how much of G_ema stays, f32 []; see {@link EmaSchedule#beta}. */
  public static final String EMA_BETA = "ema.beta";

  /** Output: logits [N, 1] of the discriminator. */
  public static final String SCORES = "scores";

  /** Output: loss of each image, before mean and interval. */
  public static final String LOSS = "loss";

  /**
   * Output: what a regulariser weighs: R1, or squared distances of path lengths from their mean.
   */
  public static final String PENALTY = "penalty";

  /** Output: path lengths [N]. */
  public static final String PATH_LENGTHS = "path_lengths";

  /** Entry that moves G_ema. */
  public static final String EMA = "ema";

  /** Entry that makes images with G_ema. */
  public static final String GENERATE = "generate";

  private final Generator generator;
  private final Discriminator discriminator;
  private final Optional<AugmentPipe> augment;
  private final TrainingConfig config;
  private final Map<String, Accumulation> entries;
  private final List<TrainingPhase> phases;
  private final Map<String, Graph> steps = new LinkedHashMap<>();

  /**
   * The program of two networks.
   *
   * @throws AliasFreeException if they do not belong together
   */
  public TrainingProgram(
      Generator generator,
      Discriminator discriminator,
      Optional<AugmentPipe> augment,
      TrainingConfig config) {
    checkMatch("resolution", generator.imgResolution(), discriminator.config().imgResolution());
    checkMatch("channels", generator.imgChannels(), discriminator.config().imgChannels());
    checkMatch("classes", generator.cDim(), discriminator.config().cDim());
    this.generator = generator;
    this.discriminator = discriminator;
    this.augment = augment;
    this.config = config;
    entries = accumulations(false);
    NetworkPhases g =
        NetworkPhases.of(
            "G", List.of("Gmain"), config.generatorRegInterval(), config.generatorAdam(), entries);
    NetworkPhases d =
        NetworkPhases.of(
            "D",
            List.of("Dmain.fake", "Dmain.real"),
            config.discriminatorRegInterval(),
            config.discriminatorAdam(),
            entries);
    steps.putAll(g.steps());
    steps.putAll(d.steps());
    phases = Stream.concat(g.phases().stream(), d.phases().stream()).toList();
  }

  private static void checkMatch(String what, int ofGenerator, int ofDiscriminator) {
    if (ofGenerator != ofDiscriminator) {
      throw new AliasFreeException(
          "The generator and the discriminator must agree in their "
              + what
              + ", but the generator has "
              + ofGenerator
              + " and the discriminator "
              + ofDiscriminator
              + ".");
    }
  }

  /** The generator that is trained. */
  public Generator generator() {
    return generator;
  }

  /** The discriminator that it is trained against. */
  public Discriminator discriminator() {
    return discriminator;
  }

  /** What both kinds of images pass through before the discriminator sees them. */
  public Optional<AugmentPipe> augment() {
    return augment;
  }

  /** How the graphs are put together. */
  public TrainingConfig config() {
    return config;
  }

  /** The phases of an iteration, in order. */
  public List<TrainingPhase> phases() {
    return phases;
  }

  /** All variables, for a store. */
  public List<Variable> variables() {
    return TrainingVariables.all(generator, discriminator, augment, config.frozen());
  }

  /**
   * The graphs.
   *
   * @param blurred whether images are blurred; once the blur has faded it would do nothing, at a
   *     cost
   */
  public Program program(boolean blurred) {
    Map<String, Graph> all = new LinkedHashMap<>();
    (blurred ? accumulations(true) : entries).forEach((name, a) -> all.put(name, a.graph()));
    all.putAll(steps);
    all.put(EMA, ema());
    all.put(GENERATE, generate());
    return new Program(all);
  }

  /** Puts networks into a store; gradients, moments and the mean of path lengths become 0. */
  public void initialize(
      VariableStore store, GeneratorNetwork g, DiscriminatorNetwork d, GeneratorNetwork gEma) {
    for (Variable v : variables()) {
      store.write(v, HostTensor.allocate(v.type()));
    }
    write(store, TrainingVariables.G, generator.variables(), g.tensors());
    write(store, TrainingVariables.D, discriminator.variables(), d.tensors());
    write(store, TrainingVariables.G_EMA, generator.variables(), gEma.tensors());
    for (NetworkVariable v : augment.map(AugmentPipe::variables).orElse(List.of())) {
      store.write(TrainingVariables.in(TrainingVariables.AUGMENT, v), v.initialValue(0));
    }
  }

  private static void write(
      VariableStore store,
      String scope,
      List<NetworkVariable> variables,
      Map<String, HostTensor> values) {
    for (NetworkVariable v : variables) {
      HostTensor value = values.get(v.variable().name());
      if (value == null) {
        throw new AliasFreeException(
            "The network has no tensor \"" + v.variable().name() + "\", which training needs.");
      }
      store.write(TrainingVariables.in(scope, v), value);
    }
  }

  private Map<String, Accumulation> accumulations(boolean blurred) {
    LossGraphs graphs = new LossGraphs(generator, discriminator, augment, config, blurred);
    LossConfig loss = config.loss();
    Map<String, Accumulation> all = new LinkedHashMap<>();
    all.put("Gmain", graphs.generatorMain(1));
    if (loss.plWeight() > 0) {
      all.put("Greg", graphs.generatorRegularizer(config.generatorRegInterval().orElse(1)));
    }
    all.put("Dmain.fake", graphs.discriminatorFake(1));
    all.put("Dmain.real", graphs.discriminatorReal(1));
    if (loss.r1Gamma() > 0) {
      all.put("Dreg", graphs.discriminatorRegularizer(config.discriminatorRegInterval().orElse(1)));
    }
    return all;
  }

  /** Parameters of G_ema move towards those of G, buffers are copied. */
  private Graph ema() {
    Graph.Builder graph = Graph.builder();
    Tensor beta = Ops.input(EMA_BETA, TensorType.f32());
    for (NetworkVariable v : generator.variables()) {
      Tensor value = Ops.read(TrainingVariables.in(TrainingVariables.G, v));
      Variable average = TrainingVariables.in(TrainingVariables.G_EMA, v);
      graph.assign(average, v.trainable() ? Ops.lerp(value, Ops.read(average), beta) : value);
    }
    return graph.build();
  }

  private Graph generate() {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass =
        new ForwardPass(
            graph, "", TrainingVariables.G_EMA, SynthesisOptions.of(config.precision()), false);
    MappingNetwork mapping = generator.mapping();
    Tensor z = Ops.input(Z, TensorType.f32(config.microBatch(), generator.zDim()));
    Tensor c = Ops.input(LABELS, TensorType.f32(config.microBatch(), generator.cDim()));
    Tensor ws = mapping.repeat(mapping.apply(z, c, pass), pass);
    return graph.output(Generator.IMAGE, generator.image(ws, pass)).build();
  }
}
