package org.aliasfree.checkpoint;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes pickles opcode by opcode, right or wrong. Strings of opcodes are given as the characters
 * they are.
 */
final class PickleAssembler {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A pickle of protocol 4. */
  static PickleAssembler pickle() {
    return new PickleAssembler().op(PickleOpcode.PROTO).u8(4);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** With the opcode STOP. */
  byte[] stop() {
    return op(PickleOpcode.STOP).bytes();
  }

  PickleAssembler op(PickleOpcode... opcodes) {
    for (PickleOpcode opcode : opcodes) {
      out.write(opcode.code());
    }
    return this;
  }

  PickleAssembler u8(int value) {
    out.write(value);
    return this;
  }

  PickleAssembler i32(int value) {
    return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  PickleAssembler i64(long value) {
    return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  PickleAssembler raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleAssembler ascii(String text) {
    return raw(text.getBytes(StandardCharsets.US_ASCII));
  }

  PickleAssembler text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return op(PickleOpcode.BINUNICODE).i32(utf8.length).raw(utf8);
  }

  PickleAssembler data(byte[] bytes) {
    return op(PickleOpcode.BINBYTES).i32(bytes.length).raw(bytes);
  }

  /** Any 64-bit integer. */
  PickleAssembler integer(long value) {
    return op(PickleOpcode.LONG1).u8(8).i64(value);
  }

  PickleAssembler integers(long... values) {
    op(PickleOpcode.MARK);
    for (long value : values) {
      integer(value);
    }
    return op(PickleOpcode.TUPLE);
  }

  PickleAssembler global(String module, String name) {
    return op(PickleOpcode.GLOBAL).ascii(module + "\n" + name + "\n");
  }

  PickleAssembler put(int index) {
    return op(PickleOpcode.LONG_BINPUT).i32(index);
  }

  PickleAssembler get(int index) {
    return op(PickleOpcode.LONG_BINGET).i32(index);
  }

  PickleAssembler call1() {
    return op(PickleOpcode.TUPLE1, PickleOpcode.REDUCE);
  }

  /** A dict of values that are assembled already. */
  PickleAssembler dict(Map<String, byte[]> entries) {
    op(PickleOpcode.EMPTY_DICT, PickleOpcode.MARK);
    entries.forEach((key, value) -> text(key).raw(value));
    return op(PickleOpcode.SETITEMS);
  }

  /** A plain value: null, Boolean, Long, Double, String, List or Map. */
  PickleAssembler value(@Nullable Object value) {
    return switch (value) {
      case null -> op(PickleOpcode.NONE);
      case Boolean bool -> op(bool ? PickleOpcode.NEWTRUE : PickleOpcode.NEWFALSE);
      case Long integer -> integer(integer);
      case Double real ->
          op(PickleOpcode.BINFLOAT).raw(ByteBuffer.allocate(8).putDouble(real).array());
      case String text -> text(text);
      case List<?> list -> {
        op(PickleOpcode.EMPTY_LIST, PickleOpcode.MARK);
        list.forEach(this::value);
        yield op(PickleOpcode.APPENDS);
      }
      case Map<?, ?> map -> {
        op(PickleOpcode.EMPTY_DICT, PickleOpcode.MARK);
        map.forEach((key, item) -> value(key).value(item));
        yield op(PickleOpcode.SETITEMS);
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }

  /** An element type of numpy, such as {@code f4}. */
  PickleAssembler numpyType(String code) {
    global("numpy", "dtype").text(code).integer(0).integer(1);
    op(PickleOpcode.TUPLE3, PickleOpcode.REDUCE, PickleOpcode.MARK).integer(3).text("<");
    op(PickleOpcode.NONE, PickleOpcode.NONE, PickleOpcode.NONE).integer(-1).integer(-1).integer(0);
    return op(PickleOpcode.TUPLE, PickleOpcode.BUILD);
  }

  /**
   * An array of numpy.
   *
   * @param module {@code numpy.core.multiarray} or, since numpy 2, {@code numpy._core.multiarray}
   */
  PickleAssembler numpyArray(
      String module, String code, long[] sizes, boolean fortran, byte[] bytes) {
    global(module, "_reconstruct").global("numpy", "ndarray").integers(0).data(new byte[] {'b'});
    op(PickleOpcode.TUPLE3, PickleOpcode.REDUCE, PickleOpcode.MARK).integer(1).integers(sizes);
    numpyType(code).op(fortran ? PickleOpcode.NEWTRUE : PickleOpcode.NEWFALSE).data(bytes);
    return op(PickleOpcode.TUPLE, PickleOpcode.BUILD);
  }

  /** A scalar of numpy. */
  PickleAssembler numpyScalar(String module, String code, byte[] bytes) {
    global(module, "scalar").numpyType(code).data(bytes);
    return op(PickleOpcode.TUPLE2, PickleOpcode.REDUCE);
  }

  /** A network of the TensorFlow versions, whose state is a value assembled already. */
  PickleAssembler tensorFlowNetwork(PickleOpcode maker, byte[] state) {
    global("dnnlib.tflib.network", "Network").op(PickleOpcode.EMPTY_TUPLE, maker);
    return raw(state).op(PickleOpcode.BUILD);
  }

  /** A module whose state is a value assembled already. */
  PickleAssembler module(String className, byte[] state) {
    global("torch_utils.persistence", "_reconstruct_persistent_obj");
    op(PickleOpcode.EMPTY_DICT, PickleOpcode.MARK);
    text("type").text("class").text("version").integer(6).text("module_src").text("import os");
    text("class_name").text(className).text("state").raw(state);
    return op(PickleOpcode.SETITEMS).call1();
  }

  /** A tensor: a view of the storage on top of the memo entry or value given. */
  PickleAssembler tensor(byte[] storage, long first, long[] sizes, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op(PickleOpcode.MARK).raw(storage).integer(first);
    integers(sizes).integers(strides).op(PickleOpcode.NEWFALSE);
    global("collections", "OrderedDict").op(PickleOpcode.EMPTY_TUPLE, PickleOpcode.REDUCE);
    return op(PickleOpcode.TUPLE, PickleOpcode.REDUCE);
  }

  /** A storage, from its stream. */
  PickleAssembler storage(byte[] stream) {
    return global("torch.storage", "_load_from_bytes").data(stream).call1();
  }

  /** The stream of a storage, as torch writes it. */
  static byte[] stream(String storageClass, long count, byte[] data) {
    byte[] magic = new BigInteger("1950a86a20f9469cfc6c", 16).toByteArray();
    PickleAssembler a =
        new PickleAssembler().op(PickleOpcode.PROTO).u8(2).op(PickleOpcode.LONG1).u8(magic.length);
    for (int i = magic.length - 1; i >= 0; i--) {
      a.u8(magic[i]);
    }
    a.op(PickleOpcode.STOP, PickleOpcode.PROTO)
        .u8(2)
        .integer(1001)
        .op(PickleOpcode.STOP, PickleOpcode.PROTO)
        .u8(2);
    a.dict(Map.of("little_endian", new PickleAssembler().op(PickleOpcode.NEWTRUE).bytes()));
    a.op(PickleOpcode.STOP, PickleOpcode.PROTO)
        .u8(2)
        .op(PickleOpcode.MARK)
        .text("storage")
        .global("torch", storageClass);
    a.text("0")
        .text("cuda:0")
        .integer(count)
        .op(PickleOpcode.NONE, PickleOpcode.TUPLE, PickleOpcode.BINPERSID);
    a.op(PickleOpcode.STOP, PickleOpcode.PROTO)
        .u8(2)
        .op(PickleOpcode.EMPTY_LIST)
        .text("0")
        .op(PickleOpcode.APPEND);
    return a.op(PickleOpcode.STOP).i64(count).raw(data).bytes();
  }

  /** Floats as they lie in a file. */
  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  /** A snapshot with the one network G_ema, in whose state are the entries given. */
  static byte[] snapshot(Map<String, byte[]> state) {
    byte[] network =
        new PickleAssembler()
            .module("Generator", new PickleAssembler().dict(state).bytes())
            .bytes();
    return pickle().dict(Map.of("G_ema", network)).stop();
  }

  /** A snapshot whose network has one tensor, {@code x}. */
  static byte[] snapshotWithTensor(byte[] tensor) {
    return snapshot(Map.of("_buffers", new PickleAssembler().dict(Map.of("x", tensor)).bytes()));
  }
}
