package org.aliasfree.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.aliasfree.AliasFreeException;

/**
 * A file that is written bit by bit, and is in its place only when it is whole: {@link AtomicFile}
 * for those who cannot write all of it at once. Until then it has another name in the same folder.
 * Not for several threads at once.
 */
public final class UnfinishedFile implements AutoCloseable {
  private final Path target;
  private final Path folder;
  private final Path part;
  private final FileChannel channel;
  private boolean over;

  private UnfinishedFile(Path target, Path folder, Path part, FileChannel channel) {
    this.target = target;
    this.folder = folder;
    this.part = part;
    this.channel = channel;
  }

  /**
   * Begins a file; what has this name now stays as it is until {@link #finish}.
   *
   * @throws AliasFreeException naming the file, if its folder cannot be written
   */
  public static UnfinishedFile begin(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new AliasFreeException("Cannot write " + target + ": it is a folder, not a file.");
    }
    if (!Files.isDirectory(folder)) {
      throw new AliasFreeException(
          "Cannot write " + target + ": the folder " + folder + " does not exist.");
    }
    while (true) {
      String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
      Path part = folder.resolve("." + target.getFileName() + "." + random + ".part");
      try {
        return new UnfinishedFile(
            target,
            folder,
            part,
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
      } catch (FileAlreadyExistsException e) {
        // somebody else's: keep it and draw another name
      } catch (IOException e) {
        throw failure(target, e);
      }
    }
  }

  /** Takes the bytes. */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Puts the file, which now is whole, in its place in one step.
   *
   * @throws AliasFreeException naming the file and what the system says; then nothing is left of it
   */
  public void finish() {
    try {
      channel.force(true);
      channel.close();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      over = true;
      syncFolder();
    } catch (IOException e) {
      throw failure(e);
    } finally {
      close();
    }
  }

  /** What to tell the user of trouble with {@link #channel}. */
  public AliasFreeException failure(IOException e) {
    return failure(target, e);
  }

  private static AliasFreeException failure(Path target, IOException e) {
    return e instanceof AccessDeniedException
        ? new AliasFreeException("Cannot write " + target + ": permission denied.", e)
        : new AliasFreeException(
            "Cannot write " + target + ": " + reason(e) + ". Nothing was left behind.", e);
  }

  /** What went wrong, without the name of the passing file. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException named) {
      String reason = named.getReason();
      return reason == null
          ? "the system refuses it (" + e.getClass().getSimpleName() + ")"
          : reason;
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /**
   * Makes the rename itself durable. Not every system lets a folder be opened; the data is safe
   * without.
   */
  private void syncFolder() {
    try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
      opened.force(true);
    } catch (IOException e) {
      System.getLogger(UnfinishedFile.class.getName())
          .log(System.Logger.Level.DEBUG, "The folder {0} cannot be synced.", folder);
    }
  }

  /** Removes what was written, unless it was finished. */
  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    try {
      channel.close();
      Files.deleteIfExists(part);
    } catch (IOException e) {
      System.getLogger(UnfinishedFile.class.getName())
          .log(System.Logger.Level.WARNING, "The unfinished file {0} could not be removed.", part);
    }
  }
}
