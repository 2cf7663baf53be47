package org.aliasfree.guice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.multibindings.Multibinder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.networks.NetworkStore;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasFreeModuleTest {
  private static final AliasFreeSettings REFERENCE =
      AliasFreeSettings.defaults().withBackends("cpu-reference");

  private static final GeneratorNetwork TINY =
      GeneratorNetwork.random(
          StyleGan3Config.stylegan3T(16)
              .with(b -> b.zDim(8).wDim(8).channelBase(128).channelMax(8).numLayers(4)),
          1);

  @TempDir private Path temp;

  private Path tinyFile() {
    Path file = temp.resolve("tiny.safetensors");
    NetworkFile.write(file, Map.of(GeneratorFiles.AVERAGE, GeneratorFiles.stored(TINY)), Map.of());
    return file;
  }

  private static HostTensor image(ImageGenerator generator) {
    return generator.generate(generator.latents(3), GenerationRequest.defaults()).image();
  }

  @Test
  void injectedGeneratorMakesTheImageThatTheLibraryMakesWithoutGuice() {
    Injector injector =
        Guice.createInjector(
            new AliasFreeModule(REFERENCE.withNetwork(tinyFile().toString()).withRuns(3)));
    ImageGenerator injected = injector.getInstance(ImageGenerator.class);
    try (Backend backend = Backends.select("cpu-reference");
        ImageGenerator plain = ImageGenerator.open(backend, TINY)) {
      assertThat(image(injected).data().mismatch(image(plain).data())).isEqualTo(-1);
    }
    assertThat(injector.getInstance(ImageGenerator.class)).isSameAs(injected);
    assertThat(injector.getInstance(Backend.class)).isSameAs(injector.getInstance(Backend.class));
    injector.getInstance(AliasFreeResources.class).close();
  }

  @Test
  void theNetworkInTheJarIsTakenWhereNoneIsNamed() {
    Injector injector = Guice.createInjector(new AliasFreeModule(REFERENCE));
    Networks networks = injector.getInstance(Networks.class);
    assertThat(networks.load().generator().imgResolution()).isEqualTo(64);
    assertThat(networks.load("builtin:emoji-portraits").generator().imgResolution()).isEqualTo(64);
    assertThatThrownBy(() -> networks.load("builtin:none"))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("none")
        .hasMessageContaining("emoji-portraits");
  }

  @Test
  void theFirstBackendThatCanBeUsedIsTakenAndAllReasonsAreToldWhenNoneCan() {
    AliasFreeSettings two = REFERENCE.withBackends("missing", "cpu-reference:0");
    Injector injector = Guice.createInjector(new AliasFreeModule(two));
    assertThat(injector.getInstance(Backend.class).id()).isEqualTo("cpu-reference");
    injector.getInstance(AliasFreeResources.class).close();

    AliasFreeSettings none = REFERENCE.withBackends("missing", "absent:1");
    assertThatThrownBy(
            () -> Guice.createInjector(new AliasFreeModule(none)).getInstance(Backend.class))
        .isInstanceOf(ProvisionException.class)
        .cause()
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("\"missing\"")
        .hasMessageContaining("\"absent\"");
  }

  /** The reference backend under another name, with its allocations counted. */
  private static final class Watched implements BackendProvider {
    final AtomicInteger live = new AtomicInteger();

    @Override
    public String id() {
      return "watched";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION;
    }

    @Override
    public Availability probe() {
      return new Availability.Available(
          1, List.of(new Availability.Device("0", "for the test")), "for the test");
    }

    @Override
    public Backend open(BackendOptions options) {
      return Backends.select("cpu-reference", options.withAllocator(this::counting));
    }

    private Allocator counting(Allocator inner) {
      return (bytes, holder) -> {
        Allocator.Allocation allocation = inner.allocate(bytes, holder);
        live.incrementAndGet();
        return new Allocator.Allocation() {
          private boolean freed;

          @Override
          public MemorySegment segment() {
            return allocation.segment();
          }

          @Override
          public void close() {
            if (!freed) {
              freed = true;
              live.decrementAndGet();
              allocation.close();
            }
          }
        };
      };
    }
  }

  /** A network that a module brings along. */
  private record Contributed(Path file) implements BundledNetwork {
    @Override
    public String name() {
      return "contributed";
    }

    @Override
    public String description() {
      return "for the test";
    }

    @Override
    public String pictures() {
      return "none";
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }

  @Test
  void otherModulesContributeBackendsAndNetworksAndAllMemoryIsFreedWithTheResources() {
    Contributed network = new Contributed(tinyFile());
    Watched backend = new Watched();
    Module other =
        new AbstractModule() {
          @Override
          protected void configure() {
            Multibinder.newSetBinder(binder(), BackendProvider.class)
                .addBinding()
                .toInstance(backend);
            Multibinder.newSetBinder(binder(), BundledNetwork.class)
                .addBinding()
                .toInstance(network);
          }
        };
    AliasFreeSettings settings =
        REFERENCE.withBackends("watched").withNetwork("builtin:contributed");
    Injector injector = Guice.createInjector(new AliasFreeModule(settings), other);
    ImageGenerator generator = injector.getInstance(ImageGenerator.class);
    assertThat(image(generator).type().elements()).isEqualTo(3 * 16 * 16);
    Networks networks = injector.getInstance(Networks.class);
    image(networks.open(TINY));
    assertThat(backend.live).hasPositiveValue();

    AliasFreeResources resources = injector.getInstance(AliasFreeResources.class);
    resources.close();
    resources.close();
    assertThat(backend.live).hasValue(0);
    assertThatThrownBy(() -> image(generator))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> networks.open(TINY))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void everySettingComesFromAPropertyToo() {
    Map<String, String> properties =
        Map.of(
            "aliasfree.backend", "cuda:1, cpu-vector",
            "aliasfree.threads", "3",
            "aliasfree.network", "net.pkl",
            "aliasfree.net", "G",
            "aliasfree.precision", "official-f16",
            "aliasfree.runs", "5",
            "aliasfree.cache", "folder",
            "aliasfree.offline", "true");
    AliasFreeSettings settings = AliasFreeSettings.defaults().with(properties::get);
    assertThat(settings)
        .isEqualTo(
            AliasFreeSettings.defaults()
                .withBackends("cuda:1", "cpu-vector")
                .withThreads(3)
                .withNetwork("net.pkl")
                .withGenerator("G")
                .withPrecision(org.aliasfree.network.Precision.OFFICIAL_F16)
                .withRuns(5)
                .withCacheFolder(Path.of("folder"))
                .withOffline(true));
    assertThat(AliasFreeSettings.defaults().with(name -> null))
        .isEqualTo(AliasFreeSettings.defaults());
    assertThatThrownBy(
            () -> AliasFreeSettings.defaults().with(Map.of("aliasfree.runs", "two")::get))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("aliasfree.runs")
        .hasMessageContaining("two");
    assertThatThrownBy(
            () -> AliasFreeSettings.defaults().with(Map.of("aliasfree.precision", "f8")::get))
        .hasMessageContaining("official-f16");
  }

  @Test
  void downloadsGoToTheChosenFolderAndCanBeForbidden() {
    Injector injector =
        Guice.createInjector(
            new AliasFreeModule(REFERENCE.withCacheFolder(temp).withOffline(true)));
    NetworkStore store = injector.getInstance(NetworkStore.class);
    assertThat(store.folder()).isEqualTo(temp);
    assertThatThrownBy(() -> injector.getInstance(Networks.class).load("http://127.0.0.1:9/a.pkl"))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("127.0.0.1");
  }
}
