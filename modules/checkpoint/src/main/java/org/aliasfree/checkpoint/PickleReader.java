package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Reads Python pickles as data. The opcodes of protocols 2 to 5 are understood, and a fixed list of
 * names: those of NVIDIA's StyleGAN network files, and numpy's arrays. Nothing that a file names is
 * looked up, loaded or run; a name that is not on the list is an error that tells it.
 *
 * <p>Byte strings, and so tensors, stay in the mapped file. A file may not hold more than a million
 * values, and unfolding what it shares is bounded by its size, so that no file can exhaust memory
 * or time.
 */
public final class PickleReader {
  private PickleReader() {}

  /**
   * Reads a pickle. Bytes after its end are ignored, as Python does.
   *
   * @throws NetworkFileException when the file is missing, empty, cut short, not a pickle, or has
   *     anything in it that is not known
   */
  public static PickleValue read(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return read(file, new ReadingBudget(file.size()));
    } catch (Malformed e) {
      throw new NetworkFileException(path, e);
    }
  }

  /**
   * Reads a pickle that lies in memory, such as a member of an archive.
   *
   * @param name what errors call it
   * @throws NetworkFileException as {@link #read(Path)}
   */
  public static PickleValue read(MemorySegment bytes, Path name) {
    try {
      return read(new MappedFile(name, bytes), new ReadingBudget(bytes.byteSize()));
    } catch (Malformed e) {
      throw new NetworkFileException(name, e);
    }
  }

  static PickleValue read(MappedFile file, ReadingBudget budget) {
    FileSniffer.checkPickle(file.bytes());
    ByteCursor in = new ByteCursor(file.bytes(), 0, true);
    return new PickleMachine(in, new NetworkDialect(budget), budget).run();
  }
}
