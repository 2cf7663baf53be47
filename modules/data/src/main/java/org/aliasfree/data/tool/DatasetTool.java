package org.aliasfree.data.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aliasfree.AliasFreeException;

/**
 * Makes data sets to train on. File names, pixels and labels are those of the official {@code
 * dataset_tool}: pictures are {@code NNNNN/imgNNNNNNNN.png} by their place in the source, {@code
 * dataset.json} with the labels comes last. Either the whole data set appears at its destination or
 * nothing; an interrupted run is continued by the next one with the same settings, and the bytes
 * are the same as without the interruption, for any number of threads.
 */
public final class DatasetTool {
  private DatasetTool() {}

  /**
   * Makes a data set.
   *
   * @return what was done, with the faulty pictures; when there are any and they are not to be
   *     skipped nothing was written
   * @throws AliasFreeException when the source or the destination cannot be used, or the pictures
   *     are not such that a network can be trained on them
   */
  public static DatasetResult run(DatasetSettings settings, DatasetProgress progress) {
    checkApart(settings.source(), settings.dest());
    try (ImageSource source = ImageSources.open(settings.source(), settings.labelsFromFolders())) {
      if (source.size() == 0) {
        throw new AliasFreeException("No image files found in " + settings.source());
      }
      Workplace place =
          Workplace.open(settings.dest(), settings.description() + source.fingerprint() + "\n");
      DatasetResult result;
      try {
        result = new Conversion(settings, source, place.sink(), progress).run();
        if (result.written()) {
          place.publish();
          return result;
        }
      } catch (IOException e) {
        place.discard();
        throw Workplace.cannotWrite(settings.dest(), e);
      } catch (Throwable e) {
        place.discard();
        throw e;
      }
      place.discard();
      return result;
    }
  }

  /** Whoever reads a folder must not write into it. */
  private static void checkApart(Path source, Path dest) {
    Path from = real(source);
    Path to = real(dest);
    if (to.equals(from)) {
      throw new AliasFreeException("--dest is --source: " + source + "; name another place.");
    }
    if (Files.isDirectory(from) && to.startsWith(from)) {
      throw new AliasFreeException(
          "--dest " + dest + " lies inside --source " + source + "; name another place.");
    }
  }

  /** The path without links, as far as it exists. */
  private static Path real(Path path) {
    Path missing = null;
    for (Path p = path.toAbsolutePath().normalize(); p != null; p = p.getParent()) {
      try {
        Path found = p.toRealPath();
        return missing == null ? found : found.resolve(missing);
      } catch (IOException e) {
        Path name = p.getFileName();
        missing = name == null || missing == null ? name : name.resolve(missing);
      }
    }
    return path.toAbsolutePath();
  }
}
