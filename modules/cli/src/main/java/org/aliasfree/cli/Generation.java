package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.aliasfree.backend.Backend;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.network.Precision;

/**
 * A list of seeds made into files.
 *
 * @param network what makes them
 * @param seeds in order, repetitions kept
 * @param psi truncation
 * @param label class of all images; empty for an unconditional network
 * @param movement of the image
 * @param noise where noise comes from, in networks that have any
 * @param outputs what is written
 * @param batch images computed together, 1 or more
 * @param json whether to tell of each image as a JSON object and of nothing else
 */
record Generation(
    OpenedNetwork network,
    List<Long> seeds,
    double psi,
    OptionalInt label,
    Movement movement,
    NoiseMode noise,
    Outputs outputs,
    int batch,
    boolean json) {
  /**
   * A shift in image widths, and a rotation about the middle.
   *
   * @param x to the right
   * @param y downwards
   * @param degrees of the rotation
   */
  record Movement(double x, double y, double degrees) {}

  /** Makes the files; when that fails, those made so far are for the caller to remove. */
  void run(Backend backend, OutputFolder folder, Console console) {
    System.getLogger(Generation.class.getName())
        .log(System.Logger.Level.DEBUG, backend.id() + ": " + backend.description());
    Progress progress = new Progress(console, seeds.size(), json);
    try (ImageGenerator generator =
        ImageGenerator.open(backend, network.weights().get(), Precision.F32, 1)) {
      ImageFiles files = new ImageFiles(folder, outputs, network.generator());
      long start = System.nanoTime();
      for (int first = 0; first < seeds.size(); first += batch) {
        int end = Math.min(first + batch, seeds.size());
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

  /** Fresh noise is told by the image's seed, so that it can be made again, in any batch. */
  GenerationRequest request(long[] part) {
    GenerationRequest request = GenerationRequest.defaults().withTruncationPsi(psi);
    if (network.generator().hasNoise()) {
      request =
          noise == NoiseMode.RANDOM ? request.withRandomNoise(part) : request.withNoise(noise);
    }
    if (label.isPresent()) {
      request = request.withClassLabel(label.getAsInt());
    }
    if (network.generator().hasInputTransform()) {
      request = request.withMovement(movement.x(), movement.y(), movement.degrees());
    }
    String[] layers = outputs.layers().toArray(String[]::new);
    return outputs.needsImage() ? request.withLayers(layers) : request.withOnlyLayers(layers);
  }
}
