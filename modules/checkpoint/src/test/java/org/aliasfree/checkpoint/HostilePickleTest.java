package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Broken and hostile files: one error, one line, with the byte and the cause; nothing runs, grows
 * or hangs.
 */
@Timeout(20)
class HostilePickleTest {
  private static final Path NAME = Path.of("hostile.pkl");
  private static final byte[] NONE_VALUE = new PickleAssembler().op(NONE).bytes();

  /** The message of the error that reading the bytes and every network in them gives. */
  private static String refusal(byte[] file) {
    Throwable thrown =
        catchThrowable(
            () -> {
              NetworkFile read =
                  NetworkFile.read(new MappedFile(NAME, MemorySegment.ofArray(file)));
              read.names().forEach(read::network);
            });
    assertThat(thrown).isInstanceOf(NetworkFileException.class);
    String message = String.valueOf(thrown.getMessage());
    assertThat(message).startsWith("hostile.pkl: ").hasLineCount(1).endsWith(".");
    return message;
  }

  private static byte[] dict(Map<String, byte[]> entries) {
    return new PickleAssembler().dict(entries).bytes();
  }

  @Test
  void aNameOutsideTheListIsRefusedByNameAndOffset() {
    byte[] byGlobal =
        PickleAssembler.pickle().global("os", "system").text("touch x").call1().stop();
    assertThat(refusal(byGlobal)).contains("byte 2: ", " os.system,", "nothing was run");
    byte[] byStack = PickleAssembler.pickle().text("posix").text("system").op(STACK_GLOBAL).stop();
    assertThat(refusal(byStack)).contains("byte 23: ", " posix.system,");
    byte[] tensorFlow =
        PickleAssembler.pickle().global("dnnlib.tflib.network", "exec").call1().stop();
    assertThat(refusal(tensorFlow)).contains(" dnnlib.tflib.network.exec,");
    byte[] late =
        PickleAssembler.snapshot(
            Map.of("x", new PickleAssembler().global("builtins", "eval").bytes()));
    assertThat(refusal(late)).contains(" builtins.eval,");
    byte[] lineBreaks =
        PickleAssembler.pickle().text("a\nb\u001b[2J").text("c\u202e").op(STACK_GLOBAL).stop();
    assertThat(refusal(lineBreaks)).contains("a\\u000ab\\u001b[2J.c\\u202e");
  }

  @Test
  void aNameIsRefusedInStorageStreamsToo() {
    byte[] stream = PickleAssembler.stream("ComplexFloatStorage", 0, new byte[0]);
    byte[] tensor =
        new PickleAssembler().tensor(storage(stream), 0, new long[1], new long[1]).bytes();
    assertThat(refusal(PickleAssembler.snapshotWithTensor(tensor)))
        .contains("torch.ComplexFloatStorage", "FloatStorage");
    byte[] eval = PickleAssembler.pickle().global("builtins", "eval").stop();
    assertThat(refusal(PickleAssembler.snapshotWithTensor(storage(eval))))
        .contains("builtins.eval");
  }

  private static byte[] storage(byte[] stream) {
    return new PickleAssembler().storage(stream).bytes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(ios\nsystem\n.",
        "(cbuiltins\nset\nos.",
        "Pid\n.",
        "\u0082\u0001.",
        "]\u0097.",
        "S'x'\n.",
        "(\u0091."
      })
  void opcodesThatNetworkFilesDoNotUseAreRefused(String opcodes) {
    byte[] bytes =
        PickleAssembler.pickle().raw(opcodes.getBytes(StandardCharsets.ISO_8859_1)).stop();
    assertThat(refusal(bytes)).contains("network files do not use it");
  }

  @Test
  void deeplyNestedModulesAreRefused() {
    byte[] module = NONE_VALUE;
    for (int i = 0; i < 100; i++) {
      module =
          new PickleAssembler()
              .module("M", dict(Map.of("_modules", dict(Map.of("m", module)))))
              .bytes();
    }
    byte[] file = PickleAssembler.pickle().dict(Map.of("G", module)).stop();
    assertThat(refusal(file)).contains("modules are nested more than 32 deep");
  }

