package org.aliasfree.backend.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** Addresses, as JCuda has them. */
final class Address {
  private Address() {}

  /** An address of the device. */
  static CUdeviceptr ofDevice(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  /** Where a segment outside the Java heap lies. */
  static Pointer of(MemorySegment segment) {
    return new Known(segment.address());
  }

  /** A pointer for the driver to fill in, whose value can be read. */
  static final class OfHost extends Pointer {
    long value() {
      return getNativePointer();
    }
  }

  /** As {@link OfHost}, of the device. */
  static final class OfDevice extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private static final class Known extends Pointer {
    Known(long address) {
      super(address);
    }
  }
}
