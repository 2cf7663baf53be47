package org.aliasfree.backend.tornado;

import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;

/** The backend {@code tornado}. */
public final class TornadoProvider implements BackendProvider {
  /** Made by the service loader. */
  public TornadoProvider() {}

  @Override
  public String id() {
    return "tornado";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    return new Availability.Unavailable("TODO");
  }

  @Override
  public Backend open(BackendOptions options) {
    throw new BackendUnavailableException("TODO");
  }
}
