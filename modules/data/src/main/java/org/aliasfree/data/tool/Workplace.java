package org.aliasfree.data.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;

/**
 * A folder beside the destination, {@code DEST.part}, in which a data set is made; when it is
 * complete it takes the destination's place in one step. What an interrupted command left there is
 * taken up by one that does the same, which the file {@code job} tells; that file is locked while
 * somebody works.
 */
final class Workplace implements AutoCloseable {
  private static final String JOB = "job";
  private static final String CONTENT = "content";

  private final Path dest;
  private final Path folder;
  private final Deque<Path> created;
  private final FileChannel job;
  private final ImageSink sink;

  private Workplace(Path dest, Path folder, Deque<Path> created, FileChannel job, ImageSink sink) {
    this.dest = dest;
    this.folder = folder;
    this.created = created;
    this.job = job;
    this.sink = sink;
  }

  /**
   * Opens the workplace of a destination.
   *
   * @param description all that decides about the bytes of the result
   */
  static Workplace open(Path dest, String description) {
    Deque<Path> created = new ArrayDeque<>();
    FileChannel job = null;
    try {
      Path target = checked(dest);
      Path folder = target.resolveSibling(target.getFileName() + ".part");
      createFolders(folder, created);
      job =
          FileChannel.open(
              folder.resolve(JOB),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      begin(job, description, folder);
      Path content = folder.resolve(CONTENT);
      ImageSink sink = isZip(target) ? new ZipSink(content) : new FolderSink(content);
      return new Workplace(target, folder, created, job, sink);
    } catch (IOException e) {
      closeQuietly(job);
      deleteAll(created);
      throw cannotWrite(dest, e);
    } catch (AliasFreeException e) {
      closeQuietly(job);
      throw e;
    }
  }

  static boolean isZip(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  static AliasFreeException cannotWrite(Path dest, IOException e) {
    return new AliasFreeException("cannot write " + dest + ": " + SourceFiles.reason(e) + ".", e);
  }

  /** The destination without links, which can be written when the time comes. */
  private static Path checked(Path dest) throws IOException {
    Path target = Files.exists(dest) ? dest.toRealPath() : dest.toAbsolutePath().normalize();
    if (target.getParent() == null) {
      throw new AliasFreeException("cannot write " + dest + ": it is the root of a file system.");
    }
    if (isZip(target)) {
      if (Files.isDirectory(target)) {
        throw new AliasFreeException("cannot write " + dest + ": it is a folder.");
      }
    } else if (Files.isDirectory(target)) {
      try (Stream<Path> inside = Files.list(target)) {
        if (inside.findAny().isPresent()) {
          throw new AliasFreeException("--dest folder must be empty: " + dest);
        }
      }
      if (!Files.getFileStore(target).equals(Files.getFileStore(target.getParent()))) {
        throw new AliasFreeException(
            "cannot write " + dest + ": another disk is mounted there; name a folder in it.");
      }
    } else if (Files.exists(target)) {
      throw new AliasFreeException("cannot write " + dest + ": it is a file, not a folder.");
    }
    return target;
  }

  private static void createFolders(Path folder, Deque<Path> created) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = folder; p != null && !Files.isDirectory(p); p = p.getParent()) {
      missing.push(p);
    }
    for (Path p : missing) {
      Files.createDirectory(p);
      created.push(p);
    }
  }

  /** Takes the lock and compares what is to be done with what was begun. */
  private static void begin(FileChannel job, String description, Path folder) throws IOException {
    boolean alone;
    try {
      alone = job.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      alone = false;
    }
    if (!alone) {
      throw new AliasFreeException("another command is at work in " + folder + ".");
    }
    byte[] wanted = description.getBytes(StandardCharsets.UTF_8);
    byte[] found = new byte[(int) Math.min(job.size(), 1 << 20)];
    job.read(ByteBuffer.wrap(found), 0);
    // What was cut short while it was written belongs to a command that had done nothing yet.
    boolean begun = found.length > 0 && found[found.length - 1] == '\n';
    if (begun && !java.util.Arrays.equals(wanted, found)) {
      throw new AliasFreeException(
          folder
              + " holds the unfinished work of another command, or its source has changed; remove"
              + " that folder, or repeat that command to finish it.");
    }
    if (!begun) {
      job.truncate(0);
      job.write(ByteBuffer.wrap(wanted), 0);
      job.force(true);
    }
  }

  ImageSink sink() {
    return sink;
  }

  /** Puts the finished content where it belongs. */
  void publish() throws IOException {
    sink.finish();
    sink.close();
    if (Files.isDirectory(dest)) {
      Files.delete(dest);
    }
    Files.move(
        folder.resolve(CONTENT),
        dest,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    job.close();
    deleteTree(folder);
  }

  /** Takes away all that was made. */
  void discard() {
    closeQuietly(sink);
    closeQuietly(job);
    deleteTree(folder);
    deleteAll(created);
  }

  /** Ends the work and leaves what there is for the next time. */
  @Override
  public void close() {
    closeQuietly(sink);
    closeQuietly(job);
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable AutoCloseable opened) {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (Exception e) {
      log("Could not close " + opened, e);
    }
  }

  private static void deleteTree(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      deleteAll(all.sorted(Comparator.reverseOrder()).toList());
    } catch (IOException | UncheckedIOException e) {
      log("Could not remove " + folder, e);
    }
  }

  private static void deleteAll(Iterable<Path> paths) {
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException e) {
        log("Others put files into " + path, e);
      } catch (IOException e) {
        log("Could not remove " + path, e);
      }
    }
  }

  private static void log(String text, Exception e) {
    System.getLogger(Workplace.class.getName()).log(System.Logger.Level.DEBUG, text, e);
  }
}
