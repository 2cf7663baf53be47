package org.aliasfree.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** No test here asks how fast anything is. */
class MeasureTest {
  @Test
  void theMedianIsInTheMiddle() {
    Sample odd = Sample.of(3, 1, 100);
    assertThat(odd.median()).isEqualTo(3);
    assertThat(odd.min()).isEqualTo(1);
    assertThat(odd.max()).isEqualTo(100);
    assertThat(Sample.of(4, 1, 2, 100).median()).isEqualTo(3);
    assertThat(Sample.of(5).median()).isEqualTo(5);
  }

  @Test
  void theHighWaterMarkIsReadInKibibytes() {
    String status = "Name:\tjava\nVmPeak:\t 9000 kB\nVmHWM:\t    1024 kB\nVmRSS:\t 512 kB\n";
    assertThat(PeakMemory.parse(status)).contains(new PeakMemory(1 << 20, "VmHWM"));
    assertThat(PeakMemory.parse("Name:\tjava\n")).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryThatWasTouchedIsInTheMarkUntilItIsForgotten() {
    long touched = 200L << 20;
    long before = PeakMemory.ofProcess().orElseThrow().bytes();
    try (Arena arena = Arena.ofConfined()) {
      arena.allocate(touched).fill((byte) 1);
    }
    long after = PeakMemory.ofProcess().orElseThrow().bytes();
    assertThat(after).isGreaterThan(touched).isGreaterThanOrEqualTo(before);
    if (PeakMemory.forget()) {
      assertThat(PeakMemory.ofProcess().orElseThrow().bytes()).isLessThan(after - touched / 2);
    }
  }

  @Test
  void everyLoopDoesWorkOnEveryThread() {
    assertThat(Together.rate(3, 1_000_000, ScalarFmaLoop::new)).isPositive();
    assertThat(Together.rate(2, 1_000_000, VectorFmaLoop::new)).isPositive();
    assertThat(Together.rate(2, 1_000_000, CopyLoop::new)).isPositive();
  }

  @Test
  void ofTwoMeasurementsTheLargerPeaksCount() {
    MachinePeaks slow = new MachinePeaks(2, 100, 30, "plain loops");
    MachinePeaks fast = new MachinePeaks(2, 200, 20, "plain loops");
    assertThat(slow.faster(fast)).isEqualTo(new MachinePeaks(2, 200, 30, "plain loops"));
    assertThat(slow.steadiness(fast)).isEqualTo(0.5).isEqualTo(fast.steadiness(slow));
    assertThat(slow.steadiness(slow)).isEqualTo(1);
  }

  @Test
  void aLoopThatFailsEndsTheMeasurement() {
    Together.Loop broken =
        () -> {
          throw new IllegalStateException("no");
        };
    assertThatThrownBy(() -> Together.rate(2, 1_000_000, () -> broken))
        .isInstanceOf(IllegalStateException.class);
  }
}
