package org.aliasfree.backend.cuda;

import java.util.stream.Collectors;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.jspecify.annotations.Nullable;

/** The backend {@code cuda}: NVIDIA's GPUs, as {@code cuda:1}. */
public final class CudaProvider implements BackendProvider {
  private static final String ID = "cuda";
  private static final int SCORE = 200;

  private static InstalledDriver.@Nullable Answer known;

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
    return availability(ask());
  }

  private static InstalledDriver.Answer ask() {
    synchronized (CudaProvider.class) {
      InstalledDriver.Answer answer = known;
      if (answer == null) {
        answer = InstalledDriver.ask();
        known = answer;
      }
      return answer;
    }
  }

  /** The answer in the terms of all backends. */
  static Availability availability(InstalledDriver.Answer answer) {
    return switch (answer) {
      case InstalledDriver.Unusable u -> new Availability.Unavailable(u.reason());
      case InstalledDriver.Usable u ->
          new Availability.Available(
              SCORE,
              u.devices().stream()
                  .map(d -> new Availability.Device(Integer.toString(d.index()), d.description()))
                  .toList(),
              "kernels compiled by the driver, for CUDA "
                  + u.version() / 1000
                  + "."
                  + u.version() % 1000 / 10);
    };
  }

  @Override
  public Backend open(BackendOptions options) {
    return switch (ask()) {
      case InstalledDriver.Unusable u ->
          throw new BackendUnavailableException(
              "The backend " + ID + " cannot be used: " + u.reason());
      case InstalledDriver.Usable u -> open(chosen(u, options.device()), options);
    };
  }

  /** The device of an index, the first for none. */
  static InstalledDriver.Found chosen(InstalledDriver.Usable usable, String index) {
    for (InstalledDriver.Found device : usable.devices()) {
      if (index.isEmpty() || index.equals(Integer.toString(device.index()))) {
        return device;
      }
    }
    throw new BackendUnavailableException(
        "The backend "
            + ID
            + " has no device \""
            + index
            + "\"; it has "
            + usable.devices().stream()
                .map(d -> Integer.toString(d.index()))
                .collect(Collectors.joining(", "))
            + ".");
  }

  @SuppressWarnings("MustBeClosedChecker") // The backend closes it.
  private static Backend open(InstalledDriver.Found device, BackendOptions options) {
    Driver driver = CudaDriver.open(device);
    try {
      return new CudaBackend(ID, driver, options);
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }
}
