package org.aliasfree.data.tool;

import java.nio.file.Path;
import org.aliasfree.data.ImageDecoder;
import org.aliasfree.data.RasterImage;
import org.jspecify.annotations.Nullable;

/**
 * An LSUN data set: every value of an LMDB database is the file of a picture. They become RGB,
 * whatever they are, as in the official tool.
 */
final class LmdbSource implements ImageSource {
  private static final String DATA = "data.mdb";

  private final Path folder;
  private final LmdbFile file;

  private LmdbSource(Path folder, LmdbFile file) {
    this.folder = folder;
    this.file = file;
  }

  static LmdbSource open(Path folder) {
    return new LmdbSource(folder, LmdbFile.open(folder.resolve(DATA)));
  }

  @Override
  public int size() {
    return file.size();
  }

  @Override
  public String name(int index) {
    return folder + "/" + file.key(index);
  }

  @Override
  public RasterImage image(int index) {
    return Channels.convert(ImageDecoder.decode(file.value(index)), 3);
  }

  @Override
  public @Nullable String label(int index) {
    return null;
  }

  @Override
  public String fingerprint() {
    return SourceFiles.fingerprint(folder.resolve(DATA));
  }

  @Override
  public void close() {
    file.close();
  }
}
