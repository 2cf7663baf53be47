package org.aliasfree.cli;

import java.util.function.Supplier;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Generator;

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
        yield new OpenedNetwork(network.generator(), () -> network);
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
