package org.aliasfree.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.aliasfree.backend.Availability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What TornadoVM 5.2 ends with where something is missing, and what users are told. */
class WhyNotTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new NoClassDefFoundError("uk/ac/manchester/tornado/api/runtime/TornadoRuntimeProvider"),
            "TORNADOVM_HOME"),
        Arguments.of(
            new ExceptionInInitializerError(
                new RuntimeException(
                    "[ERROR] Tornado Runtime Implementation class not specified. Did you remember to"
                        + " add @tornado-argfile?")),
            "@$TORNADOVM_HOME/tornado-argfile"),
        Arguments.of(
            new IllegalStateException(
                new InternalError("JVMCI is not enabled. Must specify '-XX:+EnableJVMCI'.")),
            "JDK 25.0.2 or newer"),
        Arguments.of(
            new RuntimeException(
                "\u001b[31m[WARNING] No OpenCL platforms found. Deoptimizing to sequential"
                    + " execution.\u001b[0m"),
            "(No OpenCL platforms found). Install the driver of your device"),
        Arguments.of(
            new RuntimeException("[ERROR] OpenCL JNI Library not found"), "ocl-icd-libopencl1"),
        Arguments.of(new RuntimeException("something new"), "something new"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureNamesItsCauseAndItsRemedy(Throwable failure, String remedy) {
    assertThat(WhyNot.of(failure))
        .contains(remedy)
        .endsWith("See docs/backend-tornado.md.")
        .doesNotContain("\u001b", "sequential", "null");
  }

  /** These tests have the signatures only, which start nothing. */
  @Test
  void withoutTornadoVmTheProbeSaysSoAndEndsWell() {
    assertThat(new TornadoProvider().probe()).isInstanceOf(Availability.Unavailable.class);
  }
}
