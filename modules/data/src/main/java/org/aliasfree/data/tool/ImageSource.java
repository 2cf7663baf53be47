package org.aliasfree.data.tool;

import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.RasterImage;
import org.jspecify.annotations.Nullable;

/** Pictures in an order that is always the same, with their labels. Threads may share it. */
interface ImageSource extends AutoCloseable {
  /** How many pictures there are. */
  int size();

  /** What a picture is called, for messages. */
  String name(int index);

  /**
   * A picture, decoded.
   *
   * @throws AliasFreeException when it cannot be; the message is the end of a sentence that begins
   *     with its name
   */
  RasterImage image(int index);

  /** The label of a picture as JSON; null where it has none. */
  @Nullable String label(int index);

  /** A text that is another one when the source has changed. */
  String fingerprint();

  /** Names of the classes, when labels were made from them; otherwise nothing. */
  default List<String> classes() {
    return List.of();
  }

  @Override
  void close();
}
