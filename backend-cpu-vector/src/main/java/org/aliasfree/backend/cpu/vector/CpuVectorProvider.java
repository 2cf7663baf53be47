package org.aliasfree.backend.cpu.vector;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.support.HostBackend;

/** Finds the backend {@code cpu-vector}: the default on a machine without a GPU. */
public final class CpuVectorProvider implements BackendProvider {
  private static final String ID = "cpu-vector";
  private static final AtomicBoolean SLOWNESS_TOLD = new AtomicBoolean();

  /** For the service loader. */
  public CpuVectorProvider() {}

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
    int processors = Runtime.getRuntime().availableProcessors();
    String note = VectorSupport.sentence() + " Processors: " + processors + ".";
    return new Availability.Available(
        VectorSupport.used() ? 10 : 5,
        List.of(new Availability.Device("0", "this machine's CPU")),
        note);
  }

  @Override
  public Backend open(BackendOptions options) {
    WinogradTile.checkProperty();
    if (!options.device().isEmpty() && !options.device().equals("0")) {
      throw new BackendUnavailableException(
          "The backend "
              + ID
              + " has no device \""
              + options.device()
              + "\"; its only device is 0.");
    }
    if (!VectorSupport.used()
        && !VectorSupport.switchedOff()
        && SLOWNESS_TOLD.compareAndSet(false, true)) {
      System.getLogger(CpuVectorProvider.class.getName())
          .log(Level.WARNING, ID + " is slow here. " + VectorSupport.sentence());
    }
    String description = VectorSupport.sentence() + " Threads: " + options.effectiveThreads() + ".";
    return new HostBackend<>(ID, description, new VectorKernels(), options);
  }
}
