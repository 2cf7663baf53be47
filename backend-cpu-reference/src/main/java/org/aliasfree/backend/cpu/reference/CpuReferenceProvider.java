package org.aliasfree.backend.cpu.reference;

import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.support.HostBackend;

/** The backend {@code cpu-reference}: runs anywhere, right before fast. */
public final class CpuReferenceProvider implements BackendProvider {
  private static final String ID = "cpu-reference";

  /** Made by the service loader. */
  public CpuReferenceProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(
        1,
        List.of(new Availability.Device("0", "plain Java on the CPU")),
        "double precision inside, slow");
  }

  @Override
  public Backend open(BackendOptions options) {
    if (!options.device().isEmpty() && !options.device().equals("0")) {
      throw new BackendUnavailableException(
          "The backend "
              + ID
              + " has no device \""
              + options.device()
              + "\"; it has the one device 0. Leave the device out.");
    }
    String description =
        "scalar reference, double precision inside, threads: " + options.effectiveThreads();
    return new HostBackend<>(ID, description, new ReferenceKernels(), options);
  }
}