  @Test
  void circlesAreRefused() {
    PickleAssembler circle =
        new PickleAssembler().op(EMPTY_DICT).put(1).text("self").get(1).op(SETITEM);
    assertThat(refusal(PickleAssembler.snapshot(Map.of("_init_kwargs", circle.bytes()))))
        .contains("64 deep");
  }

  /** Thirty levels of which each refers twice to the one below: a billion when unfolded. */
  @Test
  void sharingThatUnfoldsWithoutEndIsRefused() {
    PickleAssembler lists = new PickleAssembler().op(EMPTY_LIST).put(0);
    PickleAssembler modules = new PickleAssembler().raw(NONE_VALUE).put(0);
    for (int i = 0; i < 30; i++) {
      lists.op(POP, EMPTY_LIST, MARK).get(i).get(i).op(APPENDS).put(i + 1);
      Map<String, byte[]> children = new LinkedHashMap<>();
      children.put("a", new PickleAssembler().get(i).bytes());
      children.put("b", new PickleAssembler().get(i).bytes());
      modules.op(POP).module("M", dict(Map.of("_modules", dict(children)))).put(i + 1);
    }
    assertThat(
            refusal(
                PickleAssembler.snapshot(Map.of("_init_kwargs", dict(Map.of("x", lists.bytes()))))))
        .contains("unfold");
    assertThat(refusal(PickleAssembler.pickle().dict(Map.of("G", modules.bytes())).stop()))
        .contains("unfold");
  }

  @ParameterizedTest
  @CsvSource({"BINBYTES8", "BINUNICODE8", "BYTEARRAY8"})
  void lengthsBeyondTheFileAreRefused(PickleOpcode opcode) {
    for (long length : new long[] {1L << 62, -1, Long.MIN_VALUE, 12}) {
      byte[] file = PickleAssembler.pickle().op(opcode).i64(length).ascii("0123456789").stop();
      assertThat(refusal(file))
          .contains("byte 11: ", Long.toUnsignedString(length) + " bytes", "only 11");
    }
  }

