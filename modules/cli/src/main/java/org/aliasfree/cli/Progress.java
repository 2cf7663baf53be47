package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/**
 * Tells how far the work is: on a terminal one line that is rewritten, with rate and time left;
 * elsewhere the official tool's line for each seed; or a JSON object for each image.
 */
final class Progress {
  private final Console console;
  private final int total;
  private final boolean json;
  private final boolean rewrites;
  private final RewrittenLine line;
  private final long start = System.nanoTime();
  private int done;

  Progress(Console console, int total, boolean json) {
    this.console = console;
    this.total = total;
    this.json = json;
    int columns = json ? 0 : console.columns();
    rewrites = columns > 0;
    line = new RewrittenLine(console.out(), columns);
  }

  /** The pictures from place {@code first} to before {@code end} are being made. */
  void begin(List<Subject> subjects, int first, int end) {
    if (rewrites) {
      line.show(generating(subjects.get(first), first) + outlook());
    } else if (!json) {
      for (int i = first; i < end; i++) {
        console.line(generating(subjects.get(i), i));
      }
    }
  }

  /** So many pictures are there, and more are being made. */
  void reached(int count) {
    done = count;
    line.show(
        String.format(Locale.ROOT, "Generating picture %d/%d ...", count + 1, total) + outlook());
  }

  private String generating(Subject subject, int index) {
    return String.format(Locale.ROOT, "Generating image for %s (%d/%d) ...", subject, index, total);
  }

  private String outlook() {
    if (done == 0) {
      return "";
    }
    double seconds = seconds();
    return " " + rate(done, seconds) + ", " + clock(seconds / done * (total - done)) + " left";
  }

  private double seconds() {
    return Math.max((System.nanoTime() - start) / 1e9, 1e-6);
  }

  /** The files of an image are there. */
  void made(int index, Subject subject, List<Path> files, double seconds, String backend) {
    done++;
    if (json) {
      console.line(
          JsonText.of(
              out -> {
                out.writeStartObject();
                if (subject instanceof Subject.Seed(long seed)) {
                  out.writeNumberProperty("seed", seed);
                } else {
                  out.writeStringProperty("of", subject.toString());
                }
                out.writeNumberProperty("index", index);
                out.writeNumberProperty("count", total);
                if (!files.isEmpty()) {
                  out.writeStringProperty("file", files.getFirst().toString());
                }
                out.writeArrayPropertyStart("files");
                files.forEach(file -> out.writeString(file.toString()));
                out.writeEndArray();
                end(out, seconds, backend);
              }));
    }
  }

  /** The grid of all pictures is there; {@code begun} is when the work did, as nano time. */
  void grid(Path file, List<Subject> subjects, String backend, long begun) {
    if (json) {
      console.line(
          JsonText.of(
              out -> {
                out.writeStartObject();
                if (subjects.stream().allMatch(s -> s instanceof Subject.Seed)) {
                  out.writeArrayPropertyStart("seeds");
                  subjects.forEach(s -> out.writeNumber(s.noiseSeed()));
                  out.writeEndArray();
                }
                out.writeStringProperty("file", file.toString());
                end(out, (System.nanoTime() - begun) / 1e9, backend);
              }));
    }
  }

  private static void end(JsonGenerator out, double seconds, String backend) {
    out.writeNumberProperty("seconds", Math.round(seconds * 1e6) / 1e6);
    out.writeStringProperty("backend", backend);
    out.writeEndObject();
  }

  /** All is done. */
  void finish() {
    if (rewrites) {
      clear();
      double seconds = seconds();
      String images = total == 1 ? " image in " : " images in ";
      console.line(total + images + clock(seconds) + " (" + rate(total, seconds) + ")");
    }
  }

  /** Takes the line away, so that another can stand there. */
  void clear() {
    line.clear();
  }

  private static String rate(int images, double seconds) {
    double perSecond = images / seconds;
    return perSecond >= 0.1
        ? String.format(Locale.ROOT, "%.2f images/s", perSecond)
        : String.format(Locale.ROOT, "%.1f s an image", seconds / images);
  }

  /** {@code 0:07}, {@code 12:30}, {@code 3:02:15}. */
  static String clock(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
