package example.toy;

import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.support.HostBackend;

/** Finds the backend {@code toy}. */
public final class ToyProvider implements BackendProvider {
  /** For the service loader. */
  public ToyProvider() {}

  @Override
  public String id() {
    return "toy";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(
        1, List.of(new Availability.Device("0", "this machine's CPU")), "plain loops");
  }

  @Override
  public Backend open(BackendOptions options) {
    if (!options.device().isEmpty() && !options.device().equals("0")) {
      throw new BackendUnavailableException(
          "The backend toy has no device \"" + options.device() + "\"; its only device is 0.");
    }
    return new HostBackend<>("toy", "plain loops", new ToyKernels(), options);
  }
}
