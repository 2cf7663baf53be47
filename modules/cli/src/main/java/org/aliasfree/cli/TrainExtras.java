package org.aliasfree.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of training that the official command does not have; null where nothing was typed. */
final class TrainExtras {
  @Option(
      names = "--augpipe",
      paramLabel = "PRESET",
      completionCandidates = Words.OfAugmentationPresets.class,
      description =
          "Which augmentations: blit, geom, color, filter, noise, cutout, bg, bgc, bgcf, bgcfn or bgcfnc. "
              + "Default: bgc.")
  @Nullable String augpipe;

  @Option(
      names = {"--mirrory", "--mirror-y"},
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Show images upside down as well. Default: false.")
  @Nullable String mirrorY;

  @Option(
      names = "--img-snap",
      paramLabel = "TICKS",
      description = "Ticks between two pictures of fakes. Default: --snap.")
  @Nullable String imgSnap;

  @Option(
      names = "--img-grid",
      paramLabel = "WxH",
      description =
          "Columns and rows of these pictures. Default: as many as fit 7680x4320 pixels, 7x4 to 32x32.")
  @Nullable String imgGrid;

  @Option(
      names = "--resume-kimg",
      paramLabel = "KIMG",
      description =
          "Thousands of images that the network of --resume was shown already: counting, blur and averaging "
              + "go on from there. Default: 0.")
  @Nullable String resumeKimg;

  @Option(
      names = "--freezem",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "Layers of the mapping network do not learn. Default: false.")
  @Nullable String freezeMapping;

  @Option(
      names = "--freezee",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "The embedding of labels does not learn. Default: false.")
  @Nullable String freezeEmbedding;

  @Option(
      names = "--freezeg",
      paramLabel = "INT",
      description =
          "Layers of the synthesis network that do not learn, from its input. Default: 0.")
  @Nullable String freezeSynthesis;

  @Option(
      names = "--snap-format",
      paramLabel = "FORMAT",
      completionCandidates = Words.OfSnapshotFormats.class,
      description =
          "Network files: pkl, which the official tools read; safetensors; or both. Default: pkl.")
  @Nullable String snapFormat;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Network snapshots that remain, the newest; 0 for all. Default: 0.")
  @Nullable String keep;

  @Option(
      names = "--state-ticks",
      paramLabel = "TICKS",
      description = "Ticks between two states from which the run could continue. Default: 1.")
  @Nullable String stateTicks;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description = "End after this time with a state to continue from: 90m, 8h, 1d12h.")
  @Nullable String timeLimit;

  @Mixin final ComputeOptions compute = new ComputeOptions();
}
