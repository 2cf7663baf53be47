package org.aliasfree.backend.cuda;

import java.util.concurrent.locks.ReentrantLock;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * The context of a device, in which all calls are made, and what became of them. It is the device's
 * primary context, which other code of the process may use as well, or one that nobody else has; it
 * lives until all that hold it have let go.
 */
final class CudaCalls {
  /** Held by calls that cannot be made while another thread records. */
  final ReentrantLock lock = new ReentrantLock();

  private final String deviceName;
  private final CUdevice device;
  private final boolean own;
  private final CUcontext context = new CUcontext();
  private int holders = 1;
  private volatile @Nullable String broken;

  /**
   * Makes the context, or joins it.
   *
   * @param own whether it is to be one that nobody else has
   */
  CudaCalls(CUdevice device, String deviceName, boolean own) {
    this.device = device;
    this.deviceName = deviceName;
    this.own = own;
    if (own) {
      check(JCudaDriver.cuCtxCreate(context, 0, device), "cuCtxCreate", "");
    } else {
      check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain", "");
    }
  }

  /**
   * Makes the context current in this thread.
   *
   * @throws AliasFreeException if the device failed before
   */
  void enter() {
    String before = broken;
    if (before != null) {
      throw new AliasFreeException(
          "The device cannot be used until the program is started again, because of what happened"
              + " before: "
              + before);
    }
    check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent", "");
  }

  /** Makes the context current whatever happened before; false if that cannot be. */
  boolean tryEnter() {
    return JCudaDriver.cuCtxSetCurrent(context) == 0;
  }

  /** Whether a failure before has ended the use of the device. */
  boolean isBroken() {
    return broken != null;
  }

  /** One more needs the context: memory of the host that is freed later. */
  synchronized void hold() {
    holders++;
  }

  /** One less needs it. */
  synchronized void release() {
    if (--holders == 0) {
      int _ = // nobody is left to be told
          own ? JCudaDriver.cuCtxDestroy(context) : JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
  }

  /**
   * Looks at what a call returned.
   *
   * @param what it was made for, may be empty
   * @throws AliasFreeException if it failed
   */
  void check(int code, String call, String what) {
    if (code != 0) {
      throw failure(code, call, what);
    }
  }

  private AliasFreeException failure(int code, String call, String what) {
    String[] name = new String[1];
    String[] text = new String[1];
    if (JCudaDriver.cuGetErrorName(code, name) != 0) {
      name[0] = "error " + code;
    }
    if (JCudaDriver.cuGetErrorString(code, text) != 0) {
      text[0] = "which the driver does not explain";
    }
    String message =
        deviceName
            + ": "
            + CudaErrors.describe(call, what, name[0], text[0])
            + ". "
            + CudaErrors.remedy(code);
    if (CudaErrors.isSticky(code) && broken == null) {
      broken = message;
    }
    return new AliasFreeException(message);
  }
}
