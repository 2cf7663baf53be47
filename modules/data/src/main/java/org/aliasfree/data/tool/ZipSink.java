package org.aliasfree.data.tool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDecoder;
import org.aliasfree.data.RasterImage;

/** Pictures in an archive. */
final class ZipSink implements ImageSink {
  private final StoredZip zip;
  private final BitSet present = new BitSet();

  ZipSink(Path file) throws IOException {
    zip =
        new StoredZip(
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    zip.dropFrom(firstForeign(zip.entries()));
    for (StoredZip.Entry entry : zip.entries()) {
      present.set(index(entry.name()));
    }
  }

  /** The first entry that is no picture in its place: what comes after pictures is made anew. */
  private static int firstForeign(List<StoredZip.Entry> entries) {
    int last = -1;
    for (int i = 0; i < entries.size(); i++) {
      int index = index(entries.get(i).name());
      if (index <= last) {
        return i;
      }
      last = index;
    }
    return entries.size();
  }

  /** The number of a picture by its name; −1 for other files. */
  private static int index(String name) {
    if (!name.matches("\\d{5}/img\\d{8}\\.png")) {
      return -1;
    }
    int index = Integer.parseInt(name.substring(9, 17));
    return ImageSink.imageName(index).equals(name) ? index : -1;
  }

  @Override
  public int found() {
    return present.cardinality();
  }

  @Override
  public boolean has(int index) {
    return present.get(index);
  }

  @Override
  public Optional<RasterImage> sample() throws IOException {
    return zip.entries().isEmpty()
        ? Optional.empty()
        : Optional.of(ImageDecoder.decode(zip.bytes(zip.entries().getFirst())));
  }

  @Override
  public void addImage(int index, byte[] png) throws IOException {
    if (index < present.length()) {
      throw new AliasFreeException(
          "The source has changed since the unfinished work was begun: picture "
              + index
              + " was left out then. Remove the unfinished work and begin anew.");
    }
    zip.add(ImageSink.imageName(index), png);
  }

  @Override
  public void addFile(String name, byte[] content) throws IOException {
    zip.add(name, content);
  }

  @Override
  public void finish() throws IOException {
    zip.finish();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
