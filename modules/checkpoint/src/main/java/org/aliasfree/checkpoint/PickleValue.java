package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * A value of a pickle, as plain data. Nothing here has behaviour of its own, and a value of a class
 * that network files do not hold cannot be expressed. Values may refer to each other in circles and
 * may be nested deeply: walk them with a bound on depth.
 */
public sealed interface PickleValue {
  /** Python's {@code None}. */
  enum None implements PickleValue {
    /** The only one. */
    NONE
  }

  /** {@code True} or {@code False}. */
  record Bool(boolean value) implements PickleValue {}

  /** An integer of at most 64 bits. */
  record Int(long value) implements PickleValue {}

  /** A longer integer. */
  record BigInt(BigInteger value) implements PickleValue {}

  /** A floating-point number. */
  record Real(double value) implements PickleValue {}

  /**
   * Text of at most 64 KiB.
   *
   * @param utf8 the bytes of the file
   * @param value the text
   */
  record Text(MemorySegment utf8, String value) implements PickleValue {}

  /**
   * Longer text, which stays as it is: no name or setting is that long, but the byte strings of
   * protocol 2 are.
   *
   * @param utf8 the bytes of the file
   */
  record LongText(MemorySegment utf8) implements PickleValue {}

  /**
   * Bytes, which lie in the mapped file unless the pickle had them encoded as text.
   *
   * @param data the bytes
   * @param offset where they are in the file, or where the opcode is that decoded them
   * @param inFile whether they lie in the file
   */
  record Bytes(MemorySegment data, long offset, boolean inFile) implements PickleValue {}

  /** A tuple. */
  record Tuple(List<PickleValue> items) implements PickleValue {}

  /** A list. */
  final class Sequence implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>(0);

    Sequence() {}

    void add(PickleValue item) {
      items.add(item);
    }

    /** The items. */
    public List<PickleValue> items() {
      return Collections.unmodifiableList(items);
    }
  }

  /** A {@code dict}, {@code OrderedDict} or {@code EasyDict}, in the order of insertion. */
  final class Dict implements PickleValue {
    private final Map<Object, PickleValue> entries = LinkedHashMap.newLinkedHashMap(0);

    Dict() {}

    void put(Object key, PickleValue value) {
      entries.put(key, value);
    }

    /** All entries. Keys are all String, all Long, all Boolean, or the one {@link None}. */
    public Map<Object, PickleValue> entries() {
      return Collections.unmodifiableMap(entries);
    }

    /** The value of a text key; as in Python, None where there is none. */
    public PickleValue get(String key) {
      return entries.getOrDefault(key, None.NONE);
    }
  }

  /** A set of keys, as in {@link Dict}. */
  final class Keys implements PickleValue {
    private final Set<Object> keys = LinkedHashSet.newLinkedHashSet(0);

    Keys() {}

    void add(Object key) {
      keys.add(key);
    }

    /** The keys. */
    public Set<Object> keys() {
      return Collections.unmodifiableSet(keys);
    }
  }

  /** The name of an allowed Python object; a name and no more. */
  record Global(String name) implements PickleValue {}

  /** Elements stored by torch; tensors are views of them. */
  record Storage(String storageClass, MemorySegment data) implements PickleValue {
    ElementType element() {
      ElementType element = ElementType.ofStorage(storageClass);
      if (element == null) {
        throw new IllegalStateException(storageClass);
      }
      return element;
    }
  }

  /** A tensor or parameter of torch. */
  final class Tensor implements PickleValue {
    private final StridedArray array;

    Tensor(StridedArray array) {
      this.array = array;
    }

    /** Type and shape. */
    public TensorType type() {
      return array.type();
    }

    /** The elements in row-major order, in the file's memory where possible. */
    public HostTensor toHostTensor() {
      return array.toHostTensor();
    }
  }

  /** An element type of numpy: its code, such as {@code f8}. */
  final class NumpyType implements PickleValue {
    private final String code;

    NumpyType(String code) {
      this.code = code;
    }

    /** Kind and bytes: {@code f8}, {@code i8}, {@code b1}. */
    public String code() {
      return code;
    }
  }

  /** An array or scalar of numpy. */
  final class NumpyArray implements PickleValue {
    private @Nullable StridedArray array;

    NumpyArray(@Nullable StridedArray array) {
      this.array = array;
    }

    void fill(StridedArray content) {
      array = content;
    }

    StridedArray array() {
      if (array == null) {
        throw new AliasFreeException("A numpy array in the file has no content.");
      }
      return array;
    }

    /** Type and shape; a scalar has no axes. */
    public TensorType type() {
      return array().type();
    }

    /** Whether the elements are truth values, which a {@link HostTensor} holds as u8. */
    public boolean isBoolean() {
      return array().element() == ElementType.BOOL;
    }

    /** The elements in row-major order. */
    public HostTensor toHostTensor() {
      return array().toHostTensor();
    }
  }

  /**
   * An instance of one of the classes that carry their own source text; the text is ignored.
   *
   * @param className the class, such as {@code Generator}
   * @param state its attributes
   * @param offset where in the file it was completed
   */
  record PersistentObject(String className, Dict state, long offset) implements PickleValue {}

  /**
   * A network of the TensorFlow versions: their class {@code dnnlib.tflib.network.Network}, which
   * keeps its variables and what it was made with, and source text that is ignored.
   */
  final class TensorFlowNetwork implements PickleValue {
    private final long offset;
    private @Nullable Dict state;

    TensorFlowNetwork(long offset) {
      this.offset = offset;
    }

    /** Where in the file it was made. */
    public long offset() {
      return offset;
    }

    /** What it keeps; nothing when the file gives nothing. */
    public Map<Object, PickleValue> entries() {
      return state == null ? Map.of() : state.entries();
    }

    void fill(Dict content) {
      state = content;
    }
  }
}
