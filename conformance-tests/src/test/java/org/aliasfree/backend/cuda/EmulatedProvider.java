package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;

/** The backend cuda without a GPU. */
public class EmulatedProvider implements BackendProvider {
  private final String id;
  private final int capability;

  /** Made by the service loader: a device of the lowest capability. */
  public EmulatedProvider() {
    this("cuda-emulated", 80);
  }

  /** A device of a capability. */
  EmulatedProvider(String id, int capability) {
    this.id = id;
    this.capability = capability;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    String why = EmulatedLibrary.whyNot();
    return why.isEmpty()
        ? new Availability.Available(
            1, List.of(new Availability.Device("0", "the host")), "kernels compiled by g++")
        : new Availability.Unavailable(why);
  }

  @Override
  public Backend open(BackendOptions options) {
    if (!options.device().isEmpty()) {
      throw new BackendUnavailableException(
          "There is no device \"" + options.device() + "\"; leave it out.");
    }
    return new CudaBackend(id(), new EmulatedDriver(capability), options);
  }
}
