package org.aliasfree.backend.tornado;

/** Says why TornadoVM cannot be used, and what to do. */
final class WhyNot {
  private static final String HELP = " See docs/backend-tornado.md.";

  private WhyNot() {}

  /** One sentence or two for what starting TornadoVM ended with. */
  static String of(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = plain(String.valueOf(root.getMessage()));
    boolean missing =
        root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError;
    if (missing && said.replace('/', '.').contains("uk.ac.manchester.tornado.api")) {
      return "TornadoVM is not there. Install it, set TORNADOVM_HOME to its folder, and start"
          + " ./aliasfree, or java @$TORNADOVM_HOME/tornado-argfile."
          + HELP;
    }
    if (said.contains("@tornado-argfile") || missing) {
      return "of TornadoVM there is only the programming interface ("
          + said
          + "). Start java with @$TORNADOVM_HOME/tornado-argfile."
          + HELP;
    }
    if (said.contains("JVMCI") || said.contains("jdk.vm.ci") || root instanceof InternalError) {
      return "this Java gives TornadoVM no access to its compilers ("
          + said
          + "). Use JDK 25.0.2 or newer, and all options of @$TORNADOVM_HOME/tornado-argfile."
          + HELP;
    }
    if (said.contains("platform")) {
      return noDevice(said);
    }
    if (root instanceof UnsatisfiedLinkError || said.contains("Library")) {
      return "a native library is missing ("
          + said
          + "). Install OpenCL's loader (ocl-icd-libopencl1) and the driver of your device."
          + HELP;
    }
    return "TornadoVM does not start (" + root + ")." + HELP;
  }

  /** TornadoVM starts, but there is nothing that it could run on. */
  static String noDevice(String said) {
    return "TornadoVM finds no device ("
        + said
        + "). Install the driver of your device and OpenCL's loader (ocl-icd-libopencl1), or"
        + " pocl-opencl-icd for OpenCL on the CPU."
        + HELP;
  }

  /** A message without colours, without its level, and without what does not happen here. */
  private static String plain(String message) {
    return message
        .replaceAll("\u001b\\[[0-9;]*m", "")
        .replaceFirst("^\\[(ERROR|WARNING)\\] ", "")
        .replace(" Deoptimizing to sequential execution.", "")
        .strip()
        .replaceFirst("\\.$", "");
  }
}
