package org.aliasfree.guice;

import com.google.inject.Provider;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
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

  /** The network that the settings name; where they name none, the first that comes in a jar. */
  public GeneratorNetwork load() {
    return settings.network().map(this::load).orElseGet(() -> read(bundled().getFirst()));
  }

  /**
   * A network.
   *
   * @param text a path, URL, published name, or {@code builtin:NAME}; see {@link
   *     NetworkStore#resolve}. Downloads may take minutes
   * @throws AliasFreeException when there is none, or it cannot be read
   */
  public GeneratorNetwork load(String text) {
    if (!text.startsWith(BUILTIN)) {
      return GeneratorFiles.load(store.resolve(text), settings.generator());
    }
    String name = text.substring(BUILTIN.length());
    List<BundledNetwork> all = bundled();
    return all.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .map(this::read)
        .orElseThrow(
            () ->
                new AliasFreeException(
                    "No network comes in a jar under the name "
                        + name
                        + "; there are "
                        + all.stream().map(BundledNetwork::name).toList()
                        + "."));
  }

  private GeneratorNetwork read(BundledNetwork network) {
    return GeneratorFiles.load(BundledNetworks.read(network), settings.generator());
  }

  /** Those contributed, then those that the service loader finds. */
  private List<BundledNetwork> bundled() {
    List<BundledNetwork> all = new ArrayList<>(contributed);
    all.addAll(BundledNetworks.list());
    if (all.isEmpty()) {
      throw new AliasFreeException(
          "No network was chosen and none comes in a jar; set aliasfree.network, or add the artifact"
              + " aliasfree-network-portraits.");
    }
    return all;
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
