package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trial that kernels for compute capability 9.0 have to pass on a device. */
class HopperTrialTest {
  private static final int RESULT = 16; // where ConvHopperArgs has y

  @BeforeAll
  static void needsACompiler() {
    Assumptions.assumeTrue(EmulatedLibrary.whyNot().isEmpty(), EmulatedLibrary.whyNot());
  }

  /** Does something to what one kernel computed. */
  private static final class SabotagedDriver extends EmulatedDriver {
    private final Set<String> launched = new HashSet<>();
    private final LongConsumer spoil;

    SabotagedDriver(LongConsumer spoil) {
      super(90);
      this.spoil = spoil;
    }

    @Override
    public void submit(List<Command> commands) {
      for (Command command : commands) {
        super.submit(List.of(command));
        if (command instanceof Launch l && l.kernel().startsWith("conv_hopper")) {
          launched.add(l.kernel());
          if (l.kernel().equals("conv_hopper_128_64_f16")) {
            long result =
                ByteBuffer.wrap(l.arguments()).order(ByteOrder.nativeOrder()).getLong(RESULT);
            spoil.accept(result);
          }
        }
      }
    }
  }

  @Test
  void allKernelsAreTried() {
    try (SabotagedDriver driver = new SabotagedDriver(result -> {})) {
      assertThat(HopperTrial.problem(driver)).isEmpty();
      assertThat(driver.launched)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(ConvHopper.Size.values()).map(ConvHopper.Size::kernel).toList());
    }
  }

  @SuppressWarnings("restricted") // the trial's results are larger
  private static void write(long address, float value) {
    MemorySegment.ofAddress(address)
        .reinterpret(Short.BYTES)
        .set(ValueLayout.JAVA_SHORT, 0, Float.floatToFloat16(value));
  }

  @Test
  void aKernelThatComputesAWrongNumberIsNamed() {
    try (SabotagedDriver driver = new SabotagedDriver(result -> write(result + 222, Float.NaN))) {
      assertThat(HopperTrial.problem(driver))
          .hasValue("the kernel conv_hopper_128_64_f16 computes other numbers");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1.01f})
  void noWrongNumberPassesForRounding(float wrong) {
    HostTensor expected = HostTensor.allocate(TensorType.of(DType.F16, 2));
    HostTensor result = HostTensor.allocate(TensorType.of(DType.F16, 2));
    expected.set(0, 1);
    result.set(0, 1.001);
    assertThat(HopperTrial.agree(expected, result)).isTrue();
    result.set(0, wrong);
    assertThat(HopperTrial.agree(expected, result)).isFalse();
  }

  @Test
  void failuresAreNoticed() {
    LongConsumer trap =
        result -> {
          throw new AliasFreeException("an illegal instruction");
        };
    try (SabotagedDriver driver = new SabotagedDriver(trap)) {
      assertThat(HopperTrial.problem(driver)).hasValue("an illegal instruction");
    }
  }

  @Test
  void theSwitch() {
    String before = System.getProperty(HopperTrial.SWITCH);
    try {
      System.setProperty(HopperTrial.SWITCH, "off");
      assertThat(HopperTrial.isWanted()).isFalse();
      System.setProperty(HopperTrial.SWITCH, "auto");
      assertThat(HopperTrial.isWanted()).isTrue();
      System.setProperty(HopperTrial.SWITCH, "yes");
      assertThatThrownBy(HopperTrial::isWanted)
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("aliasfree.cuda.hopper is \"yes\"; set it to auto or off");
    } finally {
      if (before == null) {
        System.clearProperty(HopperTrial.SWITCH);
      } else {
        System.setProperty(HopperTrial.SWITCH, before);
      }
    }
  }
}
