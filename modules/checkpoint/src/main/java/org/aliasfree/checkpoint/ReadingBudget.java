package org.aliasfree.checkpoint;

/**
 * What reading one file may cost, so that a small hostile file cannot ask for much memory or time.
 * Network files are far below every limit: a file of 300 MB holds some ten thousand values.
 */
final class ReadingBudget {
  /** Objects, list items and memo entries of a pickle, those in storage streams included. */
  private static final long MOST_VALUES = 1_000_000;

  /** Keys that a file chooses so that their hashes collide cost some microseconds each. */
  private static final long MOST_KEYS = 100_000;

  private static final long MOST_TEXT = 64 << 20;

  private static final long MOST_WALKED = 4 << 20;

  private final long fileSize;
  private long values;
  private long keys;
  private long text;
  private long copied;
  private long walked;

  ReadingBudget(long fileSize) {
    this.fileSize = fileSize;
  }

  /** One more value on the stack or in the memo. */
  void value(long offset) {
    if (++values > MOST_VALUES) {
      throw new Malformed(
          offset,
          "the pickle has more than " + MOST_VALUES + " values; network files have far fewer.");
    }
  }

  /** One more key of a dict or set. */
  void key(long offset) {
    if (++keys > MOST_KEYS) {
      throw new Malformed(
          offset,
          "the pickle has more than "
              + MOST_KEYS
              + " keys of dicts and sets; network files have far fewer.");
    }
  }

  /** So many bytes of text turned into strings. */
  void text(long bytes, long offset) {
    text += bytes;
    if (text > MOST_TEXT) {
      throw new Malformed(
          offset, "the pickle has more than 64 MiB of text; network files have far less.");
    }
  }

  /**
   * So many bytes of tensor data copied because they cannot be used where they lie: at most twice
   * the file.
   */
  void copy(long bytes, long offset) {
    long most = 2 * fileSize + (1 << 20);
    copied += Math.min(bytes, most + 1);
    if (copied > most) {
      throw new Malformed(
          offset,
          "the arrays would unfold to more than twice the file's size; the same data is used over and over.");
    }
  }

  /** So many bytes of names or plain values, about, produced by walking through what was read. */
  void walk(long bytes, long offset) {
    walked += bytes;
    if (walked > MOST_WALKED) {
      throw new Malformed(
          offset,
          "the settings and names unfold to more than 4 MiB, or refer to each other without end; network files have far less.");
    }
  }
}
