package org.aliasfree.backend.tornado;

import org.aliasfree.backend.Availability;
import org.junit.jupiter.api.Assumptions;

/** TornadoVM's default device, where there is one. */
final class RealEngine {
  private RealEngine() {}

  /** The device, or the test is skipped with the reason. */
  static Engine orSkip() {
    if (new TornadoProvider().probe() instanceof Availability.Unavailable u) {
      Assumptions.abort("tornado cannot be used here: " + u.reason());
    }
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    return new TornadoEngine(device.device(), device.description());
  }
}
