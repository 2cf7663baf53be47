package org.aliasfree.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the official training command, as they were typed; null where nothing was. */
final class TrainArguments {
  @Option(
      names = "--outdir",
      paramLabel = "DIR",
      description = "Where the folder of the run is made.")
  @Nullable String outdir;

  @Option(
      names = "--cfg",
      paramLabel = "CFG",
      completionCandidates = Words.OfTrainingConfigs.class,
      description = "Configuration: stylegan3-t, stylegan3-r or stylegan2.")
  @Nullable String cfg;

  @Option(
      names = "--data",
      paramLabel = "ZIP|DIR",
      description = "Training data, as aliasfree dataset makes it.")
  @Nullable String data;

  @Option(names = "--gpus", paramLabel = "INT", description = "Devices that train together.")
  @Nullable String gpus;

  @Option(names = "--batch", paramLabel = "INT", description = "Images of an iteration.")
  @Nullable String batch;

  @Option(
      names = "--gamma",
      paramLabel = "FLOAT",
      description =
          "Weight of R1. Default: 0.0002 times the pixels of an image, divided by --batch.")
  @Nullable String gamma;

  @Option(
      names = "--cond",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Condition the networks on the labels. Default: false.")
  @Nullable String cond;

  @Option(
      names = "--mirror",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Show images mirrored left to right as well. Default: false.")
  @Nullable String mirror;

  @Option(
      names = "--aug",
      paramLabel = "MODE",
      completionCandidates = Words.OfAugmentations.class,
      description =
          "Augmentation: noaug; ada, as strong as needed; fixed, of strength --p. Default: ada.")
  @Nullable String aug;

  @Option(
      names = "--resume",
      paramLabel = "PKL|RUN",
      completionCandidates = Words.OfPublishedNetworks.class,
      description =
          "A network file to start from, by path, URL or published name; or the folder of a run, which then continues as if it had "
              + "never stopped, with its own options.")
  @Nullable String resume;

  @Option(
      names = "--freezed",
      paramLabel = "INT",
      description = "Layers of the discriminator that do not learn, from the image. Default: 0.")
  @Nullable String freezed;

  @Option(
      names = "--p",
      paramLabel = "FLOAT",
      description = "Strength of --aug fixed. Default: 0.2.")
  @Nullable String p;

  @Option(
      names = "--target",
      paramLabel = "FLOAT",
      description = "What --aug ada aims at. Default: 0.6.")
  @Nullable String target;

  @Option(
      names = "--batch-gpu",
      paramLabel = "INT",
      description = "Images computed together; less needs less memory. Default: --batch / --gpus.")
  @Nullable String batchGpu;

  @Option(names = "--cbase", paramLabel = "INT", description = "Channel base. Default: 32768.")
  @Nullable String cbase;

  @Option(names = "--cmax", paramLabel = "INT", description = "Most channels. Default: 512.")
  @Nullable String cmax;

  @Option(
      names = "--glr",
      paramLabel = "FLOAT",
      description = "The generator's learning rate. Default: 0.0025, of stylegan2 0.002.")
  @Nullable String glr;

  @Option(
      names = "--dlr",
      paramLabel = "FLOAT",
      description = "The discriminator's learning rate. Default: 0.002.")
  @Nullable String dlr;

  @Option(
      names = "--map-depth",
      paramLabel = "INT",
      description = "Layers of the mapping network. Default: 2, of stylegan2 8.")
  @Nullable String mapDepth;

  @Option(
      names = "--mbstd-group",
      paramLabel = "INT",
      description = "Images whose deviation the discriminator takes together. Default: 4.")
  @Nullable String mbstdGroup;

  @Option(names = "--desc", paramLabel = "TEXT", description = "End of the run folder's name.")
  @Nullable String desc;

  @Option(
      names = "--metrics",
      paramLabel = "LIST",
      completionCandidates = Words.OfTrainingMetrics.class,
      description = "What is measured at snapshots: none. Default: none.")
  @Nullable String metrics;

  @Option(
      names = "--kimg",
      paramLabel = "KIMG",
      description = "Thousands of images in all. Default: 25000.")
  @Nullable String kimg;

  @Option(
      names = "--tick",
      paramLabel = "KIMG",
      description = "Thousands of images between two status lines. Default: 4.")
  @Nullable String tick;

  @Option(
      names = "--snap",
      paramLabel = "TICKS",
      description = "Ticks between two network snapshots. Default: 50.")
  @Nullable String snap;

  @Option(names = "--seed", paramLabel = "INT", description = "Random seed. Default: 0.")
  @Nullable String seed;

  @Option(
      names = "--fp32",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Make networks that compute in f32 everywhere. Default: false.")
  @Nullable String fp32;

  @Option(
      names = "--nobench",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Accepted for scripts made for the official command; nothing is benchmarked.")
  @Nullable String nobench;

  @Option(
      names = "--workers",
      paramLabel = "INT",
      description = "Threads that read images. Default: 3.")
  @Nullable String workers;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Print the options and end.")
  boolean dryRun;
}
