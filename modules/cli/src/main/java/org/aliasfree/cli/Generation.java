package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.Backend;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Precision;

/**
 * A list of seeds made into files.
 *
 * @param settings how images are made
 * @param seeds in order, repetitions kept
 * @param movement of the image
 * @param outputs what is written
 * @param json whether to tell of each image as a JSON object and of nothing else
 */
record Generation(
    PictureSettings settings, List<Long> seeds, Movement movement, Outputs outputs, boolean json) {
  /** Makes the files; when that fails, those made so far are for the caller to remove. */
  void run(Backend backend, OutputFolder folder, Console console) {
    System.getLogger(Generation.class.getName())
        .log(System.Logger.Level.DEBUG, backend.id() + ": " + backend.description());
    Progress progress = new Progress(console, seeds.size(), json);
    try (ImageGenerator generator =
        ImageGenerator.open(backend, settings.network().weights().get(), Precision.F32, 1)) {
      ImageFiles files = new ImageFiles(folder, outputs, settings.network().generator());
      long start = System.nanoTime();
      for (int first = 0; first < seeds.size(); first += settings.batch()) {
        int end = Math.min(first + settings.batch(), seeds.size());
        make(first, end, generator, files, progress, backend.id());
      }
      files.writeGrid().ifPresent(path -> progress.grid(path, seeds, backend.id(), start));
      progress.finish();
    } finally {
      progress.clear();
    }
  }

  private void make(
      int first,
      int end,
      ImageGenerator generator,
      ImageFiles files,
      Progress progress,
      String backend) {
    progress.begin(seeds, first, end);
    long start = System.nanoTime();
    long[] part = seeds.subList(first, end).stream().mapToLong(Long::longValue).toArray();
    GeneratedImages made = generator.generate(generator.latents(part), request(part));
    double seconds = (System.nanoTime() - start) / 1e9 / part.length;
    for (int i = first; i < end; i++) {
      List<Path> written = new ArrayList<>(files.write(i, seeds.get(i), made, i - first));
      progress.made(i, seeds.get(i), written, seconds, backend);
    }
  }

  GenerationRequest request(long[] part) {
    GenerationRequest request = settings.request(movement, part);
    String[] layers = outputs.layers().toArray(String[]::new);
    return outputs.needsImage() ? request.withLayers(layers) : request.withOnlyLayers(layers);
  }
}
