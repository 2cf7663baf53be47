package org.aliasfree.cli;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Generator;
import org.jspecify.annotations.Nullable;

/**
 * A network whose architecture is known.
 *
 * @param generator the architecture
 * @param weights gives the network with its weights, which may take a while
 */
record OpenedNetwork(Generator generator, Supplier<GeneratorNetwork> weights) {
  /**
   * Finds the architecture.
   *
   * @param net which of the generators of a file
   */
  static OpenedNetwork open(NetworkSource source, String net) {
    return switch (source) {
      case NetworkSource.File(var path) -> read(() -> GeneratorFiles.load(path, net));
      case NetworkSource.Bundled(var network) ->
          read(() -> GeneratorFiles.load(BundledNetworks.read(network), net));
      case NetworkSource.Remote(String text) ->
          throw new IllegalArgumentException(text + " is to be made a file first.");
      case NetworkSource.Random(var config, long seed) ->
          random(new StyleGan3Generator(config), seed);
      case NetworkSource.RandomStyleGan2(var config, long seed) ->
          random(new StyleGan2Generator(config), seed);
    };
  }

  /** Whoever takes the weights decides how long they, and the mapped file, stay in memory. */
  private static OpenedNetwork read(Supplier<GeneratorNetwork> file) {
    GeneratorNetwork network = file.get();
    AtomicReference<@Nullable GeneratorNetwork> read = new AtomicReference<>(network);
    return new OpenedNetwork(
        network.generator(),
        () -> {
          GeneratorNetwork taken = read.getAndSet(null);
          return taken == null ? file.get() : taken;
        });
  }

  private static OpenedNetwork random(Generator generator, long seed) {
    return new OpenedNetwork(generator, () -> GeneratorNetwork.random(generator, seed));
  }
}
