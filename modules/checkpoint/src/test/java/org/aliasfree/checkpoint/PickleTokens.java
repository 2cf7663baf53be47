package org.aliasfree.checkpoint;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Where the opcodes of a pickle lie, as far as it can be followed. */
final class PickleTokens {
  /**
   * An opcode with its argument.
   *
   * @param head bytes before the content of a text or byte string
   */
  record Token(PickleOpcode opcode, int at, int end, int head) {
    int size() {
      return end - at;
    }
  }

  private PickleTokens() {}

  static List<Token> of(byte[] pickle) {
    ByteBuffer in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    List<Token> tokens = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        int at = in.position();
        PickleOpcode opcode = PickleOpcode.of(in.get() & 0xff, at);
        long content = content(opcode, in);
        int head = in.position() - at;
        if (content < 0 || content > in.remaining()) {
          break;
        }
        in.position(in.position() + (int) content);
        tokens.add(new Token(opcode, at, in.position(), head));
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | Malformed e) {
      // A pickle that is damaged already is followed as far as it goes.
      return tokens;
    }
    return tokens;
  }

  /** Bytes of the content; the length of a content that varies is skipped. */
  private static long content(PickleOpcode opcode, ByteBuffer in) {
    return switch (opcode) {
      case PROTO, BININT1, BINGET, BINPUT, EXT1 -> 1;
      case BININT2, EXT2 -> 2;
      case BININT, LONG_BINGET, LONG_BINPUT, EXT4 -> 4;
      case BINFLOAT, FRAME -> 8;
      case SHORT_BINUNICODE, SHORT_BINBYTES, SHORT_BINSTRING, LONG1 -> in.get() & 0xff;
      case BINUNICODE, BINBYTES, BINSTRING, LONG4 -> in.getInt();
      case BINUNICODE8, BINBYTES8, BYTEARRAY8 -> in.getLong();
      case GLOBAL, INST -> line(in, 2);
      case INT, LONG, FLOAT, STRING, UNICODE, GET, PUT, PERSID -> line(in, 1);
      default -> 0;
    };
  }

  private static long line(ByteBuffer in, int lines) {
    int left = lines;
    int size = 0;
    while (left > 0) {
      left -= in.get(in.position() + size++) == '\n' ? 1 : 0;
    }
    return size;
  }
}
