package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.Availability;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * The devices that TornadoVM finds, those that are no CPU first. Touching this class starts
 * TornadoVM, or fails with whatever is missing.
 */
final class TornadoDevices {
  /**
   * What has to be set before TornadoVM starts, unless the user has set it: kernels that cannot be
   * compiled are errors rather than run as the Java that they are not; graphs of any size; methods
   * inlined whatever their size; all of the device's memory; and arithmetic as in Java.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "tornado.recover.bailout", "False",
          "tornado.tvm.maxbytecodesize", "1048576",
          "tornado.compiler.fullInlining", "True",
          "tornado.device.memory", "1024GB",
          "tornado.enable.fma", "False",
          "tornado.enable.fastMathOptimizations", "False",
          "tornado.opencl.compiler.flags", "-w");

  private TornadoDevices() {}

  /** A device and its index in {@code tornado:0:1}: number of the driver, number of the device. */
  record Found(String index, TornadoDevice device) {
    /** Without the constant and the word that TornadoVM puts after the name of most devices. */
    String description() {
      String name =
          device
              .getDescription()
              .replaceAll(" CL_DEVICE_TYPE_[A-Z]+", "")
              .replace(" (available)", "");
      return name + " (" + device.getPlatformName() + ")";
    }

    boolean isCpu() {
      return device.getDeviceType() == TornadoDeviceType.CPU;
    }

    Availability.Device listed() {
      return new Availability.Device(index, description());
    }
  }

  /** All devices. */
  static List<Found> all() {
    SETTINGS.forEach(
        (key, value) -> {
          if (System.getProperty(key) == null) {
            System.setProperty(key, value);
          }
        });
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    List<Found> cpus = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    for (int driver = 0; driver < runtime.getNumBackends(); driver++) {
      TornadoBackend backend = Objects.requireNonNull(runtime.getBackend(driver));
      for (int number = 0; number < backend.getNumDevices(); number++) {
        Found device = new Found(driver + ":" + number, backend.getDevice(number));
        (device.isCpu() ? cpus : found).add(device);
      }
    }
    found.addAll(cpus);
    return found;
  }

  /**
   * Whether the user wants kernels that fail to be run as plain Java, which gives wrong numbers.
   */
  static boolean wouldRunAsJava() {
    return Boolean.parseBoolean(System.getProperty("tornado.recover.bailout", "False"));
  }
}
