package org.aliasfree.data.tool;

import java.io.IOException;
import java.util.Optional;
import org.aliasfree.data.RasterImage;

/**
 * Where the pictures of a data set go, in order. What an earlier sink of the same kind has left
 * unfinished is taken up.
 */
interface ImageSink extends AutoCloseable {
  /** How many pictures an interrupted command has left, about. */
  int found() throws IOException;

  /** Whether an interrupted command has left a picture in full. Threads may ask. */
  boolean has(int index);

  /** Some picture that is there already; empty when there is none. */
  Optional<RasterImage> sample() throws IOException;

  /** Adds a picture. */
  void addImage(int index, byte[] png) throws IOException;

  /** Adds another file; all pictures have been added. */
  void addFile(String name, byte[] content) throws IOException;

  /** Makes all of it durable; nothing is added after that. */
  void finish() throws IOException;

  @Override
  void close() throws IOException;

  /** Name of a picture in the data set: 00012/img00012345.png. */
  static String imageName(int index) {
    String digits = String.format("%08d", index);
    return digits.substring(0, 5) + "/img" + digits + ".png";
  }
}
