package org.aliasfree.cli;

import java.util.Locale;
import java.util.function.Consumer;
import org.aliasfree.metrics.LevelDistances;
import org.aliasfree.metrics.SlicedWasserstein;
import tools.jackson.core.JsonGenerator;

/** Distances as lines of text, or as JSON objects. */
final class MetricsReport {
  private final Console console;
  private final MetricsRun run;
  private final String backend;
  private boolean headed;

  MetricsReport(Console console, MetricsRun run, String backend) {
    this.console = console;
    this.run = run;
    this.backend = backend;
  }

  /** Says what the numbers are. */
  void begin() {
    if (!run.json()) {
      int resolution = run.dataset().resolution();
      console.line(
          String.format(
              Locale.ROOT,
              "%s: %s, %d images of %dx%d%s, seed %d",
              SlicedWasserstein.FEATURES,
              Console.oneLine(run.dataset().path().toString()),
              run.dataset().imageCount(),
              resolution,
              resolution,
              run.dataset().options().xflip() ? " and their mirror images" : "",
              run.generated().seed()));
    }
  }

  /** The distance between the halves of the data set, and how many images they have. */
  void halves(LevelDistances distances, int first, int second, double seconds) {
    if (run.json()) {
      object(
          "halves",
          distances,
          seconds,
          out -> {
            out.writeArrayPropertyStart("images");
            out.writeNumber(first);
            out.writeNumber(second);
            out.writeEndArray();
          });
    } else {
      row(distances, "between halves of the data set (" + first + " and " + second + " images)");
    }
  }

  /** The distance from the data set, so many images of it, to a network. */
  void network(MetricsRun.Network network, LevelDistances distances, int reals, double seconds) {
    int fakes = run.generated().images();
    double psi = run.generated().psi();
    if (run.json()) {
      object(
          "network",
          distances,
          seconds,
          out -> {
            out.writeArrayPropertyStart("images");
            out.writeNumber(reals);
            out.writeNumber(fakes);
            out.writeEndArray();
            out.writeStringProperty("network", network.name());
            out.writeStringProperty("net", network.net());
            out.writeNumberProperty("trunc", psi);
            out.writeStringProperty("backend", backend);
          });
    } else {
      row(
          distances,
          Console.oneLine(network.name())
              + " "
              + network.net()
              + " ("
              + fakes
              + " images"
              + (psi == 1 ? ")" : ", psi " + psi + ")"));
    }
  }

  private void row(LevelDistances distances, String what) {
    if (!headed) {
      headed = true;
      StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%9s", "mean"));
      for (LevelDistances.Level level : distances.levels()) {
        head.append(String.format(Locale.ROOT, " %9s", level.size() + "x" + level.size()));
      }
      console.line(head.toString());
    }
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%9.2f", distances.mean()));
    for (LevelDistances.Level level : distances.levels()) {
      line.append(String.format(Locale.ROOT, " %9.2f", level.distance()));
    }
    console.line(line + "  " + what);
  }

  private void object(
      String of, LevelDistances distances, double seconds, Consumer<JsonGenerator> more) {
    console.line(
        JsonText.of(
            out -> {
              out.writeStartObject();
              out.writeStringProperty("metric", "swd");
              out.writeStringProperty("features", SlicedWasserstein.FEATURES);
              out.writeStringProperty("of", of);
              out.writeNumberProperty("swd", rounded(distances.mean()));
              out.writeObjectPropertyStart("levels");
              for (LevelDistances.Level level : distances.levels()) {
                out.writeNumberProperty(Integer.toString(level.size()), rounded(level.distance()));
              }
              out.writeEndObject();
              out.writeStringProperty("data", run.dataset().path().toString());
              out.writeBooleanProperty("mirror", run.dataset().options().xflip());
              out.writeNumberProperty("seed", run.generated().seed());
              more.accept(out);
              out.writeNumberProperty("seconds", rounded(seconds));
              out.writeEndObject();
            }));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
