package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden pickles, which are of protocol 4, written anew as other protocols have it. */
class PickleProtocolsTest {
  /** Opcodes without an argument that protocol 2 has too. */
  private static final String UNCHANGED = "(.N)}]Rubtase\u0081\u0085\u0086\u0087\u0088\u0089";

  private final List<String> memo = new ArrayList<>();
  private final PickleAssembler out = new PickleAssembler();
  private String top = "";
  private String below = "";

  @ParameterizedTest
  @CsvSource({
    "2, sg3t_32",
    "2, sg2_32",
    "2, sg2_32_cond4",
    "3, sg2_32",
    "3, sg2_32_cond4",
    "5, sg2_32",
    "5, sg2_32_cond4",
    "3, sg3t_32",
    "5, sg3t_32",
    "2, sg3r_64_cond3",
    "3, sg3r_64_cond3",
    "5, sg3r_64_cond3"
  })
  void everyProtocolGivesTheSameNetworks(int protocol, String name) throws IOException {
    Path file = Path.of(System.getProperty("aliasfree.goldens"), "pickles", name + ".pkl");
    byte[] encoded =
        recode(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN), protocol);
    NetworkFile expected = NetworkFile.read(file);
    NetworkFile got =
        NetworkFile.read(new MappedFile(Path.of("recoded.pkl"), MemorySegment.ofArray(encoded)));
    assertThat(got.names()).containsExactlyElementsOf(expected.names());
    assertThat(got.entries()).isEqualTo(expected.entries());
    for (String network : expected.names()) {
      StoredNetwork before = expected.network(network);
      StoredNetwork after = got.network(network);
      assertThat(after.modules()).isEqualTo(before.modules());
      assertThat(after.tensors().keySet()).containsExactlyElementsOf(before.tensors().keySet());
      before
          .tensors()
          .forEach(
              (tensor, data) ->
                  assertThat(after.tensor(tensor).data().mismatch(data.data()))
                      .as(tensor)
                      .isEqualTo(-1));
    }
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
