package org.aliasfree.training.loop;

import java.util.List;
import java.util.Optional;

/**
 * Everything that decides what a training run computes, as the user gave it. It is kept in the
 * run's state, and a run continues with what is there.
 *
 * @param cfg the configuration that all else starts from
 * @param data what is trained on
 * @param networks their size
 * @param optimizer how they learn
 * @param augment how images are augmented
 * @param schedule how long, and what is written when
 * @param seed of all random numbers, 0 or more
 * @param gpus devices that train together
 * @param desc the end of the run folder's name
 * @param metrics what is measured at snapshots
 * @param transfer network file that training starts from
 * @param resumeKimg thousands of images that these networks have been shown already
 * @param nobench for the record: whether the official command was told not to benchmark
 */
public record TrainingSettings(
    Preset cfg,
    Data data,
    Networks networks,
    Optimizer optimizer,
    Augment augment,
    Schedule schedule,
    long seed,
    int gpus,
    Optional<String> desc,
    List<String> metrics,
    Optional<String> transfer,
    long resumeKimg,
    boolean nobench) {
  /** Copies the list. */
  public TrainingSettings {
    metrics = List.copyOf(metrics);
  }

  /**
   * What is trained on.
   *
   * @param path zip file or folder
   * @param cond whether networks are conditioned on the labels
   * @param mirror whether images are also shown mirrored left to right
   * @param mirrorY whether also upside down
   * @param workers threads that read images
   */
  public record Data(String path, boolean cond, boolean mirror, boolean mirrorY, int workers) {}

  /**
   * The networks.
   *
   * @param cbase channel base
   * @param cmax most channels of a layer
   * @param mapDepth layers of the generator's mapping network
   * @param mbstdGroup images whose deviation the discriminator takes together
   * @param fp32 whether networks are made to compute in f32 wherever they are used
   * @param freeze what does not learn
   */
  public record Networks(
      int cbase, int cmax, int mapDepth, int mbstdGroup, boolean fp32, Freeze freeze) {}

  /**
   * What does not learn.
   *
   * @param discriminator so many layers of the discriminator, from the image
   * @param mapping whether the layers of the mapping network
   * @param embedding whether the embedding of labels
   * @param synthesis so many layers of the synthesis network, from its input
   */
  public record Freeze(int discriminator, boolean mapping, boolean embedding, int synthesis) {
    /** Everything learns. */
    public static final Freeze NOTHING = new Freeze(0, false, false, 0);
  }

  /**
   * How the networks learn.
   *
   * @param batch images of an iteration
   * @param batchGpu images computed together; gradients of several such micro-batches add up
   * @param gamma weight of R1
   * @param glr the generator's learning rate
   * @param dlr the discriminator's
   */
  public record Optimizer(int batch, int batchGpu, double gamma, double glr, double dlr) {}

  /** When images are augmented. */
  public enum AugmentMode {
    /** Never. */
    NOAUG,
    /** As strongly as keeps the discriminator from overfitting. */
    ADA,
    /** Always equally strongly. */
    FIXED
  }

  /**
   * How images are augmented.
   *
   * @param mode when
   * @param pipe the name of the choice of augmentations
   * @param p overall strength, of {@link AugmentMode#FIXED}
   * @param target mean sign of the logits of real images that {@link AugmentMode#ADA} aims at
   */
  public record Augment(AugmentMode mode, String pipe, double p, double target) {}

  /**
   * How long, and what is written when.
   *
   * @param kimg thousands of images in all
   * @param tick thousands of images between two status lines
   * @param snap ticks between two network snapshots
   * @param imageSnap ticks between two pictures of fakes
   * @param gridWidth columns of these pictures; 0 for the official choice
   * @param gridHeight rows; 0 for the official choice
   */
  public record Schedule(
      long kimg, int tick, int snap, int imageSnap, int gridWidth, int gridHeight) {}

  /** Micro-batches of an iteration on one device. */
  public int rounds() {
    return optimizer.batch / (gpus * optimizer.batchGpu);
  }

  /** These with another length. */
  public TrainingSettings withSchedule(Schedule value) {
    return new TrainingSettings(
        cfg,
        data,
        networks,
        optimizer,
        augment,
        value,
        seed,
        gpus,
        desc,
        metrics,
        transfer,
        resumeKimg,
        nobench);
  }

  /** These with the data elsewhere. */
  public TrainingSettings withData(Data value) {
    return new TrainingSettings(
        cfg,
        value,
        networks,
        optimizer,
        augment,
        schedule,
        seed,
        gpus,
        desc,
        metrics,
        transfer,
        resumeKimg,
        nobench);
  }
}
