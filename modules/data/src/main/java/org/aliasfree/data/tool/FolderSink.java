package org.aliasfree.data.tool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDecoder;
import org.aliasfree.data.RasterImage;
import org.aliasfree.data.UncompressedPng;

/** Pictures as files in a folder. */
final class FolderSink implements ImageSink {
  private static final System.Logger log = System.getLogger(FolderSink.class.getName());

  private final Path folder;

  FolderSink(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  @Override
  public int found() throws IOException {
    return files().size();
  }

  /** A file counts when it has every byte that it should have. */
  @Override
  public boolean has(int index) {
    Path file = folder.resolve(ImageSink.imageName(index));
    if (!Files.exists(file)) {
      return false;
    }
    try {
      byte[] bytes = SourceFiles.read(file);
      return Arrays.equals(UncompressedPng.of(ImageDecoder.decode(bytes)), bytes);
    } catch (AliasFreeException e) {
      return false; // half a file
    }
  }

  @Override
  public Optional<RasterImage> sample() throws IOException {
    for (Path file : files()) {
      if (file.toString().endsWith(".png")) {
        try {
          return Optional.of(ImageDecoder.decode(SourceFiles.read(file)));
        } catch (AliasFreeException e) {
          log.log(System.Logger.Level.DEBUG, "{0} is half a file.", file);
        }
      }
    }
    return Optional.empty();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(Files::isRegularFile).toList();
    }
  }

  @Override
  public void addImage(int index, byte[] png) throws IOException {
    addFile(ImageSink.imageName(index), png);
  }

  @Override
  public void addFile(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @Override
  public void finish() throws IOException {
    for (Path file : files()) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void close() {}
}
