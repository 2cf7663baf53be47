package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.measure.MachinePeaks;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON objects, with the keys that measuring scripts of other projects can print too.
 */
final class BenchJson {
  private BenchJson() {}

  /** The object of a result with its layers; on processors with their peaks. */
  static Map<String, @Nullable Object> of(
      BenchResult r, Optional<MachinePeaks> peaks, double steadiness) {
    Map<String, @Nullable Object> json = of(r);
    peaks.ifPresent(p -> json.put("peaks", peaks(p)));
    peaks.ifPresent(_ -> json.put("steadiness", round(steadiness)));
    List<Object> rows = new ArrayList<>();
    r.layers().forEach(layer -> rows.add(layer(layer, peaks)));
    json.put("layers", rows);
    return json;
  }

  /** The object of a result. */
  static Map<String, @Nullable Object> of(BenchResult r) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("peer", "aliasfree");
    json.put("config", r.subject().name());
    json.put("device", r.device());
    json.put("batch", (long) r.settings().batch());
    json.put("threads", (long) r.settings().threads());
    json.put("s_per_image", round(r.seconds().median()));
    json.put("min", round(r.seconds().min()));
    json.put("max", round(r.seconds().max()));
    json.put("peak_bytes", r.memory().bytes());
    json.put("peak_source", r.memory().source());
    json.put("backend", r.backend());
    json.put("runs", (long) r.settings().runs());
    json.put("warmup", (long) r.settings().warmup());
    json.put("network", r.subject().network());
    json.put("seed", r.settings().seed());
    r.imageHash().ifPresent(hash -> json.put("png_sha256", hash));
    json.put("run_bytes", r.runBytes());
    json.put("variable_bytes", r.variableBytes());
    json.put("prepared_bytes", r.preparedBytes());
    return json;
  }

  private static Map<String, Object> peaks(MachinePeaks peaks) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("flops_per_s", (double) Math.round(peaks.flopRate()));
    json.put("bytes_per_s", (double) Math.round(peaks.byteRate()));
    json.put("threads", (long) peaks.threads());
    json.put("arithmetic", peaks.arithmetic());
    return json;
  }

  private static Map<String, Object> layer(LayerTime layer, Optional<MachinePeaks> peaks) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("op", layer.op());
    json.put("layer", layer.layer());
    json.put("output", layer.output());
    json.put("seconds", Math.round(layer.seconds() * 1e9) / 1e9);
    json.put("flops", layer.work().flops());
    json.put("flops_done", layer.flops());
    json.put("bytes", layer.work().bytes());
    peaks.ifPresent(p -> json.put("bound_seconds", Math.round(layer.bound(p) * 1e9) / 1e9));
    return json;
  }

  /** A hundredth of a millisecond is all that a clock is good for. */
  static double round(double seconds) {
    return Math.round(seconds * 1e5) / 1e5;
  }
}
