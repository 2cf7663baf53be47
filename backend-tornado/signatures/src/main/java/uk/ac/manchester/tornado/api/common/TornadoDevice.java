package uk.ac.manchester.tornado.api.common;

import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/** A device. */
public interface TornadoDevice {
  /** Its short name. */
  String getDeviceName();

  /** What it is. */
  String getDescription();

  /** Whose it is. */
  String getPlatformName();

  /** Its kind. */
  TornadoDeviceType getDeviceType();

  /** Bytes of the largest buffer. */
  long getMaxAllocMemory();

  /** Bytes of its memory. */
  long getMaxGlobalMemory();

  /** Bytes that a work-group shares. */
  long getDeviceLocalMemorySize();
}
