package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.aliasfree.measure.MachinePeaks;

/** Results for people. */
final class BenchText {
  /** Steps below this share of the time stand in one row together. */
  private static final double SMALL = 0.005;

  private BenchText() {}

  /** The machine. */
  static String peaks(MachinePeaks peaks) {
    return String.format(
        Locale.ROOT,
        "Peaks of this machine on %d %s: %.1f GFLOP/s (multiply-adds, %s), %.1f GB/s (copies)",
        peaks.threads(),
        peaks.threads() == 1 ? "thread" : "threads",
        peaks.flopRate() / 1e9,
        peaks.arithmetic(),
        peaks.byteRate() / 1e9);
  }

  /** What was measured, without the layers. */
  static List<String> summary(BenchResult r) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %.4f s an image (median of %d runs, %.4f to %.4f), batch %d, %d threads, %s",
            r.subject().name(),
            r.seconds().median(),
            r.settings().runs(),
            r.seconds().min(),
            r.seconds().max(),
            r.settings().batch(),
            r.settings().threads(),
            r.backend()));
    lines.add(
        String.format(
            Locale.ROOT,
            "  memory: %s at most (%s); a run %s, weights %s, prepared weights %s",
            megabytes(r.memory().bytes()),
            r.memory().source(),
            megabytes(r.runBytes()),
            megabytes(r.variableBytes()),
            megabytes(r.preparedBytes())));
    Optional<String> hash = r.imageHash();
    if (hash.isPresent()) {
      String options = String.join(" ", r.subject().generateOptions(r.settings().seed()));
      lines.add("  picture: sha-256 " + hash.get());
      lines.add(
          "    as of the file that this writes: aliasfree generate "
              + options.replaceAll("(random:\\S*)", "'$1'")
              + " --backend "
              + r.backend()
              + " --outdir out");
    }
    return lines;
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** A row for each layer, with its share of the roofline where the peaks are known. */
  static List<String> layers(BenchResult r, Optional<MachinePeaks> peaks) {
    double whole = r.seconds().median() * r.settings().batch();
    TextTable table = new TextTable(false, false, false, true, true, true, true, true, true, true);
    table.row(
        "OP",
        "LAYER",
        "OUTPUT",
        "MS",
        "TIME",
        "GFLOP",
        "DONE",
        "GB",
        "GFLOP/S",
        "GB/S",
        "OF THE ROOFLINE");
    LayerTime small = null;
    int count = 0;
    for (LayerTime layer : r.layers()) {
      if (layer.seconds() >= SMALL * whole) {
        row(table, layer, whole, peaks);
      } else {
        small = small == null ? layer : small.plus(layer);
        count++;
      }
    }
    if (small != null) {
      row(table, named(count + " smaller ones", small), whole, peaks);
    }
    if (!r.layers().isEmpty()) {
      LayerTime all = named("all steps", r.layers().stream().reduce(LayerTime::plus).orElseThrow());
      // The bounds of the layers, one after the other.
      String share =
          peaks
              .map(p -> r.layers().stream().mapToDouble(l -> l.bound(p)).sum())
              .map(bound -> number("%.0f %%", 100 * bound / all.seconds()))
              .orElse("");
      row(table, all, whole, share);
      rest(table, whole - all.seconds(), whole);
    }
    return table.lines();
  }

  private static LayerTime named(String what, LayerTime l) {
    return new LayerTime(what, "", "", l.seconds(), l.work(), l.flops());
  }

  private static void row(
      TextTable table, LayerTime l, double whole, Optional<MachinePeaks> peaks) {
    row(table, l, whole, peaks.map(p -> share(l, p)).orElse(""));
  }

  private static String share(LayerTime l, MachinePeaks peaks) {
    String bound = l.isBoundByArithmetic(peaks) ? "arithmetic" : "memory";
    return number("%.0f %%", 100 * l.bound(peaks) / l.seconds())
        + (l.output().isEmpty() ? "" : " (" + bound + ")");
  }

  private static void row(TextTable table, LayerTime l, double whole, String share) {
    table.row(
        l.op(),
        l.layer(),
        l.output(),
        number("%.2f", l.seconds() * 1e3),
        number("%.1f %%", 100 * l.seconds() / whole),
        number("%.3f", l.work().flops() / 1e9),
        number("%.3f", l.flops() / 1e9),
        number("%.4f", l.work().bytes() / 1e9),
        number("%.1f", l.work().flops() / l.seconds() / 1e9),
        number("%.2f", l.work().bytes() / l.seconds() / 1e9),
        share);
  }

  private static void rest(TextTable table, double seconds, double whole) {
    table.row(
        "the rest",
        "",
        "",
        number("%.2f", seconds * 1e3),
        number("%.1f %%", 100 * seconds / whole),
        "",
        "",
        "",
        "",
        "",
        "");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
