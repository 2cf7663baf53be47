package org.aliasfree.data.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDecoder;
import org.aliasfree.data.ImageExtensions;
import org.aliasfree.data.RasterImage;
import org.jspecify.annotations.Nullable;

/**
 * All image files below a folder, in order of their paths, folder by folder. Links to files are
 * followed, links to folders are not, as the official tool does.
 */
final class FolderSource implements ImageSource {
  private final Path root;
  private final List<String> paths;
  private final SourceLabels labels;

  private FolderSource(Path root, List<String> paths, SourceLabels labels) {
    this.root = root;
    this.paths = paths;
    this.labels = labels;
  }

  static FolderSource open(Path root, boolean labelsFromFolders) {
    List<String> paths = find(root).stream().map(parts -> String.join("/", parts)).toList();
    if (labelsFromFolders) {
      return new FolderSource(root, paths, SourceLabels.fromFolders(paths));
    }
    Path json = root.resolve(SourceLabels.FILE);
    if (!Files.isRegularFile(json)) {
      return new FolderSource(root, paths, SourceLabels.NONE);
    }
    try {
      return new FolderSource(
          root, paths, SourceLabels.read(Files.readAllBytes(json), json.toString()));
    } catch (IOException e) {
      throw new AliasFreeException(json + " cannot be read: " + SourceFiles.reason(e) + ".", e);
    }
  }

  /** Paths as lists of names, sorted. */
  private static List<List<String>> find(Path root) {
    List<List<String>> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (ImageExtensions.matches(file.toString()) && Files.isRegularFile(file)) {
                List<String> parts = new ArrayList<>();
                root.relativize(file).forEach(part -> parts.add(part.toString()));
                found.add(parts);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              throw new AliasFreeException(
                  file + " cannot be read: " + SourceFiles.reason(e) + ".", e);
            }
          });
    } catch (IOException e) {
      throw new AliasFreeException(root + " cannot be read: " + SourceFiles.reason(e) + ".", e);
    }
    found.sort(CodePoints.PARTS);
    return found;
  }

  @Override
  public int size() {
    return paths.size();
  }

  @Override
  public String name(int index) {
    return root.resolve(paths.get(index)).toString();
  }

  @Override
  public RasterImage image(int index) {
    return ImageDecoder.decode(SourceFiles.read(root.resolve(paths.get(index))));
  }

  @Override
  public @Nullable String label(int index) {
    return labels.get(paths.get(index));
  }

  @Override
  public List<String> classes() {
    return labels.classes();
  }

  /** Of the names, sizes and times of all files. */
  @Override
  public String fingerprint() {
    MessageDigest digest = sha256();
    for (String path : paths) {
      String file = path + " " + SourceFiles.fingerprint(root.resolve(path)) + "\n";
      digest.update(file.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  @Override
  public void close() {}
}
