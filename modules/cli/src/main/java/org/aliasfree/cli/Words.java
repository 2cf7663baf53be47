package org.aliasfree.cli;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.networks.PublishedNetwork;

/**
 * Words that an option takes: those that a shell offers. What is right is decided where the value
 * is read; an option names its list with {@code completionCandidates}.
 */
abstract class Words implements Iterable<String> {
  private final List<String> words;

  private Words(String... words) {
    this.words = List.of(words);
  }

  @Override
  public Iterator<String> iterator() {
    return words.iterator();
  }

  /** What can compute here. */
  static final class OfBackends extends Words {
    OfBackends() {
      super(backends().toArray(String[]::new));
    }

    private static Stream<String> backends() {
      try {
        return Backends.list().stream()
            .filter(found -> found.availability() instanceof Availability.Available)
            .map(found -> found.provider().id());
      } catch (AliasFreeException e) {
        return Stream.of(); // aliasfree doctor says what is wrong
      }
    }
  }

  /** What can compute here, or the best of that. */
  static final class OfBackendChoices extends Words {
    OfBackendChoices() {
      super(Stream.concat(Stream.of("auto"), OfBackends.backends()).toArray(String[]::new));
    }
  }

  /** Networks that are published. */
  static final class OfPublishedNetworks extends Words {
    OfPublishedNetworks() {
      super(published().toArray(String[]::new));
    }

    private static Stream<String> published() {
      return PublishedNetwork.all().stream().map(PublishedNetwork::name);
    }
  }

  /** Networks that have names: those that come with the program, and those that are published. */
  static final class OfNetworks extends Words {
    OfNetworks() {
      super(Stream.concat(bundled(), OfPublishedNetworks.published()).toArray(String[]::new));
    }

    private static Stream<String> bundled() {
      try {
        return BundledNetworks.list().stream().map(network -> "builtin:" + network.name());
      } catch (AliasFreeException e) {
        return Stream.of(); // aliasfree doctor says what is wrong
      }
    }
  }

  /** Networks of a file that make pictures. */
  static final class OfGenerators extends Words {
    OfGenerators() {
      super("G_ema", "G");
    }
  }

  /** Networks of a file. */
  static final class OfNetworksInFiles extends Words {
    OfNetworksInFiles() {
      super("G_ema", "G", "D");
    }
  }

  /** Kinds of noise. */
  static final class OfNoiseModes extends Words {
    OfNoiseModes() {
      super("const", "random", "none");
    }
  }

  /** Kinds of noise of ONNX models. */
  static final class OfOnnxNoiseModes extends Words {
    OfOnnxNoiseModes() {
      super("const", "none");
    }
  }

  /** Kinds of sheets. */
  static final class OfSheetKinds extends Words {
    OfSheetKinds() {
      super(
          Stream.of(SheetOptions.Kind.values())
              .map(SheetOptions.Kind::word)
              .toArray(String[]::new));
    }
  }

  /** Configurations that are trained. */
  static final class OfTrainingConfigs extends Words {
    OfTrainingConfigs() {
      super("stylegan3-t", "stylegan3-r", "stylegan2");
    }
  }

  /** How training augments. */
  static final class OfAugmentations extends Words {
    OfAugmentations() {
      super("noaug", "ada", "fixed");
    }
  }

  /** What training augments with. */
  static final class OfAugmentationPresets extends Words {
    OfAugmentationPresets() {
      super(
          "blit", "geom", "color", "filter", "noise", "cutout", "bg", "bgc", "bgcf", "bgcfn",
          "bgcfnc");
    }
  }

  /** Network files that training writes. */
  static final class OfSnapshotFormats extends Words {
    OfSnapshotFormats() {
      super("pkl", "safetensors", "both");
    }
  }

  /** Ways to crop pictures. */
  static final class OfCrops extends Words {
    OfCrops() {
      super("none", "center-crop", "center-crop-wide", "center-crop-tall");
    }
  }

  /** Ways to resize pictures. */
  static final class OfFilters extends Words {
    OfFilters() {
      super("lanczos", "box");
    }
  }

  /** What is measured of pictures. */
  static final class OfMetrics extends Words {
    OfMetrics() {
      super("swd");
    }
  }

  /** What is measured while training. */
  static final class OfTrainingMetrics extends Words {
    OfTrainingMetrics() {
      super("none");
    }
  }

  /** What is measured of a backend. */
  static final class OfConformanceModes extends Words {
    OfConformanceModes() {
      super("test", "support", "perf");
    }
  }

  /** Networks that are measured. */
  static final class OfBenchConfigs extends Words {
    OfBenchConfigs() {
      super("t-64", "t-256", "t-512", "t-1024", "r-256", "r-512", "r-1024", "stylegan2-256");
    }
  }

  /** Shells. */
  static final class OfShells extends Words {
    OfShells() {
      super("bash", "zsh");
    }
  }
}
