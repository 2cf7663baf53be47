package org.aliasfree.training.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * Gathers samples under names, such as {@code Loss/scores/fake}, and makes a mean and a standard
 * deviation of each name's samples at the end of an interval. Sums are kept in double precision and
 * added in the order of the reports, so equal reports give equal bits. Not for several threads at
 * once.
 */
public final class StatisticsCollector {
  private static final String ALL = "statistics";
  private static final String NAME = "name";
  private static final String PENDING = "pending";
  private static final String LAST = "last";

  private static final class Samples {
    long count;
    double sum;
    double squares;
    @Nullable Statistic last;
  }

  private final Map<String, Samples> samples = new LinkedHashMap<>();

  /** One that knows of no name yet. */
  public StatisticsCollector() {}

  /**
   * Adds a sample.
   *
   * @param name under which the sample counts; names are collected in the order of their first
   *     report
   */
  public void report(String name, double value) {
    add(samplesOf(name), value);
  }

  /**
   * Adds every element as a sample. A tensor without elements only makes the name known.
   *
   * @param values of any element type and shape
   */
  public void report(String name, HostTensor values) {
    Samples s = samplesOf(name);
    long n = values.type().elements();
    for (long i = 0; i < n; i++) {
      add(s, values.get(i));
    }
  }

  private Samples samplesOf(String name) {
    return samples.computeIfAbsent(name, _ -> new Samples());
  }

  private static void add(Samples s, double value) {
    s.count++;
    s.sum += value;
    s.squares += value * value;
  }

  /**
   * Ends an interval: the statistics of what was reported since the one before. A name without a
   * new sample keeps its statistic.
   *
   * @return a map of its own, in the order of the first reports
   */
  public Map<String, Statistic> collect() {
    Map<String, Statistic> collected = new LinkedHashMap<>();
    samples.forEach((name, s) -> collected.put(name, collect(s)));
    return collected;
  }

  private static Statistic collect(Samples s) {
    Statistic last = s.last;
    if (last == null || s.count > 0) {
      last = Statistic.of(s.count, s.sum, s.squares);
    }
    s.last = last;
    s.count = 0;
    s.sum = 0;
    s.squares = 0;
    return last;
  }

  /** Whether a statistic tells of the machine, so that it differs when the same run is repeated. */
  public static boolean dependsOnMachine(String name) {
    return name.startsWith("Timing/") || name.startsWith("Resources/");
  }

  /**
   * Everything that {@link #restore} needs, as maps, lists, strings and whole numbers alone: what
   * comes back from any JSON is the same, bit for bit. Of statistics that depend on the machine
   * there is the name alone, which holds their place in the order.
   */
  public Map<String, Object> state() {
    List<Object> all = new ArrayList<>();
    samples.forEach(
        (name, s) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put(NAME, name);
          if (!dependsOnMachine(name)) {
            one.put(PENDING, triple(s.count, s.sum, s.squares));
            if (s.last != null) {
              one.put(LAST, triple(s.last.num(), s.last.mean(), s.last.std()));
            }
          }
          all.add(one);
        });
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(ALL, all);
    return state;
  }

  /** As text, because JSON has no NaN and its readers may round. */
  private static List<Object> triple(long count, double a, double b) {
    return List.of(count, Double.toString(a), Double.toString(b));
  }

  /**
   * Puts a saved state in place of what was reported so far.
   *
   * @param state from {@link #state}, possibly by way of JSON
   * @param lastLine statistics of the interval before the state was saved, from {@link
   *     StatisticsFile#lastKept}; only those that depend on the machine are used
   * @throws AliasFreeException when the state is not of this form; nothing has changed then
   */
  public void restore(Map<String, ?> state, Map<String, Statistic> lastLine) {
    Map<String, Samples> restored = new LinkedHashMap<>();
    try {
      for (Object each : (List<?>) value(state, ALL)) {
        Map<?, ?> one = (Map<?, ?>) each;
        String name = (String) value(one, NAME);
        restored.put(name, dependsOnMachine(name) ? known(lastLine.get(name)) : samples(one));
      }
    } catch (ClassCastException | IndexOutOfBoundsException | NumberFormatException e) {
      throw new AliasFreeException(
          "The saved statistics cannot be read ("
              + e.getMessage()
              + "): they are not as this program writes them. Take another state of the run.",
          e);
    }
    samples.clear();
    samples.putAll(restored);
  }

  private static Samples known(@Nullable Statistic last) {
    Samples s = new Samples();
    s.last = last;
    return s;
  }

  private static Samples samples(Map<?, ?> one) {
    Samples s = new Samples();
    List<?> pending = (List<?>) value(one, PENDING);
    s.count = ((Number) pending.get(0)).longValue();
    s.sum = Double.parseDouble((String) pending.get(1));
    s.squares = Double.parseDouble((String) pending.get(2));
    if (one.get(LAST) instanceof List<?> last) {
      s.last =
          new Statistic(
              ((Number) last.get(0)).longValue(),
              Double.parseDouble((String) last.get(1)),
              Double.parseDouble((String) last.get(2)));
    }
    return s;
  }

  private static Object value(Map<?, ?> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      throw new ClassCastException("no \"" + key + "\"");
    }
    return value;
  }
}
