package uk.ac.manchester.tornado.api.enums;

/** Kinds of devices. */
public enum TornadoDeviceType {
  /** Not told. */
  UNKNOWN,
  /** The default. */
  DEFAULT,
  /** A processor. */
  CPU,
  /** A graphics processor. */
  GPU,
  /** A programmable circuit. */
  FPGA,
  /** Another device. */
  ACCELERATOR,
  /** A device of its own kind. */
  CUSTOM,
  /** Any. */
  ALL
}
