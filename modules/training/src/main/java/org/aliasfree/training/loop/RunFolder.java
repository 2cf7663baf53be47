package org.aliasfree.training.loop;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;

/**
 * The folder of a run: {@code 00003-stylegan3-t-name-gpus1-batch32-gamma8.2-desc}.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  /** What the user gets to know of the run. */
  public static final String LOG = "log.txt";

  /** The options of the run. */
  public static final String OPTIONS = "training_options.json";

  /** The statistics of each tick. */
  public static final String STATISTICS = "stats.jsonl";

  private static final Pattern ID = Pattern.compile("(\\d+).*");
  private static final Pattern SNAPSHOT =
      Pattern.compile("network-snapshot-(\\d{6,})\\.(?:pkl|safetensors)");
  private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.[0-9a-f]+\\.part");

  /**
   * The folder that a new run gets; it is not made.
   *
   * @param outdir where runs are; need not exist
   */
  public static RunFolder next(Path outdir, TrainingPlan plan) {
    return new RunFolder(
        outdir.resolve(String.format(Locale.ROOT, "%05d-%s", nextId(outdir), name(plan))));
  }

  private static String name(TrainingPlan plan) {
    TrainingSettings s = plan.settings();
    String name =
        "%s-%s-gpus%d-batch%d-gamma%s"
            .formatted(
                s.cfg().label(),
                plan.facts().name(),
                s.gpus(),
                s.optimizer().batch(),
                ShortNumber.of(s.optimizer().gamma()));
    return s.desc().map(desc -> name + "-" + desc).orElse(name);
  }

  /** One more than the highest number that a folder's name begins with. */
  private static long nextId(Path outdir) {
    if (!Files.isDirectory(outdir)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(outdir)) {
      return files
              .filter(Files::isDirectory)
              .map(f -> ID.matcher(f.getFileName().toString()))
              .filter(Matcher::matches)
              .mapToLong(m -> Long.parseLong(m.group(1)))
              .max()
              .orElse(-1)
          + 1;
    } catch (IOException e) {
      throw new AliasFreeException("--outdir: cannot read " + outdir + ": " + e.getMessage(), e);
    }
  }

  /**
   * Makes the folder, and those above it.
   *
   * @throws AliasFreeException if it exists or cannot be made
   */
  public void create() {
    try {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      throw new AliasFreeException(
          "--outdir: cannot make the folder " + path + ": " + e.getFile() + " exists.", e);
    } catch (IOException e) {
      throw new AliasFreeException(
          "--outdir: cannot make the folder " + path + ": " + e.getMessage(), e);
    }
  }

  /** A file in it. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** The state of the run. */
  public Path state() {
    return file(TrainingState.FILE);
  }

  /** A file name with thousands of images, in six digits. */
  static String numbered(String prefix, long nimg, String suffix) {
    return String.format(Locale.ROOT, "%s%06d%s", prefix, nimg / 1000, suffix);
  }

  /** Takes away files that an earlier process was writing when it was killed. */
  public void removeUnfinished() {
    for (Path file : files(UNFINISHED)) {
      delete(file);
    }
  }

  /**
   * Takes away the oldest network snapshots.
   *
   * @param keep so many of different age remain; 0 for all
   */
  public void prune(int keep) {
    List<Path> snapshots = files(SNAPSHOT);
    List<Long> ages = snapshots.stream().map(RunFolder::kimg).distinct().sorted().toList();
    if (keep == 0 || ages.size() <= keep) {
      return;
    }
    long oldest = ages.get(ages.size() - keep);
    snapshots.stream().filter(s -> kimg(s) < oldest).forEach(RunFolder::delete);
  }

  private static long kimg(Path snapshot) {
    Matcher matcher = SNAPSHOT.matcher(snapshot.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private List<Path> files(Pattern name) {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(f -> name.matcher(f.getFileName().toString()).matches()).toList();
    } catch (IOException e) {
      throw new AliasFreeException("Cannot read the folder " + path + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(RunFolder.class.getName())
          .log(System.Logger.Level.WARNING, "{0} could not be removed.", file);
    }
  }
}
