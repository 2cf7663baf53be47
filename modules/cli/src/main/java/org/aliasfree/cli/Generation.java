package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;

/**
 * A list of pictures made into files.
 *
 * @param settings how images are made
 * @param subjects what they are of, in order, repetitions kept
 * @param movement of the image
 * @param outputs what is written
 * @param json whether to tell of each image as a JSON object and of nothing else
 */
record Generation(
    PictureSettings settings,
    List<Subject> subjects,
    Movement movement,
    Outputs outputs,
    boolean json) {
  /** Makes the files; when that fails, those made so far are for the caller to remove. */
  void run(Backend backend, OutputFolder folder, Console console) {
    System.getLogger(Generation.class.getName())
        .log(System.Logger.Level.DEBUG, backend.id() + ": " + backend.description());
    Progress progress = new Progress(console, subjects.size(), json);
    try (ImageGenerator generator = settings.open(backend)) {
      ImageFiles files = new ImageFiles(folder, outputs, settings.network().generator());
      long start = System.nanoTime();
      Map<Long, HostTensor> ends = ends(generator);
      for (int first = 0, end; first < subjects.size(); first = end) {
        end = endOfBatch(first);
        make(first, end, generator, ends, files, progress, backend);
      }
      if (outputs.grid().isPresent()) {
        BackendObserver observer = ObservedBackend.observer(backend);
        try (var _ = observer.begin(new Activity.Stage("write files", "grid"))) {
          files.writeGrid().ifPresent(path -> progress.grid(path, subjects, backend.id(), start));
        }
      }
      progress.finish();
    } finally {
      progress.clear();
    }
  }

  /** Seeds are made from z, as the official tool does, and all else from w. */
  private int endOfBatch(int first) {
    boolean seed = subjects.get(first) instanceof Subject.Seed;
    int end = first + 1;
    while (end < subjects.size()
        && end - first < settings.batch()
        && subjects.get(end) instanceof Subject.Seed == seed) {
      end++;
    }
    return end;
  }

  /** ws of the seeds that lines go between, each computed once. */
  private Map<Long, HostTensor> ends(ImageGenerator generator) {
    Latents latents = new Latents(generator, settings);
    Map<Long, HostTensor> ends = new HashMap<>();
    for (Subject subject : subjects) {
      if (subject instanceof Subject.Between line) {
        ends.computeIfAbsent(line.from(), latents::ws);
        ends.computeIfAbsent(line.to(), latents::ws);
      }
    }
    return ends;
  }

  private void make(
      int first,
      int end,
      ImageGenerator generator,
      Map<Long, HostTensor> ends,
      ImageFiles files,
      Progress progress,
      Backend backend) {
    BackendObserver observer = ObservedBackend.observer(backend);
    progress.begin(subjects, first, end);
    long start = System.nanoTime();
    List<Subject> part = subjects.subList(first, end);
    long[] seeds = part.stream().mapToLong(Subject::noiseSeed).toArray();
    GeneratedImages made;
    Optional<HostTensor> ws = Optional.empty();
    if (part.getFirst() instanceof Subject.Seed) {
      made = generator.generate(generator.latents(seeds), request(seeds, outputs.w().isPresent()));
      if (outputs.w().isPresent()) {
        ws = Optional.of(made.layer(Generator.MAPPING));
      }
    } else {
      HostTensor all =
          Latents.stacked(
              part.stream()
                  .map(s -> s.ws(seed -> Objects.requireNonNull(ends.get(seed))))
                  .toList());
      made = generator.synthesize(all, request(seeds, false));
      ws = Optional.of(all);
    }
    double seconds = (System.nanoTime() - start) / 1e9 / part.size();
    for (int i = first; i < end; i++) {
      int row = i - first;
      Subject subject = subjects.get(i);
      List<Path> written;
      try (var _ = observer.begin(new Activity.Stage("write files", subject.fileName()))) {
        written = files.write(i, subject, made, row, ws.map(w -> w.row(row)));
      }
      progress.made(i, subject, written, seconds, backend.id());
    }
  }

  private GenerationRequest request(long[] seeds, boolean withMapping) {
    GenerationRequest request = settings.request(movement, seeds);
    Set<String> wanted = new LinkedHashSet<>(outputs.layers());
    if (withMapping) {
      wanted.add(Generator.MAPPING);
    }
    if (outputs.picture()) {
      wanted.add(Pixels.LAYER);
    }
    String[] layers = wanted.toArray(String[]::new);
    return outputs.rawImage() ? request.withLayers(layers) : request.withOnlyLayers(layers);
  }
}
