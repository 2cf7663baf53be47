package org.aliasfree.backend.tornado;

import java.util.List;
import java.util.stream.Collectors;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The backend {@code tornado}: any device that the user's TornadoVM knows, as {@code tornado:0:1},
 * number of the driver and number of the device.
 */
public final class TornadoProvider implements BackendProvider {
  private static final String ID = "tornado";
  private static final int SCORE_OF_CPU = 5; // below this project's own code for CPUs
  private static final int SCORE = 100;

  private static @Nullable Availability known;

  /** Made by the service loader. */
  public TornadoProvider() {}

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
    synchronized (TornadoProvider.class) {
      Availability answer = known;
      if (answer == null) {
        answer = ask();
        known = answer;
      }
      return answer;
    }
  }

  private static Availability ask() {
    try {
      List<TornadoDevices.Found> devices = TornadoDevices.all();
      if (devices.isEmpty()) {
        return new Availability.Unavailable(WhyNot.noDevice("no driver has one"));
      }
      if (TornadoDevices.wouldRunAsJava()) {
        return new Availability.Unavailable(
            "tornado.recover.bailout is True: kernels that cannot be compiled would give wrong"
                + " numbers. Start without that property.");
      }
      TornadoDevices.Found first = devices.getFirst();
      return new Availability.Available(
          first.isCpu() ? SCORE_OF_CPU : SCORE,
          devices.stream().map(TornadoDevices.Found::listed).toList(),
          "compiled by TornadoVM" + (first.isCpu() ? "; made for GPUs, slow on a CPU" : ""));
    } catch (RuntimeException | LinkageError | InternalError e) {
      return new Availability.Unavailable(WhyNot.of(e));
    }
  }

  @Override
  public Backend open(BackendOptions options) {
    if (probe() instanceof Availability.Unavailable u) {
      throw new BackendUnavailableException("The backend " + ID + " cannot be used: " + u.reason());
    }
    List<TornadoDevices.Found> devices = TornadoDevices.all();
    for (TornadoDevices.Found device : devices) {
      if (options.device().isEmpty() || options.device().equals(device.index())) {
        return new TornadoBackend(
            ID, new TornadoEngine(device.device(), device.description()), options);
      }
    }
    throw new BackendUnavailableException(
        "The backend "
            + ID
            + " has no device \""
            + options.device()
            + "\"; it has "
            + devices.stream().map(TornadoDevices.Found::index).collect(Collectors.joining(", "))
            + ".");
  }
}
