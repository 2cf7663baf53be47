package org.aliasfree.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a command writes into. Each file is written in a hidden folder inside it and
 * moved to its place in one step when it is complete. {@link #rollback} takes away everything that
 * was not there before; an interrupt (Ctrl-C) takes away only what is incomplete.
 */
final class OutputFolder implements AutoCloseable {
  /** Makes the file at a path. */
  @FunctionalInterface
  interface FileMaker {
    void make(Path file) throws IOException;
  }

  private final Path folder;
  private final Path staging;
  private final Deque<Path> createdFolders;
  private final Set<Path> createdFiles = new LinkedHashSet<>();
  private final ShutdownHook hook;
  private volatile boolean closed;

  private OutputFolder(Path folder, Path staging, Deque<Path> createdFolders) {
    this.folder = folder;
    this.staging = staging;
    this.createdFolders = createdFolders;
    hook = new ShutdownHook("unfinished-files", this::interrupted);
  }

  /**
   * Opens a folder, which is made, with those above it, where it does not exist. This proves that
   * it can be written.
   */
  static OutputFolder open(String name) {
    Deque<Path> created = new ArrayDeque<>();
    try {
      Path folder = Path.of(name);
      if (name.isBlank()) {
        throw new AliasFreeException("the name of the folder is empty.");
      }
      createFolders(folder, created);
      return new OutputFolder(folder, Files.createTempDirectory(folder, ".aliasfree-"), created);
    } catch (IOException e) {
      created.forEach(OutputFolder::deleteQuietly);
      throw new AliasFreeException("cannot write to the folder " + name + ": " + reason(e), e);
    } catch (InvalidPathException e) {
      throw new AliasFreeException(
          OptionValues.quoted(name) + " cannot be the name of a folder: " + e.getReason() + ".", e);
    }
  }

  /** As {@link #open(String)}; null, and a problem more, where that fails or no name is given. */
  static @Nullable OutputFolder open(@Nullable String name, Problems problems) {
    try {
      return name == null ? null : open(name);
    } catch (AliasFreeException e) {
      problems.failure("--outdir: " + e.getMessage());
      return null;
    }
  }

  /** As {@link Files#createDirectories}, remembering which folders were made, the deepest first. */
  private static void createFolders(Path folder, Deque<Path> created) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path p = folder.toAbsolutePath(); p != null && !Files.exists(p); p = p.getParent()) {
      missing.addFirst(p);
    }
    for (Path p : missing) {
      if (!Files.isDirectory(p)) { // a/b/.. has been made with a/b
        Files.createDirectory(p);
        created.addFirst(p);
      }
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
  }

  /** Path of a file in the folder, as the user named the folder. */
  Path path(String name) {
    return folder.resolve(name);
  }

  /**
   * Writes a file, or replaces it, in one step.
   *
   * @param maker makes it elsewhere, complete and on the disk
   */
  Path make(String name, FileMaker maker) {
    Path target = path(name);
    Path part = staging.resolve(name);
    try {
      maker.make(part);
      boolean isNew = !Files.exists(target, java.nio.file.LinkOption.NOFOLLOW_LINKS);
      if (Files.isDirectory(target)) {
        throw new AliasFreeException("cannot write " + target + ": it is a folder.");
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (isNew) {
        createdFiles.add(target);
      }
      return target;
    } catch (IOException e) {
      throw new AliasFreeException("cannot write " + target + ": " + reason(e), e);
    } catch (AliasFreeException e) {
      if (e.getCause() instanceof IOException io) {
        throw new AliasFreeException("cannot write " + target + ": " + reason(io), e);
      }
      throw e;
    }
  }

  /**
   * Removes all files and folders that this object has made; after an interrupt, which keeps what
   * is complete, it does nothing.
   */
  void rollback() {
    if (closed) {
      return;
    }
    createdFiles.forEach(OutputFolder::deleteQuietly);
    close();
    createdFolders.forEach(OutputFolder::deleteQuietly);
  }

  /** Ends the work; what is complete stays. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    deleteStaging();
    hook.close();
  }

  /** What an interrupt leaves: complete files, but no folder that is empty. */
  private void interrupted() {
    if (!closed) {
      closed = true;
      deleteStaging();
      createdFolders.forEach(OutputFolder::deleteQuietly);
    }
  }

  private void deleteStaging() {
    try (Stream<Path> parts = Files.walk(staging)) {
      parts.sorted(Comparator.reverseOrder()).forEach(OutputFolder::deleteQuietly);
    } catch (IOException | UncheckedIOException e) {
      log("Unfinished files cannot be listed in " + staging, e);
    }
    deleteQuietly(staging);
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      log("Others put files into " + path, e);
    } catch (IOException e) {
      log("Could not remove " + path, e);
    }
  }

  private static void log(String text, @Nullable Exception e) {
    System.getLogger(OutputFolder.class.getName()).log(System.Logger.Level.DEBUG, text, e);
  }

  /** Why the system refused, as a sentence's end. */
  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied.";
      case NoSuchFileException _ -> "no folder can be made there, or it has vanished.";
      case FileAlreadyExistsException f ->
          f.getFile() + " is a file or a link that leads nowhere, not a folder.";
      case NotDirectoryException f -> f.getFile() + " is a file, not a folder.";
      case FileSystemException f when f.getReason() != null -> f.getReason() + ".";
      default -> e.getMessage() + ".";
    };
  }
}
