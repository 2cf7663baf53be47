package org.aliasfree.measure;

import java.util.Locale;

/**
 * Which of the two loops of multiply-adds is the faster one here. This class never links to {@code
 * jdk.incubator.vector}.
 */
final class FmaLoop {
  private FmaLoop() {}

  /** Whether the Vector API is there and the compiler that makes instructions of it. */
  static boolean vectorsAreFast() {
    String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
    if (mode.contains("interpreted") || mode.contains("emulated-client")) {
      return false;
    }
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, FmaLoop.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return false;
    }
    return VectorFmaLoop.bits() >= 128;
  }
}
