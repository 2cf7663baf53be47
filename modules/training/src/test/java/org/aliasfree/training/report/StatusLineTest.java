package org.aliasfree.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusLineTest {
  /** The line that the original printed for such values. */
  @Test
  void theLineIsTheOriginals() {
    assertThat(new StatusLine(1, 1.024, 197.4, 115.9, 116.4, 42.3, 0.6, 0, 0, 0.0016).text())
        .isEqualTo(
            "tick 1     kimg 1.0      time 3m 17s       sec/tick 115.9   sec/kimg 116.40"
                + "  maintenance 42.3   cpumem 0.60   gpumem 0.00   reserved 0.00   augment 0.002");
  }

  /** From Python 3.11: '%-5d', '%-8.1f', … of the same values. */
  @Test
  void tiesAndWideValuesAreAsPythonPrintsThem() {
    assertThat(
            new StatusLine(
                    123456, 25000000.25, 12 * 86400, 0.25, 0.125, 0.35, 1e3, 2.675, 0.375, 0.0625)
                .text())
        .isEqualTo(
            "tick 123456 kimg 25000000.2 time 12d 00h 00m  sec/tick 0.2     sec/kimg 0.12   "
                + " maintenance 0.3    cpumem 1000.00 gpumem 2.67   reserved 0.38   augment 0.062");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "0.5, 0s",
    "1.5, 2s",
    "59.5, 1m 00s",
    "59.4, 59s",
    "65, 1m 05s",
    "3599.4, 59m 59s",
    "3599.6, 1h 00m 00s",
    "3723, 1h 02m 03s",
    "86399, 23h 59m 59s",
    "93784, 1d 02h 03m"
  })
  void aTimeIsShownInItsTwoOrThreeLargestUnits(double seconds, String text) {
    assertThat(StatusLine.time(seconds)).isEqualTo(text);
  }
}
