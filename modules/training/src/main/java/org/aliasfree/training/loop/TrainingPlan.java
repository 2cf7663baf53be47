package org.aliasfree.training.loop;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.data.PythonJson;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.training.AdaController;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.BlurFade;
import org.aliasfree.training.EmaSchedule;
import org.aliasfree.training.LossConfig;
import org.aliasfree.training.TrainingConfig;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.augment.AugmentConfig;
import org.aliasfree.training.augment.AugmentPipe;
import org.aliasfree.training.loop.TrainingSettings.AugmentMode;
import org.jspecify.annotations.Nullable;

/**
 * What the official training command makes of its options: networks, losses, schedules.
 *
 * @param settings the options
 * @param facts what the data set is
 */
public record TrainingPlan(TrainingSettings settings, DatasetFacts facts) {
  /** Iterations between two changes of ADA. */
  static final int ADA_INTERVAL = 4;

  /** Iterations between two steps of R1. */
  static final int D_REG_INTERVAL = 16;

  /** Iterations between two steps of StyleGAN2's path length regularisation. */
  static final int G_REG_INTERVAL = 4;

  /**
   * Fails if a data set is not the one that this plan was made for.
   *
   * @throws AliasFreeException naming what differs
   */
  public void requireSame(ImageDataset dataset) {
    same("images", facts.images(), dataset.imageCount());
    same("pixels a side", facts.resolution(), dataset.resolution());
    same("channels", facts.channels(), dataset.channels());
    same("numbers in a label", facts.labelDim(), dataset.labelDim());
  }

  private static void same(String what, int expected, int found) {
    if (expected != found) {
      throw new AliasFreeException(
          "--data: the run was begun with data of "
              + expected
              + " "
              + what
              + ", but this data set has "
              + found
              + "; give the same data as before.");
    }
  }

  /** The options as {@code training_options.json} has them. */
  public String optionsJson(RunFolder folder) {
    Map<String, @Nullable Object> options = OfficialOptions.of(this);
    options.put("run_dir", folder.path().toString());
    return PythonJson.indented(options);
  }

  /** Gives all variables the values that training begins with. */
  public void initialize(Trainer trainer) {
    TrainingProgram training = trainer.training();
    GeneratorNetwork g = GeneratorNetwork.initial(training.generator(), settings.seed());
    training.initialize(
        trainer.store(),
        g,
        DiscriminatorNetwork.initial(training.discriminator(), settings.seed()),
        g);
  }

  /** Whether images are blurred when training begins. */
  public boolean isBlurredAtFirst() {
    return loss().blur().isOn(settings.resumeKimg() * 1000);
  }

  private boolean isTransfer() {
    return settings.transfer().isPresent();
  }

  /** The generator, not its weights. */
  public Generator generator() {
    return settings.cfg().isStyleGan3() ? styleGan3() : styleGan2();
  }

  private Generator styleGan3() {
    boolean r = settings.cfg() == Preset.STYLEGAN3_R;
    StyleGan3Config preset =
        r
            ? StyleGan3Config.stylegan3R(facts.resolution())
            : StyleGan3Config.stylegan3T(facts.resolution());
    MappingConfig mapping = MappingConfig.STYLEGAN3;
    return new StyleGan3Generator(
        preset.with(
            b -> {
              b.cDim(facts.labelDim())
                  .imgChannels(facts.channels())
                  .channelBase(cbase())
                  .channelMax(cmax())
                  .mapping(depth(mapping))
                  .magnitudeEmaBeta(magnitudeEmaBeta());
              if (settings.networks().fp32()) {
                b.numFp16Res(0).convClamp(OptionalDouble.empty());
              }
            }));
  }

  private Generator styleGan2() {
    return new StyleGan2Generator(
        StyleGan2Config.stylegan2(facts.resolution())
            .with(
                b -> {
                  b.cDim(facts.labelDim())
                      .imgChannels(facts.channels())
                      .channelBase(cbase())
                      .channelMax(cmax())
                      .mapping(depth(MappingConfig.STYLEGAN2));
                  if (settings.networks().fp32()) {
                    b.numFp16Res(0).convClamp(OptionalDouble.empty());
                  }
                }));
  }

  private MappingConfig depth(MappingConfig preset) {
    return new MappingConfig(
        settings.networks().mapDepth(), preset.lrMultiplier(), preset.wAvgBeta().orElseThrow());
  }

  /** Channel base of the generator: configuration R doubles it. */
  int cbase() {
    return Math.multiplyExact(settings.networks().cbase(), widening());
  }

  /** Most channels of the generator: configuration R doubles them. */
  int cmax() {
    return Math.multiplyExact(settings.networks().cmax(), widening());
  }

  private int widening() {
    return settings.cfg() == Preset.STYLEGAN3_R ? 2 : 1;
  }

  /** Decay of the running means of magnitudes, of StyleGAN3. */
  double magnitudeEmaBeta() {
    return Math.pow(0.5, settings.optimizer().batch() / 20e3);
  }