  @Test
  void otherAbsurdSizesAreRefused() {
    assertThat(refusal(PickleAssembler.pickle().op(BINSTRING).i32(-5).stop())).contains("left");
    assertThat(refusal(PickleAssembler.pickle().op(BINUNICODE).i32(-5).stop()))
        .contains("4294967291 bytes");
    assertThat(
            refusal(PickleAssembler.pickle().op(LONG4).i32(1 << 20).raw(new byte[1 << 20]).stop()))
        .contains("an integer of 1048576 bytes");
    assertThat(refusal(PickleAssembler.pickle().op(LONG).ascii("9".repeat(1000) + "\n").stop()))
        .contains("1000 digits");
    assertThat(refusal(PickleAssembler.pickle().ascii("N").op(LONG_BINGET).i32(-1).stop()))
        .contains("4294967295");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4611686018427387904, 1, more elements", "0, 4, 4611686018427387904, reaches beyond",
        "1, 4, 1, reaches beyond",
    "0, 5, 0, more elements", "-1, 1, 1, reaches beyond",
        "9223372036854775807, 1, 1, reaches beyond",
    "0, -1, 1, negative", "0, 4, -1, negative", "4, 1, 1, reaches beyond"
  })
  void tensorsStayInTheirStorage(long first, long size, long stride, String cause) {
    byte[] storage = storage(PickleAssembler.stream("FloatStorage", 4, new byte[16]));
    byte[] tensor =
        new PickleAssembler()
            .tensor(storage, first, new long[] {size}, new long[] {stride})
            .bytes();
    assertThat(refusal(PickleAssembler.snapshotWithTensor(tensor))).contains(cause);
  }

  @Test
  void productsOfSizesThatOverflowAreRefused() {
    byte[] storage = storage(PickleAssembler.stream("FloatStorage", 4, new byte[16]));
    long huge = 1L << 40;
    for (long[] sizes :
        new long[][] {{huge, huge, huge}, {huge, huge, 0}, {1L << 32, 1L << 32}, new long[17]}) {
      byte[] tensor =
          new PickleAssembler().tensor(storage, 0, sizes, new long[sizes.length]).bytes();
      assertThat(refusal(PickleAssembler.snapshotWithTensor(tensor))).contains("an array has");
    }
  }

  @Test
  void storagesStayInTheirStream() {
    for (long count : new long[] {1L << 62, -1, 5}) {
      byte[] stream = PickleAssembler.stream("FloatStorage", count, new byte[16]);
      assertThat(refusal(PickleAssembler.snapshotWithTensor(storage(stream))))
          .contains("in a torch storage", "elements");
    }
    byte[] cut = Arrays.copyOf(PickleAssembler.stream("FloatStorage", 4, new byte[16]), 90);
    assertThat(refusal(PickleAssembler.snapshotWithTensor(storage(cut))))
        .contains("in a torch storage");
  }

  @Test
  void storagesHaveTheElementsAndTheKeyThatTheyAreDescribedWith() {
    byte[] stream = PickleAssembler.stream("FloatStorage", 4, new byte[16]);
    byte[] fewer = stream.clone();
    fewer[stream.length - 24] = 3;
    assertThat(refusal(PickleAssembler.snapshotWithTensor(storage(fewer))))
        .contains("described with 4 elements, but has 3");
    byte[] otherKey = stream.clone();
    otherKey[stream.length - 27] = '1';
    assertThat(refusal(PickleAssembler.snapshotWithTensor(storage(otherKey))))
        .contains("does not list the storage");
  }

  /** Python would give numbers of the other sign, conjugates, and an empty set. */
  @Test
  void whatWouldBeReadAsSomethingElseIsRefused() {
    byte[] storage = storage(PickleAssembler.stream("FloatStorage", 4, new byte[16]));
    byte[] tensor =
        new PickleAssembler().tensor(storage, 0, new long[] {4}, new long[] {1}).bytes();
    byte[] metadata = new PickleAssembler().op(EMPTY_DICT).text("neg").op(NEWTRUE, SETITEM).bytes();
    byte[] negated =
        new PickleAssembler()
            .raw(Arrays.copyOf(tensor, tensor.length - 2))
            .raw(metadata)
            .op(TUPLE, REDUCE)
            .bytes();
    assertThat(refusal(PickleAssembler.snapshotWithTensor(negated))).contains("negated");
    byte[] set =
        new PickleAssembler().global("builtins", "set").op(NONE, TUPLE1, TUPLE1, NEWOBJ).bytes();
    assertThat(refusal(PickleAssembler.snapshot(Map.of("x", set))))
        .contains("an instance of the name builtins.set");
    byte[] number = new PickleAssembler().op(FLOAT).ascii("1d\n").bytes();
    assertThat(refusal(PickleAssembler.snapshot(Map.of("x", number)))).contains("not a number");
  }

  /** A storage of a megabyte, of which a thousand transposed tensors would each need a copy. */
  @Test
  void copiesOfOneStorageAreBoundedByTheFile() {
    byte[] data = new byte[1 << 20];
    PickleAssembler a =
        new PickleAssembler()
            .raw(storage(PickleAssembler.stream("FloatStorage", 1 << 18, data)))
            .put(9)
            .op(POP);
    a.op(EMPTY_DICT, MARK);
    byte[] shared = new PickleAssembler().get(9).bytes();
    for (int i = 0; i < 1000; i++) {
      a.text("t" + i).tensor(shared, 0, new long[] {512, 512}, new long[] {1, 512});
    }
    a.op(SETITEMS);
    assertThat(refusal(PickleAssembler.snapshot(Map.of("_parameters", a.bytes()))))
        .contains("twice the file's size");
  }

  @Test
  void valuesOfTheWrongKindAreRefused() {
    byte[] text = new PickleAssembler().text("x").bytes();
    assertThat(refusal(PickleAssembler.snapshot(Map.of("_parameters", text))))
        .contains("_parameters", "a text instead of a dict");
    assertThat(refusal(PickleAssembler.snapshotWithTensor(text)))
        .contains("the tensor \"x\" is a text");
    assertThat(refusal(PickleAssembler.snapshot(Map.of("_modules", dict(Map.of("m", text))))))
        .contains("the module \"m\" is a text");
    assertThat(refusal(PickleAssembler.pickle().text("x").stop()))
        .contains("the pickle holds a text");
    assertThat(refusal(PickleAssembler.pickle().dict(Map.of("state_dict", text)).stop()))
        .contains("no network", "state_dict");
    assertThat(refusal(PickleAssembler.pickle().op(EMPTY_DICT, EMPTY_LIST, NONE, SETITEM).stop()))
        .contains("as a key");
    assertThat(refusal(PickleAssembler.pickle().op(NONE, NONE, APPEND).stop()))
        .contains("APPEND is applied to None");
    assertThat(refusal(PickleAssembler.pickle().op(NONE, NONE, BUILD).stop())).contains("BUILD");
    assertThat(refusal(PickleAssembler.pickle().op(NONE, EMPTY_TUPLE, REDUCE).stop()))
        .contains("None is called");
  }

  /** Every beginning of a good file. */
  @Test
  void aFileCutShortAnywhereIsRefused() {
    byte[] storage = storage(PickleAssembler.stream("FloatStorage", 4, new byte[16]));
    byte[] whole =
        PickleAssembler.snapshotWithTensor(
            new PickleAssembler().tensor(storage, 0, new long[] {4}, new long[] {1}).bytes());
    NetworkFile read = NetworkFile.read(new MappedFile(NAME, MemorySegment.ofArray(whole)));
    assertThat(read.network("G_ema").tensors()).hasSize(1);
    for (int size = 1; size < whole.length; size++) {
      assertThat(refusal(Arrays.copyOf(whole, size))).contains("was cut short");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PK\u0003\u0004xx | a zip archive",
        "<!DOCTYPE html><p> | a web page",
        "<HTML> | a web page",
        "version https://git-lfs.github.com/spec/v1 | git lfs pull",
        "hello, world | a text file",
        "\u0089PNG\r | a picture",
        "x\u0001\u0002\u0003x | data of another kind"
      })
  void aFileOfAnotherKindIsToldApart(String start, String kind) {
    assertThat(refusal(start.getBytes(StandardCharsets.ISO_8859_1)))
        .contains("byte 0: this is not a network pickle", kind);
  }

  @Test
  void randomBytesAreRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(400)];
      random.nextBytes(bytes);
      assertThat(refusal(bytes)).isNotEmpty();
      bytes[0] = (byte) 0x80;
      bytes[bytes.length > 1 ? 1 : 0] = (byte) (bytes.length > 1 ? 4 : 0x80);
      assertThat(refusal(bytes)).isNotEmpty();
    }
  }

  @Test
  void aFileThatCannotBeOpenedIsNamed(@TempDir Path folder) throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.pkl"));
    assertThat(catchThrowable(() -> NetworkFile.read(empty)))
        .hasMessage(empty + ": byte 0: the file is empty.");
    Path missing = folder.resolve("missing.pkl");
    assertThat(catchThrowable(() -> NetworkFile.read(missing)))
        .isInstanceOf(NetworkFileException.class)
        .hasMessage(missing + ": there is no such file.");
    assertThat(catchThrowable(() -> NetworkFile.read(folder)))
        .hasMessageContaining("this is a folder");
    Path endless = Path.of("/dev/zero");
    assumeTrue(Files.exists(endless), "only Unix has such a file");
    assertThat(catchThrowable(() -> NetworkFile.read(endless)))
        .hasMessageContaining("not a plain file");
  }
}
