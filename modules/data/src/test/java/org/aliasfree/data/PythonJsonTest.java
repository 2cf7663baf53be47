package org.aliasfree.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is expected was printed by {@code json.dumps} of Python 3.11. */
class PythonJsonTest {
  @Test
  void numbersArePythons() {
    Double[] values = {
      0.0,
      -0.0,
      1.0,
      -2.5,
      0.1,
      0.0001,
      1e-5,
      -1.5e-5,
      1e15,
      1e16,
      123456789012345680.0,
      Double.MAX_VALUE,
      Double.MIN_VALUE,
      2 * Double.MIN_VALUE,
      Double.MIN_NORMAL,
      100.0,
      2e23,
      1700000000.123,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      1.0 / 3,
      9007199254740992.0,
      0.30000000000000004,
      1.0240000486373901
    };
    assertThat(PythonJson.line(Arrays.asList(values)))
        .isEqualTo(
            "[0.0, -0.0, 1.0, -2.5, 0.1, 0.0001, 1e-05, -1.5e-05, 1000000000000000.0, 1e+16,"
                + " 1.2345678901234568e+17, 1.7976931348623157e+308, 5e-324, 1e-323,"
                + " 2.2250738585072014e-308, 100.0, 2e+23, 1700000000.123, NaN, Infinity,"
                + " -Infinity, 0.3333333333333333, 9007199254740992.0, 0.30000000000000004,"
                + " 1.0240000486373901]");
  }

  @Test
  void textAndStructureArePythons() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("d", null);
    inner.put("e", true);
    Map<String, Object> outer = new LinkedHashMap<>();
    outer.put("a", List.of(1, 2.0, List.of()));
    outer.put("b/\u00e9\"\\\n\t\u007f\u0001", Map.of());
    outer.put("c", inner);
    assertThat(PythonJson.line(outer))
        .isEqualTo(
            """
            {"a": [1, 2.0, []], "b/\\u00e9\\"\\\\\\n\\t\\u007f\\u0001": {}, "c": {"d": null, "e": true}}\
            """);
    outer.remove("b/\u00e9\"\\\n\t\u007f\u0001");
    assertThat(PythonJson.indented(outer))
        .isEqualTo(
            """
            {
              "a": [
                1,
                2.0,
                []
              ],
              "c": {
                "d": null,
                "e": true
              }
            }\
            """);
  }
}
