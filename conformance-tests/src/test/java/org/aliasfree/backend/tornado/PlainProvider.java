package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;

/** The kernels of this backend, run without TornadoVM. */
public final class PlainProvider implements BackendProvider {
  /** Made by tests. */
  public PlainProvider() {}

  @Override
  public String id() {
    return "tornado-plain";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(
        1, List.of(new Availability.Device("0", "plain Java")), "one task after the other");
  }

  @Override
  public Backend open(BackendOptions options) {
    if (!options.device().isEmpty()) {
      throw new BackendUnavailableException(
          "There is no device \"" + options.device() + "\"; leave it out.");
    }
    return new TornadoBackend(id(), new JavaEngine(), options);
  }
}
