package org.aliasfree.backend.tornado;

import java.util.List;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/** A device that TornadoVM has found. */
final class TornadoEngine implements Engine {
  private final TornadoDevice device;
  private final Device description;

  TornadoEngine(TornadoDevice device, String description) {
    this.device = device;
    boolean shares =
        device.getDeviceType() != TornadoDeviceType.CPU
            && device.getDeviceLocalMemorySize() >= LOCAL_BYTES;
    boolean tiles = Boolean.parseBoolean(System.getProperty(TILES, Boolean.toString(shares)));
    this.description =
        new Device(description, tiles, device.getMaxGlobalMemory(), device.getMaxAllocMemory());
  }

  /** System property that chooses the kernels for work-groups, or the others, on any device. */
  static final String TILES = "aliasfree.tornado.tiles";

  /** Memory of a work-group that the kernels for them may take. */
  private static final long LOCAL_BYTES = 32 * 1024;

  @Override
  public Device device() {
    return description;
  }

  @Override
  public Session open(List<Object> uploaded, List<Object> resident, List<Work> graphs) {
    return new TornadoSession(device, uploaded, resident, graphs);
  }
}
