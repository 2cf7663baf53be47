package org.aliasfree.cli;

import java.util.function.Supplier;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan3Generator;

/**
 * A network whose architecture is known.
 *
 * @param generator the architecture
 * @param weights gives the network with its weights, which may take a while
 */
record OpenedNetwork(Generator generator, Supplier<GeneratorNetwork> weights) {
  static OpenedNetwork open(NetworkSource source) {
    return switch (source) {
      case NetworkSource.File file -> {
        GeneratorNetwork network = GeneratorFiles.load(file.path(), GeneratorFiles.AVERAGE);
        yield new OpenedNetwork(network.generator(), () -> network);
      }
      case NetworkSource.Random random -> {
        Generator generator = new StyleGan3Generator(random.config());
        yield new OpenedNetwork(generator, () -> GeneratorNetwork.random(generator, random.seed()));
      }
    };
  }
}
