package org.aliasfree.training.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.training.report.EventFile;
import org.aliasfree.training.report.Statistic;
import org.aliasfree.training.report.StatisticsCollector;
import org.aliasfree.training.report.StatisticsFile;
import org.aliasfree.training.report.StatusLine;

/** What a run tells at each tick, and the clock it tells it by. */
final class TickReport implements AutoCloseable {
  private static final String TOTAL = "Timing/total_sec";
  private static final double GIB = 1L << 30;

  private final StatisticsCollector statistics;
  private final StatisticsFile file;
  private final EventFile events;
  private final Map<String, Double> phaseMillis = new LinkedHashMap<>();
  private final double earlier;
  private final long begin = System.nanoTime();
  private double tickStart;
  private double maintenance;

  /**
   * A report.
   *
   * @param file and {@code events}: this object's to close
   */
  TickReport(StatisticsCollector statistics, StatisticsFile file, EventFile events) {
    this.statistics = statistics;
    this.file = file;
    this.events = events;
    Statistic total = file.lastKept().getOrDefault(TOTAL, Statistic.NONE);
    earlier = total.num() == 0 ? 0 : total.mean();
    tickStart = elapsed();
  }

  /** Seconds that the run has taken, all processes that worked on it together. */
  double elapsed() {
    return earlier + (System.nanoTime() - begin) * 1e-9;
  }

  /** Seconds of this tick so far. */
  double sinceTickStart() {
    return elapsed() - tickStart;
  }

  /** A phase has ended. */
  void phaseTook(String phase, long nanos) {
    phaseMillis.put(phase, nanos * 1e-6);
  }

  long lines() {
    return file.lines();
  }

  long eventRecords() {
    return events.records();
  }

  /**
   * The status line, whose numbers become statistics.
   *
   * @param position with this tick not yet counted
   */
  String status(TrainingState.Position position, double augmentP) {
    double total = elapsed();
    double perTick = total - tickStart;
    long images = position.nimg() - position.tickStartNimg();
    double perKimg = images == 0 ? 0 : perTick / images * 1e3;
    double memory = ProcessMemory.resident() / GIB;
    double kimg = position.nimg() / 1e3;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("Progress/tick", (double) position.ticks());
    values.put("Progress/kimg", kimg);
    values.put(TOTAL, total);
    values.put("Timing/sec_per_tick", perTick);
    values.put("Timing/sec_per_kimg", perKimg);
    values.put("Timing/maintenance_sec", maintenance);
    values.put("Resources/cpu_mem_gb", memory);
    values.put("Resources/peak_gpu_mem_gb", 0.0);
    values.put("Resources/peak_gpu_mem_reserved_gb", 0.0);
    values.put("Progress/augment", augmentP);
    values.put("Timing/total_hours", total / 3600);
    values.put("Timing/total_days", total / 86400);
    values.forEach(statistics::report);
    return new StatusLine(
            position.ticks(), kimg, total, perTick, perKimg, maintenance, memory, 0, 0, augmentP)
        .text();
  }

  /** A picture of fakes, for TensorBoard. */
  void image(long nimg, byte[] png) {
    events.image(nimg / 1000, elapsed(), "Fakes", png);
  }

  /** Ends the interval of the statistics: a line of stats.jsonl, a record of events. */
  void write(long nimg) {
    phaseMillis.forEach((phase, millis) -> statistics.report("Timing/" + phase, millis));
    Map<String, Statistic> collected = statistics.collect();
    file.append(collected, System.currentTimeMillis() * 1e-3);
    Map<String, Double> means = new LinkedHashMap<>();
    collected.forEach((name, statistic) -> means.put(name, statistic.mean()));
    events.scalars(nimg / 1000, elapsed(), means);
  }

  /** Makes sure that everything is on the disk. */
  void force() {
    file.force();
    events.force();
  }

  /**
   * The next tick begins.
   *
   * @param maintenanceBegan the time on this clock when the last one ended
   */
  void beginTick(double maintenanceBegan) {
    tickStart = elapsed();
    maintenance = tickStart - maintenanceBegan;
  }

  @Override
  public void close() {
    try (file) {
      events.close();
    }
  }
}
