package org.aliasfree.cli;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
      case NetworkSource.File file -> {
        GeneratorNetwork network = GeneratorFiles.load(file.path(), net);
        // Whoever takes the weights decides how long they, and the mapped file, stay in memory.
        AtomicReference<@Nullable GeneratorNetwork> read = new AtomicReference<>(network);
        yield new OpenedNetwork(
            network.generator(),
            () -> {
              GeneratorNetwork taken = read.getAndSet(null);
              return taken == null ? GeneratorFiles.load(file.path(), net) : taken;
            });
      }
      case NetworkSource.Random(var config, long seed) ->
          random(new StyleGan3Generator(config), seed);
      case NetworkSource.RandomStyleGan2(var config, long seed) ->
          random(new StyleGan2Generator(config), seed);
    };
  }

  private static OpenedNetwork random(Generator generator, long seed) {
    return new OpenedNetwork(generator, () -> GeneratorNetwork.random(generator, seed));
  }
}
