package org.aliasfree.data.tool;

import java.nio.file.Files;
import java.nio.file.Path;
import org.aliasfree.AliasFreeException;

/** Tells what kind of source a path is, by the rules of the official tool. */
final class ImageSources {
  private ImageSources() {}

  /**
   * Opens a source.
   *
   * @param labelsFromFolders whether labels are the numbers of sub-folders; only folders and zip
   *     archives have any
   */
  static ImageSource open(Path source, boolean labelsFromFolders) {
    String name = source.getFileName() == null ? "" : source.getFileName().toString();
    boolean folder = Files.isDirectory(source);
    boolean files = folder ? !name.endsWith("_lmdb") : name.endsWith(".zip");
    if (!Files.exists(source)) {
      throw new AliasFreeException("Missing input file or directory: " + source);
    }
    if (labelsFromFolders && !files) {
      throw new AliasFreeException(
          source + " has no sub-folders, so that --labels-from-folders cannot be used.");
    }
    if (folder) {
      return files ? FolderSource.open(source, labelsFromFolders) : LmdbSource.open(source);
    }
    if (name.equals(CifarSource.FILE)) {
      return CifarSource.open(source);
    }
    if (name.equals(MnistSource.FILE)) {
      return MnistSource.open(source);
    }
    if (files) {
      return ZipSource.open(source, labelsFromFolders);
    }
    throw new AliasFreeException(
        "unknown archive type: "
            + source
            + "; a source is a folder, a .zip archive, a folder ..._lmdb (LSUN), "
            + CifarSource.FILE
            + " or "
            + MnistSource.FILE
            + ".");
  }
}
