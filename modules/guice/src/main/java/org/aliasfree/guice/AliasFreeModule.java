package org.aliasfree.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.multibindings.Multibinder;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.networks.NetworkStore;
import org.aliasfree.networks.NetworkStoreOptions;

/**
 * Makes these injectable, each as a singleton that is opened when it is first asked for:
 *
 * <ul>
 *   <li>{@link Backend}: the first of {@link AliasFreeSettings#backends()} that can be used;
 *   <li>{@link Networks}: loads networks from files, URLs, by published name, or from jars;
 *   <li>{@link ImageGenerator}: the chosen network on that backend, for any number of threads;
 *   <li>{@link NetworkStore}: the cache of downloads;
 *   <li>{@link AliasFreeResources}: closes all of them.
 * </ul>
 *
 * <p>Other modules add to it through multibinders of {@link BackendProvider} and {@link
 * BundledNetwork}; what they bind is there besides what the service loader finds.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(new AliasFreeModule());
 * HostTensor z = generator.latents(2);           // an injected ImageGenerator
 * injector.getInstance(AliasFreeResources.class).close();
 * }</pre>
 */
public final class AliasFreeModule extends AbstractModule {
  private final AliasFreeSettings settings;

  /** With the settings that the system properties tell. */
  public AliasFreeModule() {
    this(AliasFreeSettings.fromSystemProperties());
  }

  /** With these settings. */
  public AliasFreeModule(AliasFreeSettings settings) {
    this.settings = settings;
  }

  @Override
  protected void configure() {
    bind(AliasFreeSettings.class).toInstance(settings);
    Multibinder.newSetBinder(binder(), BackendProvider.class);
    Multibinder.newSetBinder(binder(), BundledNetwork.class);
  }

  @Provides
  @Singleton
  Backend backend(
      AliasFreeSettings chosen, Set<BackendProvider> contributed, AliasFreeResources resources) {
    resources.checkOpen();
    BackendOptions options = BackendOptions.defaults().withThreads(chosen.threads());
    List<String> reasons = new ArrayList<>();
    for (String choice : chosen.backends()) {
      try {
        return resources.own(Backends.select(choice, options, contributed));
      } catch (BackendUnavailableException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw new BackendUnavailableException(String.join(" ", reasons));
  }

  @Provides
  @Singleton
  NetworkStore networkStore(AliasFreeSettings chosen) {
    NetworkStoreOptions options =
        chosen
            .cacheFolder()
            .map(NetworkStoreOptions::in)
            .orElseGet(NetworkStoreOptions::fromEnvironment);
    return new NetworkStore(options.withOffline(options.offline() || chosen.offline()));
  }

  @Provides
  @Singleton
  ImageGenerator imageGenerator(Networks networks) {
    return networks.open(networks.load());
  }
}
