package org.aliasfree.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.aliasfree.AliasFreeException;

/** Ways to put a folder into one file, which keep what may be run. */
enum Archive {
  TAR_XZ(".tar.xz"),
  TAR_GZ(".tar.gz"),
  ZIP(".zip");

  private static final String XZ = "xz";

  private final String ending;

  Archive(String ending) {
    this.ending = ending;
  }

  /** That which a file's name ends in; none for a folder. */
  static Optional<Archive> of(String name) {
    return Arrays.stream(values())
        .filter(a -> name.endsWith(a.ending) && name.length() > a.ending.length())
        .findFirst();
  }

  /** A name without the ending. */
  String stem(String name) {
    return name.substring(0, name.length() - ending.length());
  }

  /** What keeps it from being written here. */
  Optional<String> whyNot() {
    return this != TAR_XZ || isOnPath(XZ)
        ? Optional.empty()
        : Optional.of(
            "--dest: .tar.xz needs the program xz, which was not found; install it (Debian:"
                + " apt-get install xz-utils), or choose .tar.gz.");
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(":")).anyMatch(f -> Files.isExecutable(Path.of(f, program)));
  }

  /** Writes all that is in a folder to a file. */
  void write(Path folder, Path file) throws IOException {
    switch (this) {
      case TAR_XZ -> writeXz(folder, file);
      case TAR_GZ -> {
        try (OutputStream out =
            new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), 1 << 16)) {
          TarWriter.write(folder, out);
        }
      }
      case ZIP -> writeZip(folder, file);
    }
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
  }

  private static void writeXz(Path folder, Path file) throws IOException {
    Process xz =
        new ProcessBuilder(XZ, "-T0", "-6", "-c")
            .redirectOutput(file.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      try (OutputStream out = new BufferedOutputStream(xz.getOutputStream(), 1 << 16)) {
        TarWriter.write(folder, out);
      }
      int code = xz.waitFor();
      if (code != 0) {
        throw new AliasFreeException("xz failed with exit code " + code + ".");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AliasFreeException("interrupted", e);
    } finally {
      xz.destroy();
    }
  }

  private static void writeZip(Path folder, Path file) throws IOException {
    Map<String, String> settings = Map.of("create", "true", "enablePosixFileAttributes", "true");
    try (FileSystem zip = FileSystems.newFileSystem(file, settings);
        Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(p -> !p.equals(folder)).sorted().toList()) {
        Path copy = zip.getPath(folder.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectory(copy);
        } else {
          Files.copy(path, copy); // what a link leads to: not all that unpack know links
        }
        Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
      }
    }
  }
}
