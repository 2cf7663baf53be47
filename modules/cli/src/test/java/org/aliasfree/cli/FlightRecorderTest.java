package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.Plan;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {
  private static final int BATCH = 3;

  @TempDir private Path folder = Path.of("");

  private List<Plan.Step> steps = List.of();

  /** Two batches of images while it is recorded. */
  private List<RecordedEvent> record(Consumer<Recording> settings) throws IOException {
    Path file = folder.resolve("run.jfr");
    try (Recording recording = new Recording()) {
      settings.accept(recording);
      recording.start();
      OpenedNetwork network =
          OpenedNetwork.open(NetworkSource.parseOptional(null), GeneratorFiles.AVERAGE);
      try (Backend backend = Backends.select("cpu-vector");
          ImageGenerator generator = ImageGenerator.open(backend, network.weights().get())) {
        GenerationRequest request = GenerationRequest.defaults();
        generator.generate(generator.latents(1, 2, 3), request);
        generator.generate(generator.latents(4, 5, 6), request);
        steps = generator.plan(BATCH, request).steps().stream().filter(s -> !s.prepared()).toList();
      }
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("org.aliasfree."))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  private static List<RecordedEvent> named(String name, List<RecordedEvent> events) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("org.aliasfree." + name))
        .toList();
  }

  @Test
  void runsAndStepsAreEventsWithWhatTheyDo() throws IOException {
    List<RecordedEvent> events =
        record(
            recording ->
                recording.enable("org.aliasfree.PlanStep").withThreshold(java.time.Duration.ZERO));
    assertThat(named("NetworkLoad", events)).hasSize(1);
    assertThat(named("Compile", events)).hasSize(1);
    List<RecordedEvent> runs = named("PlanRun", events);
    assertThat(runs).hasSize(2);
    long flops = steps.stream().mapToLong(step -> step.work().flops()).sum();
    for (RecordedEvent run : runs) {
      assertThat(run.getString("plan")).isEqualTo("generate");
      assertThat(run.getString("backend")).isEqualTo("cpu-vector");
      assertThat(run.getLong("batch")).isEqualTo(BATCH);
      assertThat(run.getInt("steps")).isEqualTo(steps.size());
      assertThat(run.getLong("flops")).isEqualTo(flops);
    }
    List<RecordedEvent> taken = named("PlanStep", events);
    assertThat(taken).hasSize(2 * steps.size());
    assertThat(taken.stream().limit(steps.size()).map(step -> step.getString("op")))
        .isEqualTo(steps.stream().map(Plan.Step::op).toList());
    assertThat(taken.stream().mapToLong(step -> step.getLong("flops")).sum()).isEqualTo(2 * flops);
    assertThat(taken)
        .anySatisfy(
            step -> {
              assertThat(step.getString("op")).isEqualTo("filtered_lrelu");
              assertThat(step.getString("layer")).isEqualTo("synthesis.L0_36_48");
              assertThat(step.getString("inputs")).startsWith("f32[3, 48, 38, 38], f32[48]");
              assertThat(step.getString("outputs")).isEqualTo("f32[3, 48, 36, 36]");
            });
  }

  @Test
  void whatIsNotRecordedMakesNoEvents() throws IOException {
    List<RecordedEvent> events =
        record(
            recording -> {
              recording.disable("org.aliasfree.PlanStep");
              recording.disable("org.aliasfree.PlanRun");
            });
    assertThat(named("Compile", events)).hasSize(1);
    assertThat(named("PlanRun", events)).isEmpty();
    assertThat(named("PlanStep", events)).isEmpty();
  }
}
