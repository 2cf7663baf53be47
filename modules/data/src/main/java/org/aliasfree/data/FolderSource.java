package org.aliasfree.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.aliasfree.AliasFreeException;

/** The files in a folder and its folders; links to folders are not followed. */
final class FolderSource implements FileSource {
  private final Path folder;
  private final List<String> names;

  FolderSource(Path folder) {
    this.folder = folder;
    names = list(folder);
  }

  private static List<String> list(Path folder) {
    List<String> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!attributes.isSymbolicLink() || !Files.isDirectory(file)) {
                found.add(name(folder.relativize(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new AliasFreeException(
          "Cannot list the files of the data set "
              + folder
              + ": "
              + Failures.reason(e)
              + ". Make the folder and all folders in it readable.",
          e);
    }
    return found;
  }

  private static String name(Path path) {
    StringBuilder name = new StringBuilder();
    for (Path part : path) {
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    return name.toString();
  }

  @Override
  public Path path() {
    return folder;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public String where(String name) {
    return folder.resolve(name).toString();
  }

  @Override
  public byte[] read(String name) throws IOException {
    Path file = regular(name);
    long size = Files.size(file);
    if (size > LARGEST_FILE) {
      throw Failures.tooLarge(size);
    }
    return Files.readAllBytes(file);
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(regular(name));
  }

  /** A pipe would be waited for without end. */
  private Path regular(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      throw new FileNotFoundException("it does not exist (any more), or is a link to nothing");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("it is not a regular file");
    }
    return file;
  }

  @Override
  public void close() {}
}
