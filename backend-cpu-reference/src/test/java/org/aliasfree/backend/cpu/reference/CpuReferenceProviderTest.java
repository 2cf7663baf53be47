package org.aliasfree.backend.cpu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.junit.jupiter.api.Test;

class CpuReferenceProviderTest {
  @Test
  void theServiceLoaderFindsItAndItCanAlwaysBeUsed() {
    Backends.Found found =
        Backends.list().stream()
            .filter(f -> f.provider().id().equals("cpu-reference"))
            .findFirst()
            .orElseThrow();
    assertThat(found.availability())
        .isInstanceOfSatisfying(
            Availability.Available.class, a -> assertThat(a.score()).isEqualTo(1));
  }

  @Test
  void itHasOneDevice() {
    try (Backend backend = Backends.select("cpu-reference:0")) {
      assertThat(backend.description()).contains("threads");
    }
    assertThatThrownBy(
            () -> new CpuReferenceProvider().open(BackendOptions.defaults().withDevice("1")))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContainingAll("cpu-reference", "\"1\"");
  }
}
