package org.aliasfree.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorNetwork;
import org.jspecify.annotations.Nullable;

/** Discriminators from and to network files. */
public final class DiscriminatorFiles {
  /** The name that discriminators have in files. */
  public static final String NAME = "D";

  private DiscriminatorFiles() {}

  /**
   * Reads a discriminator. Its tensors stay in the mapped file where they can.
   *
   * @param path one of NVIDIA's pickles, or a file in this project's own layout
   * @param name {@code D}
   * @throws NetworkFileException when the file cannot be read, has no such network, or when that is
   *     not a discriminator that can be rebuilt
   */
  public static DiscriminatorNetwork load(Path path, String name) {
    return load(NetworkFile.read(path), name);
  }

  /** As {@link #load(Path, String)}, from a file that was read already. */
  public static DiscriminatorNetwork load(NetworkFile file, String name) {
    return file.network(name, DiscriminatorFiles::rebuilt);
  }

  static DiscriminatorNetwork rebuilt(StoredNetwork stored) {
    DiscriminatorConfig config = DiscriminatorKeywords.config(stored);
    return new DiscriminatorNetwork(new Discriminator(config), stored.tensors());
  }

  /**
   * What a file keeps of a discriminator, for {@link NetworkFile#write(Path, Map, Map)}; {@link
   * #load} gives back the same. The tensors of frozen layers are buffers, as in official files.
   */
  public static StoredNetwork stored(DiscriminatorNetwork network) {
    DiscriminatorConfig config = network.discriminator().config();
    Map<String, @Nullable Object> sizes = new LinkedHashMap<>();
    sizes.put("c_dim", (long) config.cDim());
    sizes.put("img_resolution", (long) config.imgResolution());
    sizes.put("img_channels", (long) config.imgChannels());
    NetworkModules modules =
        new NetworkModules("Discriminator", DiscriminatorKeywords.keywords(config), sizes);
    return modules.withTensors(network.discriminator().variables(), network.tensors());
  }
}
