package org.aliasfree.backend.cpu.vector;

import java.util.Locale;

/**
 * Says whether this process uses the Vector API, and why not where it does not. This class never
 * links to {@code jdk.incubator.vector}; ask it before touching a class that does ({@link Simd} and
 * the vector kernels).
 *
 * <p>System properties: {@code aliasfree.vector=off} turns vectors off, {@code
 * aliasfree.vector.bits=128|256|512} asks for a width narrower than the machine's own.
 */
final class VectorSupport {
  /** Turns vectors off when set to {@code off}. */
  static final String SWITCH = "aliasfree.vector";

  /** Asks for a vector width in bits. */
  static final String BITS = "aliasfree.vector.bits";

  private static final String OBSTACLE = obstacle();

  private VectorSupport() {}

  /** Whether kernels run on vectors. */
  static boolean used() {
    return OBSTACLE.isEmpty();
  }

  /** Whether somebody asked for plain loops. */
  static boolean switchedOff() {
    return System.getProperty(SWITCH, "on").equalsIgnoreCase("off");
  }

  /** One sentence: the vector width in use, or why plain loops are used and what to change. */
  static String sentence() {
    return used()
        ? "Vectors of " + Simd.BITS + " bits are used."
        : "Plain loops are used because " + OBSTACLE + ".";
  }

  /** The reason not to use vectors, or an empty string. */
  private static String obstacle() {
    if (switchedOff()) {
      return "-D" + SWITCH + "=off was given";
    }
    String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
    if (mode.contains("interpreted")) {
      return "the JVM only interprets (" + mode + "); start it without -Xint";
    }
    // Without C2 each vector operation is an object on the heap, 40 times slower than a plain loop.
    if (mode.contains("emulated-client")) {
      return "the optimising compiler is off (" + mode + "); start without -XX:TieredStopAtLevel";
    }
    try {
      Class.forName(
          "jdk.incubator.vector.FloatVector", false, VectorSupport.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return "the module jdk.incubator.vector is absent; start with --add-modules"
          + " jdk.incubator.vector";
    }
    return Simd.obstacle();
  }
}
