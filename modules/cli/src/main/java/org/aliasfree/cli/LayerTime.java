package org.aliasfree.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.StepLayers;
import org.aliasfree.graph.Workload;
import org.aliasfree.measure.MachinePeaks;
import org.aliasfree.measure.Sample;

/**
 * Time and work of the steps of a plan that have the same op, layer and shape.
 *
 * @param op its name
 * @param layer the named tensor that it is, or is on the way to
 * @param output shape of its result
 * @param seconds median over the runs
 * @param work by the formula
 * @param flops that the backend really does
 */
record LayerTime(
    String op, String layer, String output, double seconds, Workload work, long flops) {
  /** A step that has run, and for how long. */
  record Ran(Plan.Step step, long nanos) {}

  private record Key(String op, String layer, String output) {}

  /**
   * Puts runs of one plan together.
   *
   * @param runs the steps of each run, in the same order
   */
  static List<LayerTime> of(List<List<Ran>> runs) {
    Map<Key, LayerTime> rows = new LinkedHashMap<>();
    List<Ran> first = runs.getFirst();
    List<String> layers = StepLayers.of(first.stream().map(Ran::step).toList());
    for (int i = 0; i < first.size(); i++) {
      int at = i;
      Plan.Step step = first.get(i).step();
      double[] seconds = runs.stream().mapToDouble(run -> run.get(at).nanos() / 1e9).toArray();
      Key key = new Key(step.op(), layers.get(i), step.output().toString());
      LayerTime row =
          new LayerTime(
              key.op,
              key.layer,
              key.output,
              Sample.of(seconds).median(),
              step.work(),
              step.flops());
      rows.merge(key, row, LayerTime::plus);
    }
    return List.copyOf(rows.values());
  }

  /** Both together, under the names of this one. */
  LayerTime plus(LayerTime other) {
    return new LayerTime(
        op, layer, output, seconds + other.seconds, work.plus(other.work), flops + other.flops);
  }

  /** The arithmetic really done with the least traffic. */
  private Workload done() {
    return new Workload(flops, work.bytes());
  }

  /** The least time that the machine needs for what is done, in seconds. */
  double bound(MachinePeaks peaks) {
    return done().seconds(peaks.flopRate(), peaks.byteRate());
  }

  /** Whether arithmetic bounds it and not memory. */
  boolean isBoundByArithmetic(MachinePeaks peaks) {
    return flops / peaks.flopRate() >= work.bytes() / peaks.byteRate();
  }
}
