package org.aliasfree.data.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.RasterImage;
import org.aliasfree.data.UncompressedPng;
import org.jspecify.annotations.Nullable;

/**
 * One run over the pictures of a source: threads decode, resize and encode, the caller's thread
 * takes what they made in order, checks it against the first picture and writes it.
 */
final class Conversion {
  private static final int TASKS_AHEAD = 4;
  private static final int FAULTS_KEPT = 20;
  private static final String CLASSES = "class_labels.txt";

  private final DatasetSettings settings;
  private final ImageSource source;
  private final ImageSink sink;
  private final DatasetProgress progress;
  private final List<String> faults = new ArrayList<>();
  private final StringBuilder labels = new StringBuilder();
  private @Nullable ImageAttributes attributes;
  private int images;
  private int leftOut;
  private int unlabelled;

  /** Counts all; {@link #faults} keeps the first. */
  private int faulty;

  /** Nothing will be written; workers look whether it is worth to encode. */
  private volatile boolean hopeless;

  Conversion(
      DatasetSettings settings, ImageSource source, ImageSink sink, DatasetProgress progress) {
    this.settings = settings;
    this.source = source;
    this.sink = sink;
    this.progress = progress;
  }

  /** What became of a picture. */
  private sealed interface Outcome {
    /** An interrupted command has done it. */
    record Present() implements Outcome {}

    /** The transform does not take it. */
    record LeftOut() implements Outcome {}

    /** It cannot be used. */
    record Faulty(String reason) implements Outcome {}

    /** It is to be written, if it is like the others. */
    record Made(ImageAttributes attributes, PngBytes png) implements Outcome {}
  }

  /** The bytes of a file; empty when nothing will be written anyway. */
  private interface PngBytes {
    byte[] get();
  }

  DatasetResult run() throws IOException {
    int total = Math.min(source.size(), settings.maxImages());
    sink.sample().ifPresent(image -> attributes = ImageAttributes.of(image));
    progress.begun(sink.found(), total);
    Deque<Future<Outcome>> ahead = new ArrayDeque<>();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            settings.threads(), Thread.ofPlatform().daemon().name("dataset-", 0).factory());
    try {
      int next = 0;
      for (int index = 0; index < total; index++) {
        while (next < total && ahead.size() < TASKS_AHEAD * settings.threads()) {
          int begun = next++;
          ahead.add(workers.submit(() -> make(begun)));
        }
        take(index, outcome(ahead.remove()));
        progress.advanced(index + 1, total);
      }
    } finally {
      workers.shutdownNow();
      workers.close(); // waits: the source is about to be closed
    }
    return finished();
  }

  private static Outcome outcome(Future<Outcome> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AliasFreeException("The work was interrupted.", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** On a worker. */
  private Outcome make(int index) {
    if (sink.has(index)) {
      return new Outcome.Present();
    }
    RasterImage image;
    try {
      image = source.image(index);
    } catch (AliasFreeException e) {
      return new Outcome.Faulty(String.valueOf(e.getMessage()));
    }
    if (settings.channels() != 0) {
      image = Channels.convert(image, settings.channels());
    }
    RasterImage transformed =
        settings.transform().apply(image, settings.width(), settings.height(), settings.filter());
    if (transformed == null) {
      return new Outcome.LeftOut();
    }
    byte[] png = hopeless ? new byte[0] : UncompressedPng.of(transformed);
    return new Outcome.Made(ImageAttributes.of(transformed), () -> png);
  }

  private void take(int index, Outcome outcome) throws IOException {
    switch (outcome) {
      case Outcome.Present() -> keep(index);
      case Outcome.LeftOut() -> leftOut++;
      case Outcome.Faulty(String reason) -> fault(source.name(index) + " " + reason);
      case Outcome.Made(ImageAttributes own, PngBytes png) -> {
        ImageAttributes first = attributes;
        if (first == null) {
          own.checkFirst(source.name(index), settings.channels());
          attributes = own;
        } else if (!own.equals(first)) {
          fault(source.name(index) + ": " + own.mismatch(first, ImageSink.imageName(index)));
          return;
        }
        if (!hopeless) {
          sink.addImage(index, png.get());
          keep(index);
        }
      }
    }
  }

  private void fault(String line) {
    faulty++;
    hopeless = !settings.skipFaulty();
    if (faults.size() < FAULTS_KEPT) {
      faults.add(line);
    }
  }

  private void keep(int index) {
    images++;
    String label = source.label(index);
    if (label == null) {
      unlabelled++;
    } else if (unlabelled == 0) {
      labels
          .append(labels.isEmpty() ? "" : ", ")
          .append("[\"" + ImageSink.imageName(index) + "\", " + label + "]");
    }
  }

  private DatasetResult finished() throws IOException {
    boolean written = !hopeless;
    ImageAttributes first = attributes;
    if (written && (images == 0 || first == null)) {
      throw new AliasFreeException(
          "No image is left: "
              + leftOut
              + " are too small for "
              + settings.transform().label()
              + " with this --resolution, "
              + faulty
              + " are faulty.");
    }
    if (first == null) {
      first = new ImageAttributes(0, 0, 0);
    }
    List<String> classes = source.classes();
    if (written) {
      addTexts(classes);
    }
    return new DatasetResult(
        written,
        images,
        leftOut,
        faulty,
        List.copyOf(faults),
        unlabelled,
        first.width(),
        first.height(),
        first.channels(),
        classes);
  }

  /** The labels come last: a data set that has them is complete. */
  private void addTexts(List<String> classes) throws IOException {
    if (!classes.isEmpty()) {
      String lines = String.join("\n", classes) + "\n";
      sink.addFile(CLASSES, lines.getBytes(StandardCharsets.UTF_8));
    }
    String json = "{\"labels\": " + (unlabelled > 0 ? "null" : "[" + labels + "]") + "}";
    sink.addFile(SourceLabels.FILE, json.getBytes(StandardCharsets.US_ASCII));
  }
}
