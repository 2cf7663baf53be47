package org.aliasfree.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** The files of a data set: a folder or an archive. Several threads may read at once. */
sealed interface FileSource extends AutoCloseable permits FolderSource, ZipSource {
  /**
   * The largest file that is read whole: far more than any image needs, and little enough to have
   * in memory a few times.
   */
  int LARGEST_FILE = 1 << 28;

  /** The folder or the archive. */
  Path path();

  /** All files, by their paths from the root, with {@code /}; each once, in no certain order. */
  List<String> names();

  /** Where a file is, for a message. */
  String where(String name);

  /** The whole file, at most {@link #LARGEST_FILE} bytes. */
  byte[] read(String name) throws IOException;

  /** The bytes of a file of any size. */
  InputStream open(String name) throws IOException;

  @Override
  void close();
}
