package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pickle, value by value. Texts and names of Python objects are written once and then
 * referred to, as Python does. The same values give the same bytes.
 */
final class PickleWriter {
  /** Writes one or several values, one after another. */
  @FunctionalInterface
  interface Values {
    void write() throws IOException;
  }

  /** A name of something in Python: it is kept apart from texts. */
  private record Global(String module, String name) {}

  private static final long LONGEST_BYTES_OF_32_BITS = 0xffff_ffffL;

  private final OutputStream out;
  private final Map<Object, Integer> memo = new HashMap<>();

  /**
   * A pickle that starts here.
   *
   * @param protocol 2, or 4 if it is to hold bytes
   */
  PickleWriter(OutputStream out, int protocol) throws IOException {
    this.out = out;
    op(PROTO);
    out.write(protocol);
  }

  /** Ends the pickle. */
  void stop() throws IOException {
    op(STOP);
  }

  void op(PickleOpcode opcode) throws IOException {
    out.write(opcode.code());
  }

  /** A setting, of the kinds of {@link StoredModule}. */
  void value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> op(NONE);
      case Boolean bool -> op(bool ? NEWTRUE : NEWFALSE);
      case Long integer -> integer(integer);
      case BigInteger integer -> bigInteger(integer);
      case Double real -> {
        op(BINFLOAT);
        out.write(ByteBuffer.allocate(8).putDouble(real).array());
      }
      case String text -> text(text);
      case List<?> list -> {
        op(EMPTY_LIST);
        op(MARK);
        for (Object item : list) {
          value(item);
        }
        op(APPENDS);
      }
      case Map<?, ?> map ->
          dict(
              () -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                  entry(String.valueOf(entry.getKey()), () -> value(entry.getValue()));
                }
              });
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }

  void integer(long value) throws IOException {
    if (value >= 0 && value <= 0xff) {
      op(BININT1);
      out.write((int) value);
    } else if (value == (int) value) {
      op(BININT);
      i32(value);
    } else {
      bigInteger(BigInteger.valueOf(value));
    }
  }

  /** An integer of at most 255 bytes. */
  void bigInteger(BigInteger value) throws IOException {
    byte[] bigEndian = value.toByteArray();
    op(LONG1);
    out.write(bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      out.write(bigEndian[i]);
    }
  }

  void text(String text) throws IOException {
    if (!recalled(text)) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      op(BINUNICODE);
      i32(utf8.length);
      out.write(utf8);
      remember(text);
    }
  }

  /** A Python object by its name. */
  void global(String module, String name) throws IOException {
    Global global = new Global(module, name);
    if (!recalled(global)) {
      op(GLOBAL);
      out.write((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
      remember(global);
    }
  }

  /** What a call of a Python object by its name gives. */
  void call(String module, String name, Values arguments) throws IOException {
    global(module, name);
    tuple(arguments);
    op(REDUCE);
  }

  void tuple(Values items) throws IOException {
    op(MARK);
    items.write();
    op(TUPLE);
  }

  /** A dict of what {@link #entry} writes. */
  void dict(Values entries) throws IOException {
    op(EMPTY_DICT);
    op(MARK);
    entries.write();
    op(SETITEMS);
  }

  void entry(String key, Values value) throws IOException {
    text(key);
    value.write();
  }

  /** Says that so many bytes follow, which the caller writes. */
  void bytes(long length) throws IOException {
    if (length <= LONGEST_BYTES_OF_32_BITS) {
      op(BINBYTES);
      i32(length);
    } else {
      op(BINBYTES8);
      out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    }
  }

  private boolean recalled(Object value) throws IOException {
    Integer place = memo.get(value);
    if (place == null) {
      return false;
    }
    if (place <= 0xff) {
      op(BINGET);
      out.write(place);
    } else {
      op(LONG_BINGET);
      i32(place);
    }
    return true;
  }

  private void remember(Object value) throws IOException {
    int place = memo.size();
    memo.put(value, place);
    if (place <= 0xff) {
      op(BINPUT);
      out.write(place);
    } else {
      op(LONG_BINPUT);
      i32(place);
    }
  }

  private void i32(long value) throws IOException {
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
  }
}
