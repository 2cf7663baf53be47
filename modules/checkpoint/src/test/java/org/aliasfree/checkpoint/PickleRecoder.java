package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes a pickle of protocol 4 anew as another protocol has it. */
final class PickleRecoder {
  /** Opcodes without an argument that protocol 2 has too. */
  private static final String UNCHANGED = "(.N)}]Rubtase\u0081\u0085\u0086\u0087\u0088\u0089";

  private final List<String> memo = new ArrayList<>();
  private final PickleAssembler out = new PickleAssembler();
  private String top = "";
  private String below = "";

  private PickleRecoder() {}

  /** A pickle of protocol 4 in another protocol, 2 to 5. */
  static byte[] recode(byte[] pickle, int protocol) {
    ByteBuffer in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    return new PickleRecoder().recode(in, protocol);
  }

  private byte[] recode(ByteBuffer in, int protocol) {
    while (in.hasRemaining()) {
      int code = in.get() & 0xff;
      if (UNCHANGED.indexOf(code) >= 0) {
        out.u8(code);
        continue;
      }
      PickleOpcode opcode = PickleOpcode.of(code, in.position());
      switch (opcode) {
        case PROTO -> {
          in.get();
          out.op(PROTO).u8(protocol);
        }
        case FRAME -> in.getLong();
        case MEMOIZE -> {
          out.put(memo.size());
          memo.add(top);
        }
        case BINGET -> get(in.get() & 0xff);
        case LONG_BINGET -> get(in.getInt());
        case BININT -> out.op(opcode).i32(in.getInt());
        case BININT1 -> out.op(opcode).u8(in.get());
        case BININT2 -> out.op(opcode).u8(in.get()).u8(in.get());
        case BINFLOAT -> out.op(opcode).raw(take(in, 8));
        case SHORT_BINUNICODE -> text(take(in, in.get() & 0xff));
        case BINUNICODE -> text(take(in, in.getInt()));
        case SHORT_BINBYTES -> bytes(take(in, in.get() & 0xff), protocol);
        case BINBYTES -> bytes(take(in, in.getInt()), protocol);
        // The two texts were pushed before; a global of the older form has its own.
        case STACK_GLOBAL -> out.op(POP, POP).global(below, top);
        case EMPTY_SET -> out.global("__builtin__", "set").op(EMPTY_LIST).call1();
        default -> throw new AssertionError(opcode + " at " + in.position());
      }
    }
    return out.bytes();
  }

  private static byte[] take(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return bytes;
  }

  private void text(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    below = top;
    top = text;
    out.text(text);
  }

  private void get(int index) {
    below = top;
    top = memo.get(index);
    out.get(index);
  }

  private void bytes(byte[] bytes, int protocol) {
    switch (protocol) {
      case 2 -> {
        out.global("_codecs", "encode").text(new String(bytes, StandardCharsets.ISO_8859_1));
        out.text("latin1").op(TUPLE2, REDUCE);
      }
      case 3 -> out.data(bytes);
      default -> out.op(BYTEARRAY8).i64(bytes.length).raw(bytes);
    }
  }
}
