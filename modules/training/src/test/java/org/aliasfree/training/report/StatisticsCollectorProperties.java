package org.aliasfree.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class StatisticsCollectorProperties {
  private static final String[] NAMES = {"Loss/a", "Timing/b", "Loss/c", "Resources/d", "Metrics"};
  private static final JsonMapper JSON = new JsonMapper();

  @Example
  void anIntervalHasMeanAndDeviationOfItsSamplesAlone() {
    StatisticsCollector collector = new StatisticsCollector();
    collector.report("z", tensor(1, 2, 3, 6));
    collector.report("one", 5);
    collector.report("none", tensor());
    collector.report("bad", Double.POSITIVE_INFINITY);
    Map<String, Statistic> first = collector.collect();
    assertThat(first.keySet()).containsExactly("z", "one", "none", "bad");
    assertThat(first.get("z")).isEqualTo(new Statistic(4, 3, Math.sqrt(3.5)));
    assertThat(first.get("one")).isEqualTo(new Statistic(1, 5, 0));
    assertThat(first.get("none")).isEqualTo(new Statistic(0, Double.NaN, Double.NaN));
    assertThat(first.get("bad")).isEqualTo(new Statistic(1, Double.POSITIVE_INFINITY, Double.NaN));
    collector.report("z", tensor(0.1, 0.1, 0.1));
    Map<String, Statistic> second = collector.collect();
    Statistic z = second.getOrDefault("z", Statistic.NONE);
    assertThat(z.mean()).isCloseTo(0.1, within(1e-15));
    assertThat(z.std()).isBetween(0.0, 1e-8); // the variance comes out as rounding has it
    assertThat(second.get("one")).isEqualTo(new Statistic(1, 5, 0));
  }

  private static HostTensor tensor(double... values) {
    HostTensor t = HostTensor.allocate(TensorType.of(DType.F64, values.length));
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    return t;
  }

  /** Through JSON text, as the state of a run is saved; at any moment of the interval. */
  @Property(tries = 700)
  void aRestoredCollectorGoesOnWithTheSameBits(
      @ForAll long seed,
      @ForAll @IntRange(max = 30) int before,
      @ForAll @IntRange(max = 30) int between,
      @ForAll @IntRange(max = 30) int after) {
    StatisticsCollector never = new StatisticsCollector();
    Random random = new Random(seed);
    reports(never, random, before);
    Map<String, Statistic> line = never.collect();
    reports(never, random, between);

    StatisticsCollector restored = new StatisticsCollector();
    restored.report("Loss/stale", 1);
    String saved = JSON.writeValueAsString(never.state());
    restored.restore(JSON.readValue(saved, new TypeReference<Map<String, Object>>() {}), line);
    assertThat(JSON.writeValueAsString(restored.state())).isEqualTo(saved);

    long rest = random.nextLong();
    reports(never, new Random(rest), after);
    reports(restored, new Random(rest), after);
    Map<String, Statistic> expected = never.collect();
    Map<String, Statistic> found = restored.collect();
    assertThat(List.copyOf(found.keySet())).isEqualTo(List.copyOf(expected.keySet()));
    expected.forEach(
        (name, statistic) -> {
          if (!StatisticsCollector.dependsOnMachine(name)) {
            assertThat(found.get(name)).as(name).isEqualTo(statistic); // a record: bit for bit
          } else if (after == 0) {
            assertThat(found.get(name)).isEqualTo(line.getOrDefault(name, Statistic.NONE));
          }
        });
  }

  private static void reports(StatisticsCollector collector, Random random, int times) {
    for (int i = 0; i < times; i++) {
      double value =
          switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> -0.0;
            case 3 -> Double.MIN_VALUE;
            default -> random.nextGaussian();
          };
      collector.report(NAMES[random.nextInt(NAMES.length)], value);
    }
  }

  @Example
  void aStateOfAnotherFormIsRefusedAndChangesNothing() {
    StatisticsCollector collector = new StatisticsCollector();
    collector.report("a", 1);
    for (Map<String, ?> state :
        List.<Map<String, ?>>of(
            Map.of(),
            Map.of("statistics", 1),
            Map.of("statistics", List.of(Map.of("name", "b"))),
            Map.of("statistics", List.of(Map.of("name", "b", "pending", List.of(1, "x", "1")))))) {
      assertThatThrownBy(() -> collector.restore(state, Map.of()))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageStartingWith("The saved statistics cannot be read (");
    }
    assertThat(collector.collect().keySet()).containsExactly("a");
  }
}
