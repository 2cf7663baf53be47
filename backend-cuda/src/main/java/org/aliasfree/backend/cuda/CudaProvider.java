package org.aliasfree.backend.cuda;

import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;

/** The backend {@code cuda}: NVIDIA's GPUs, as {@code cuda:1}. */
public final class CudaProvider implements BackendProvider {
  private static final String ID = "cuda";

  /** Made by the service loader. */
  public CudaProvider() {}

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
    return new Availability.Unavailable("being written");
  }

  @Override
  public Backend open(BackendOptions options) {
    throw new BackendUnavailableException("being written");
  }
}
