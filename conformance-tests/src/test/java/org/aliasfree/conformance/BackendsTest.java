package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which backends are found, which one is chosen, and what is said when that cannot be. */
class BackendsTest {
  @TempDir private Path folder;

  /** A provider with the reference's id. */
  public static final class Twin extends Fake {
    /** For the service loader. */
    public Twin() {
      super("cpu-reference", SPI_VERSION);
    }
  }

  /** A provider made for another version of the interface. */
  public static final class Stranger extends Fake {
    /** For the service loader. */
    public Stranger() {
      super("stranger", SPI_VERSION + 1);
    }
  }

  /** A provider that would be the best but cannot be used. */
  public static final class Absent extends Fake {
    /** For the service loader. */
    public Absent() {
      super("absent", SPI_VERSION);
    }
  }

  /** What the fake providers have in common: they cannot be used. */
  abstract static class Fake implements BackendProvider {
    private final String id;
    private final int version;

    Fake(String id, int version) {
      this.id = id;
      this.version = version;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public int spiVersion() {
      return version;
    }

    @Override
    public Availability probe() {
      return new Availability.Unavailable("nothing is plugged in; plug it in.");
    }

    @Override
    public Backend open(BackendOptions options) {
      throw new BackendUnavailableException("never");
    }
  }

  /** Does something while the service loader finds one more provider. */
  private void with(Class<? extends BackendProvider> provider, Runnable action) throws IOException {
    String resource = "META-INF/services/" + BackendProvider.class.getName();
    URL entry = Files.writeString(folder.resolve("provider"), provider.getName()).toUri().toURL();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new ClassLoader(before) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = new ArrayList<>(Collections.list(super.getResources(name)));
            if (name.equals(resource)) {
              all.add(entry);
            }
            return Collections.enumeration(all);
          }
        });
    try {
      action.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void bothCpuBackendsAreFoundTheFasterFirstAndItUsesVectors() {
    assertThat(TestBackends.ids()).containsSubsequence("cpu-vector", "cpu-reference");
    Availability vector = Backends.list().getFirst().availability();
    assertThat(vector)
        .isInstanceOfSatisfying(
            Availability.Available.class,
            a -> assertThat(a.note()).doesNotContain("jdk.incubator.vector is absent"));
    try (Backend chosen = Backends.select("auto")) {
      assertThat(chosen.id()).isEqualTo("cpu-vector");
    }
  }

  @Test
  void anUnknownBackendIsRefusedWithTheOnesThereAre() {
    assertThatThrownBy(() -> Backends.select("cpu-quantum"))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContainingAll("\"cpu-quantum\"", "auto", "cpu-vector", "cpu-reference");
  }

  @Test
  void anExplicitChoiceNeverFallsBack() throws IOException {
    with(
        Absent.class,
        () -> {
          assertThat(Backends.list().stream().map(found -> found.provider().id()))
              .as("what cannot be used comes last")
              .containsSubsequence("cpu-reference", "absent");
          assertThatThrownBy(() -> Backends.select("absent"))
              .isInstanceOf(BackendUnavailableException.class)
              .hasMessageContainingAll("\"absent\"", "plug it in");
          try (Backend chosen = Backends.select("auto")) {
            assertThat(chosen.id()).isNotEqualTo("absent");
          }
        });
  }

  @Test
  void twoBackendsOfOneNameAreAnErrorThatSaysWhereTheyAre() throws IOException {
    Class<?> reference =
        Backends.list().stream()
            .map(Backends.Found::provider)
            .filter(p -> p.id().equals("cpu-reference"))
            .findFirst()
            .orElseThrow()
            .getClass();
    with(
        Twin.class,
        () ->
            assertThatThrownBy(Backends::list)
                .isInstanceOf(AliasFreeException.class)
                .hasMessageContainingAll("\"cpu-reference\"", place(Twin.class), place(reference)));
  }

  @Test
  void aBackendForAnotherVersionIsAnErrorThatSaysWhereBothAre() throws IOException {
    with(
        Stranger.class,
        () ->
            assertThatThrownBy(Backends::list)
                .isInstanceOf(AliasFreeException.class)
                .hasMessageContainingAll(
                    "\"stranger\"", place(Stranger.class), place(Backends.class), "version 2"));
  }

  private static String place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().toString();
  }
}
