package org.aliasfree.guice;

import com.google.inject.Provider;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.networks.NetworkStore;

/** Generators by name, wherever they are, and opened on the injected backend. Thread-safe. */
@Singleton
public final class Networks {
  private static final String BUILTIN = "builtin:";

  private final AliasFreeSettings settings;
  private final NetworkStore store;
  private final Provider<Backend> backend;
  private final AliasFreeResources resources;
  private final Set<BundledNetwork> contributed;

  @Inject
  Networks(
      AliasFreeSettings settings,
      NetworkStore store,
      Provider<Backend> backend,
      AliasFreeResources resources,
      Set<BundledNetwork> contributed) {
    this.settings = settings;
    this.store = store;
    this.backend = backend;
    this.resources = resources;
    this.contributed = contributed;
  }

  /**
   * The network that the settings name; where they name none, one that a module contributed, or
   * else the first that comes in a jar.
   */
  public GeneratorNetwork load() {
    return settings
        .network()
        .map(this::load)
        .orElseGet(() -> read(contributed.stream().findFirst().orElseGet(BundledNetworks::first)));
  }

  /**
   * A network.
   *
   * @param text a path, URL, published name, or {@code builtin:NAME}; see {@link
   *     NetworkStore#resolve}. Downloads may take minutes
   * @throws AliasFreeException when there is none, or it cannot be read
   */
  public GeneratorNetwork load(String text) {
    return text.startsWith(BUILTIN)
        ? read(BundledNetworks.find(text.substring(BUILTIN.length()), contributed))
        : GeneratorFiles.load(store.resolve(text), settings.generator());
  }

  private GeneratorNetwork read(BundledNetwork network) {
    return GeneratorFiles.load(BundledNetworks.read(network), settings.generator());
  }

  /**
   * Opens a network on the injected backend, with the settings' precision and number of runs. It is
   * closed with {@link AliasFreeResources}, or earlier by whoever opened it.
   */
  public ImageGenerator open(GeneratorNetwork network) {
    resources.checkOpen();
    return resources.own(
        ImageGenerator.open(backend.get(), network, settings.precision(), settings.runs()));
  }
}
