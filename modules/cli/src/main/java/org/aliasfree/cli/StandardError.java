package org.aliasfree.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/**
 * Gives the process its standard error back. The JDK announces on it that an incubator module (the
 * Vector API) is in use and has no switch against that, so the launcher starts Java with standard
 * error parked on another descriptor, whose number is the system property {@value #PARKED}.
 */
final class StandardError {
  static final String PARKED = "aliasfree.stderr";

  private StandardError() {}

  /**
   * Makes descriptor 2 the parked one again; does nothing when Java was not started by the
   * launcher.
   */
  @SuppressWarnings("restricted") // dup2 has no counterpart in the Java library
  static void restore() {
    Integer parked = Integer.getInteger(PARKED);
    if (parked == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    try {
      int restored =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("dup2"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact((int) parked, 2);
      if (restored < 0) {
        throw new IllegalStateException("dup2 failed");
      }
    } catch (Throwable e) {
      throw new IllegalStateException("Could not restore standard error", e);
    }
  }
}