  /** The discriminator, not its weights. */
  public Discriminator discriminator() {
    TrainingSettings.Networks networks = settings.networks();
    return new Discriminator(
        DiscriminatorConfig.ofResolution(facts.resolution())
            .with(
                b -> {
                  b.cDim(facts.labelDim())
                      .imgChannels(facts.channels())
                      .channelBase(networks.cbase())
                      .channelMax(networks.cmax())
                      .freezeLayers(networks.freeze().discriminator())
                      .mbstdGroupSize(OptionalInt.of(networks.mbstdGroup()));
                  if (networks.fp32()) {
                    b.numFp16Res(0).convClamp(OptionalDouble.empty());
                  }
                }));
  }

  /** What reals and fakes pass through, unless nothing is ever augmented. */
  public Optional<AugmentPipe> augment() {
    TrainingSettings.Augment augment = settings.augment();
    boolean on =
        augment.mode() == AugmentMode.ADA
            || (augment.mode() == AugmentMode.FIXED && augment.p() > 0);
    return on
        ? Optional.of(new AugmentPipe(AugmentConfig.preset(augment.pipe())))
        : Optional.empty();
  }

  /** The overall strength of augmentation to begin with. */
  public double augmentP() {
    return settings.augment().mode() == AugmentMode.FIXED ? settings.augment().p() : 0;
  }

  /** What adapts the strength, where it is adapted. */
  public Optional<AdaController> ada() {
    TrainingSettings.Augment augment = settings.augment();
    return augment.mode() == AugmentMode.ADA
        ? Optional.of(
            new AdaController(
                augment.target(), ADA_INTERVAL, adaKimg(), settings.optimizer().batch(), 0))
        : Optional.empty();
  }

  /** Thousands of images in which ADA may go from 0 to 1: faster where training goes on. */
  double adaKimg() {
    return isTransfer() ? 100 : 500;
  }

  /** How the average follows the generator. */
  public EmaSchedule ema() {
    EmaSchedule schedule = EmaSchedule.ofBatch(settings.optimizer().batch());
    return isTransfer() ? schedule.withoutRampUp() : schedule;
  }

  /** What is minimised. */
  LossConfig loss() {
    double gamma = settings.optimizer().gamma();
    return switch (settings.cfg()) {
      case STYLEGAN2 -> LossConfig.stylegan2(gamma);
      case STYLEGAN3_T -> LossConfig.stylegan3(gamma);
      case STYLEGAN3_R ->
          isTransfer()
              ? LossConfig.stylegan3(gamma)
              : LossConfig.stylegan3(gamma)
                  .withBlur(BlurFade.stylegan3R(settings.optimizer().batch()));
    };
  }

  /**
   * All graphs.
   *
   * @throws AliasFreeException saying what does not go together
   */
  public TrainingProgram program(Precision precision) {
    Generator generator = generator();
    TrainingSettings.Optimizer optimizer = settings.optimizer();
    TrainingConfig preset =
        settings.cfg().isStyleGan3()
            ? TrainingConfig.stylegan3(optimizer.batchGpu(), optimizer.gamma())
            : TrainingConfig.stylegan2(optimizer.batchGpu(), optimizer.gamma());
    return new TrainingProgram(
        generator,
        discriminator(),
        augment(),
        preset
            .withLoss(loss())
            .withAdam(AdamOptions.of(optimizer.glr()), AdamOptions.of(optimizer.dlr()))
            .withPrecision(precision)
            .withFrozen(frozen(generator)));
  }

  /** The generator's parameters that do not learn. */
  private Set<String> frozen(Generator generator) {
    TrainingSettings.Freeze freeze = settings.networks().freeze();
    List<String> layers = synthesisLayers(generator);
    if (freeze.synthesis() > layers.size()) {
      throw new AliasFreeException(
          freeze.synthesis()
              + " layers of the synthesis network cannot be frozen: it has "
              + layers.size()
              + ", "
              + String.join(", ", layers)
              + ".");
    }
    List<String> frozenLayers = layers.subList(0, freeze.synthesis());
    return generator.variables().stream()
        .filter(NetworkVariable::trainable)
        .map(v -> v.variable().name())
        .filter(
            name ->
                (freeze.embedding() && name.startsWith("mapping.embed"))
                    || (freeze.mapping() && name.startsWith("mapping.fc"))
                    || frozenLayers.stream()
                        .anyMatch(layer -> (name + ".").startsWith(layer + ".")))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Modules of the synthesis network that have parameters, from its input on. */
  private static List<String> synthesisLayers(Generator generator) {
    Stream<String> names =
        generator.variables().stream()
            .filter(NetworkVariable::trainable)
            .map(v -> v.variable().name())
            .filter(name -> name.startsWith("synthesis."));
    return names.map(TrainingPlan::layer).distinct().toList();
  }

  /** StyleGAN2 has layers, and one constant, inside of blocks. */
  private static String layer(String parameter) {
    String[] parts = parameter.split("\\.", -1);
    boolean inBlock = parts[1].matches("b\\d+");
    return inBlock ? String.join(".", parts[0], parts[1], parts[2]) : parts[0] + "." + parts[1];
  }
}
