package org.aliasfree.checkpoint;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The Python source that pickles carry for whoever loads them there: what all networks share, and
 * what those of one kind need besides.
 */
enum NetworkSource {
  STYLEGAN3_GENERATOR,
  STYLEGAN2_GENERATOR,
  DISCRIMINATOR,
  AUGMENT_PIPE;

  /** The source of a network that is stored under one of the names of snapshots. */
  static NetworkSource of(StoredNetwork network) {
    return switch (network.kind()) {
      case STYLEGAN3_GENERATOR -> STYLEGAN3_GENERATOR;
      case STYLEGAN2_GENERATOR -> STYLEGAN2_GENERATOR;
      case DISCRIMINATOR -> DISCRIMINATOR;
      case OTHER -> AUGMENT_PIPE;
    };
  }

  /** A module of Python that has all classes of these networks. */
  String text() {
    return parts().stream().map(NetworkSource::read).collect(joining("\n\n"));
  }

  private List<String> parts() {
    return switch (this) {
      case STYLEGAN3_GENERATOR -> List.of("layers.py", "stylegan3.py");
      case STYLEGAN2_GENERATOR -> List.of("layers.py", "convolutions.py", "stylegan2.py");
      case DISCRIMINATOR -> List.of("layers.py", "convolutions.py", "discriminator.py");
      case AUGMENT_PIPE -> List.of("layers.py", "augment.py");
    };
  }

  private static String read(String name) {
    try (InputStream in = NetworkSource.class.getResourceAsStream("python/" + name)) {
      if (in == null) {
        throw new IllegalStateException("The module org.aliasfree.checkpoint lacks " + name + ".");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
