package org.aliasfree.training.loop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.network.Generator;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.training.StyleMixing;
import org.aliasfree.training.TrainingConfig;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.augment.AugmentDraws;
import org.aliasfree.training.augment.AugmentPipe;

/**
 * What is drawn for the images of an iteration. All numbers depend on the seed, on what they are
 * for and on the number of the image in the whole training, so there is no state to be kept from
 * one iteration to the next. Micro-batches share one cutoff of style mixing and the margins of
 * augmentation, as in the official loop; nothing else depends on how images are divided.
 */
public final class DrawnInputs implements PhaseInputs {
  /** All graphs that add to gradients. The place of one here is part of the random streams. */
  private static final List<String> ENTRIES =
      List.of("Gmain", "Greg", "Dmain.fake", "Dmain.real", "Dreg");

  private static final String AUGMENT_PREFIX = "augment.";

  /** What numbers are for: a part of the number of a random stream. */
  private enum Purpose {
    Z(0),
    LABEL(1),
    MIX_Z(2),
    MIX_CUTOFF(3),
    NOISE(4),
    PATH_LENGTH_NOISE(5),
    AUGMENT(6);

    private static final int COUNT = 16;
    private final int number;

    Purpose(int number) {
      this.number = number;
    }
  }

  private final TrainingProgram training;
  private final int seed;
  private final LabelSource labels;
  private final long curNimg;
  private final RealBatch reals;
  private final double augmentP;

  /**
   * The inputs of an iteration.
   *
   * @param seed of the training
   * @param labels what fakes are labelled with
   * @param curNimg images shown before this iteration
   * @param reals its real images
   * @param augmentP overall strength of augmentation
   */
  public DrawnInputs(
      TrainingProgram training,
      int seed,
      LabelSource labels,
      long curNimg,
      RealBatch reals,
      double augmentP) {
    this.training = training;
    this.seed = seed;
    this.labels = labels;
    this.curNimg = curNimg;
    this.reals = reals;
    this.augmentP = augmentP;
  }

  @Override
  public Map<String, HostTensor> of(
      TrainingPhase phase, int round, String entry, Map<String, TensorType> types) {
    Draws draws = new Draws(phase, round, entry);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    types.forEach(
        (name, type) -> {
          if (!name.startsWith(AUGMENT_PREFIX)) {
            values.put(name, draws.value(name, type));
          }
        });
    if (types.keySet().stream().anyMatch(name -> name.startsWith(AUGMENT_PREFIX))) {
      draws
          .augment()
          .ifPresent(drawn -> drawn.values().forEach((k, v) -> values.put(k.label(), v)));
    }
    return values;
  }

  /** Draws for one micro-batch of one graph. */
  private final class Draws {
    private final TrainingPhase phase;
    private final String entry;
    private final long firstRow;
    private final ImageRandom noise;

    Draws(TrainingPhase phase, int round, String entry) {
      this.phase = phase;
      this.entry = entry;
      firstRow = (long) round * training.config().microBatch();
      noise = random(entry, Purpose.NOISE);
    }

    private ImageRandom random(String of, Purpose purpose) {
      int stream = ENTRIES.indexOf(of) * Purpose.COUNT + purpose.number;
      return ImageRandom.philox(seed, stream, curNimg + firstRow);
    }

    private boolean isReal() {
      return entry.equals("Dmain.real") || entry.equals("Dreg");
    }

    HostTensor value(String name, TensorType type) {
      // All graphs of a phase show the same fakes.
      String first = phase.accumulate().getFirst();
      return switch (name) {
        case TrainingProgram.IMAGES ->
            RealBatch.rows(reals.images(), firstRow, type.shape().dim(0));
        case TrainingProgram.LABELS ->
            isReal()
                ? RealBatch.rows(reals.labels(), firstRow, type.shape().dim(0))
                : fakeLabels(first, type);
        case TrainingProgram.Z -> normal(random(first, Purpose.Z), type);
        case TrainingProgram.MIX_Z -> normal(random(entry, Purpose.MIX_Z), type);
        case TrainingProgram.MIX_MASK -> mask();
        case TrainingProgram.PL_NOISE -> normal(random(entry, Purpose.PATH_LENGTH_NOISE), type);
        case TrainingProgram.BLUR -> {
          TrainingConfig config = training.config();
          yield config.loss().blur().filter(config.loss().blur().sigma(curNimg));
        }
        default -> {
          if (!name.startsWith(Generator.NOISE)) {
            throw new IllegalStateException("The graph " + entry + " takes " + name + ".");
          }
          yield normal(noise, type);
        }
      };
    }

    private HostTensor normal(ImageRandom random, TensorType type) {
      HostTensor values = HostTensor.allocate(type);
      random.normal(values);
      return values;
    }

    private HostTensor uniform(Purpose purpose, String of, long images, long perImage) {
      HostTensor values = HostTensor.allocate(TensorType.f32(images, perImage));
      random(of, purpose).uniform(values);
      return values;
    }

    private HostTensor fakeLabels(String first, TensorType type) {
      long images = type.shape().dim(0);
      int dim = type.shape().intDim(1);
      HostTensor chosen = uniform(Purpose.LABEL, first, images, 2);
      HostTensor values = HostTensor.allocate(type);
      for (long n = 0; n < images; n++) {
        // 48 random bits reach every image of any data set, evenly.
        double place = chosen.get(2 * n) + chosen.get(2 * n + 1) * 0x1p-24;
        float[] label = labels.label((int) (place * labels.size()));
        for (int i = 0; i < dim; i++) {
          values.set(n * dim + i, label[i]);
        }
      }
      return values;
    }

    private HostTensor mask() {
      int numWs = training.generator().numWs();
      HostTensor chosen = uniform(Purpose.MIX_CUTOFF, entry, 1, 2);
      double probability = training.config().loss().styleMixingProb();
      return StyleMixing.mask(
          numWs, StyleMixing.cutoff(numWs, probability, chosen.get(0), chosen.get(1)));
    }

    Optional<AugmentDraws> augment() {
      int size = training.generator().imgResolution();
      Shape images =
          Shape.of(training.config().microBatch(), training.generator().imgChannels(), size, size);
      return training
          .augment()
          .map(AugmentPipe::config)
          .map(
              config ->
                  AugmentDraws.draw(config, images, augmentP, random(entry, Purpose.AUGMENT)));
    }
  }
}
