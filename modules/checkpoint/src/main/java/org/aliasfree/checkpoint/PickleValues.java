package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checked views of pickle values while a pickle is read. */
final class PickleValues {
  private static final long LONGEST_NAME = 4096;

  private PickleValues() {}

  /** What a value is, for messages. Never its content, which may be circular. */
  static String kind(PickleValue value) {
    return switch (value) {
      case PickleValue.None _ -> "None";
      case PickleValue.Bool _ -> "a truth value";
      case PickleValue.Int _, PickleValue.BigInt _ -> "an integer";
      case PickleValue.Real _ -> "a number";
      case PickleValue.Text _, PickleValue.LongText _ -> "a text";
      case PickleValue.Bytes _ -> "a byte string";
      case PickleValue.Tuple tuple -> "a tuple of " + tuple.items().size();
      case PickleValue.Sequence list -> "a list of " + list.items().size();
      case PickleValue.Dict dict -> "a dict of " + dict.entries().size();
      case PickleValue.Keys _ -> "a set";
      case PickleValue.Global global -> "the name " + Quoted.bare(global.name());
      case PickleValue.Storage _ -> "a torch storage";
      case PickleValue.Tensor _ -> "a tensor";
      case PickleValue.NumpyType _ -> "a numpy type";
      case PickleValue.NumpyArray _ -> "a numpy array";
      case PickleValue.PersistentObject object ->
          "an object of class " + Quoted.bare(object.className());
      case PickleValue.TensorFlowNetwork _ -> "a TensorFlow network";
    };
  }

  /**
   * A value as a key beside others. All keys of a dict are of one kind: Python takes 1, 1.0 and
   * True for the same key, and a hash table of keys of several kinds that cannot be ordered becomes
   * as slow as a list when a file chooses them so that their hashes collide.
   */
  static Object key(PickleValue value, Set<Object> others, ReadingBudget budget, long offset) {
    budget.key(offset);
    Object key =
        switch (value) {
          case PickleValue.None none -> none;
          case PickleValue.Bool bool -> bool.value();
          case PickleValue.Int integer -> integer.value();
          case PickleValue.Text _, PickleValue.LongText _, PickleValue.Bytes _ ->
              text(value, offset);
          default ->
              throw new Malformed(
                  offset,
                  kind(value)
                      + " is used as a key of a dict or set; network files use text and integers.");
        };
    if (!others.isEmpty() && others.iterator().next().getClass() != key.getClass()) {
      throw new Malformed(
          offset,
          kind(value)
              + " is used as a key beside keys of another kind; network files do not mix them.");
    }
    return key;
  }

  /** The bytes of a text, however long. */
  static Optional<MemorySegment> utf8(PickleValue value) {
    return switch (value) {
      case PickleValue.Text text -> Optional.of(text.utf8());
      case PickleValue.LongText text -> Optional.of(text.utf8());
      default -> Optional.empty();
    };
  }

  /** A short text. Byte strings are what Python 2 wrote for text; they count as latin-1. */
  static String text(PickleValue value, long offset) {
    if (value instanceof PickleValue.Text text) {
      return text.value();
    }
    if (value instanceof PickleValue.Bytes bytes && bytes.data().byteSize() <= LONGEST_NAME) {
      return new String(bytes.data().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
    throw new Malformed(offset, kind(value) + " stands where a short text is expected.");
  }

  static long integer(PickleValue value, long offset) {
    if (value instanceof PickleValue.Int integer) {
      return integer.value();
    }
    throw new Malformed(offset, kind(value) + " stands where an integer is expected.");
  }

  static boolean bool(PickleValue value, long offset) {
    return switch (value) {
      case PickleValue.Bool bool -> bool.value();
      case PickleValue.Int integer -> integer.value() != 0;
      default ->
          throw new Malformed(offset, kind(value) + " stands where a truth value is expected.");
    };
  }

  /** A tuple of integers, such as a shape. */
  static long[] integers(PickleValue value, long offset) {
    if (value instanceof PickleValue.Tuple tuple) {
      List<PickleValue> items = tuple.items();
      long[] integers = new long[items.size()];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = integer(items.get(i), offset);
      }
      return integers;
    }
    throw new Malformed(offset, kind(value) + " stands where a tuple of integers is expected.");
  }

  static PickleValue.Bytes bytes(PickleValue value, long offset) {
    if (value instanceof PickleValue.Bytes bytes) {
      return bytes;
    }
    throw new Malformed(offset, kind(value) + " stands where a byte string is expected.");
  }
}
