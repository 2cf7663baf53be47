package org.aliasfree.cli;

import java.util.List;
import java.util.Optional;
import org.aliasfree.measure.PeakMemory;
import org.aliasfree.measure.Sample;

/**
 * What was measured.
 *
 * @param subject what it was measured of
 * @param settings how
 * @param backend id of what computed
 * @param description of it
 * @param seconds an image, from inputs to the image on the host
 * @param memory the most that the process had
 * @param runBytes memory of a run: inputs, activations, outputs
 * @param variableBytes of the weights
 * @param preparedBytes of what was prepared from them
 * @param imageHash SHA-256 of the PNG of the first seed in hexadecimal digits; empty for networks
 *     whose images no PNG can hold
 * @param layers time of each step of the plan, in the order in which they run; for a whole batch
 */
record BenchResult(
    BenchSubject subject,
    BenchSettings settings,
    String backend,
    String description,
    Sample seconds,
    PeakMemory memory,
    long runBytes,
    long variableBytes,
    long preparedBytes,
    Optional<String> imageHash,
    List<LayerTime> layers) {
  BenchResult {
    layers = List.copyOf(layers);
  }

  /** Where it was computed, in the words of other projects: cpu, or the backend's name. */
  String device() {
    return isProcessor(backend) ? "cpu" : backend;
  }

  /** Whether a backend computes where this program runs. */
  static boolean isProcessor(String backend) {
    return backend.startsWith("cpu");
  }
}
