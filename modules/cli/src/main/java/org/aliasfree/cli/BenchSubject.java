package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.GeneratorFiles;

/**
 * What is measured.
 *
 * @param name what it is called in results: a name such as {@code t-256}, or the name of a file
 * @param network the value of {@code generate --network} that makes the same pictures
 * @param opened the network
 */
record BenchSubject(String name, String network, OpenedNetwork opened) {
  /** Shapes that are measured by name: those of the official training command, and a small one. */
  private static final List<String> NAMES =
      List.of("t-64", "t-256", "t-512", "t-1024", "r-256", "r-512", "r-1024");

  private static final Pattern OTHER = Pattern.compile("[tr]-\\d{1,9}|stylegan2-\\d{1,9}");

  /** Every t-R is a preset, but t-64 is a quick look: a network with few channels. */
  private static final String SMALL = "t-64";

  /** A network with random weights. */
  static BenchSubject ofConfig(String config) {
    String name = config.toLowerCase(Locale.ROOT).replace("stylegan3-", "");
    if (!OTHER.matcher(name).matches()) {
      throw new AliasFreeException(
          "there is no configuration called "
              + OptionValues.quoted(config)
              + "; there are "
              + String.join(", ", NAMES)
              + ", other resolutions of t and r, and stylegan2-R such as stylegan2-256.");
    }
    String preset = name.startsWith("stylegan2") ? name : "stylegan3-" + name;
    String channels = name.equals(SMALL) ? "&cbase=8192&cmax=128" : "";
    String network = "random:" + preset + "?seed=0" + channels;
    return new BenchSubject(name, network, open(NetworkSource.parse(network)));
  }

  /** A network by the value of {@code --network}. */
  static BenchSubject ofNetwork(String network, NetworkSource source) {
    return new BenchSubject(network, network, open(source));
  }

  private static OpenedNetwork open(NetworkSource source) {
    return OpenedNetwork.open(source, GeneratorFiles.AVERAGE);
  }

  /** Words for the command line of {@code generate} that make the picture of this seed. */
  List<String> generateOptions(long seed) {
    List<String> words = new ArrayList<>(List.of("--network", network));
    words.addAll(List.of("--seeds", Long.toString(seed)));
    if (opened.generator().cDim() > 0) {
      words.addAll(List.of("--class", "0"));
    }
    return words;
  }
}
