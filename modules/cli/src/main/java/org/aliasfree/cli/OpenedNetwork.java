package org.aliasfree.cli;

import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
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
  /** Name of the network that generates, in network files. */
  private static final String NAME = "G_ema";

  static OpenedNetwork open(NetworkSource source) {
    return switch (source) {
      case NetworkSource.File file -> {
        StoredNetwork stored = NetworkFile.read(file.path()).network(NAME);
        throw new AliasFreeException(
            file.path()
                + ": a "
                + stored.kind()
                + " cannot be run yet; use random:stylegan3-t-256.");
      }
      case NetworkSource.Random random -> {
        Generator generator = new StyleGan3Generator(random.config());
        yield new OpenedNetwork(generator, () -> GeneratorNetwork.random(generator, random.seed()));
      }
    };
  }
}
