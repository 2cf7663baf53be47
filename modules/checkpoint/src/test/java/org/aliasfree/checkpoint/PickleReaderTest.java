package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reader makes of opcodes, storages and arrays that the golden pickles do not have. */
class PickleReaderTest {
  private static final Path NAME = Path.of("test.pkl");

  /** The items of a list that a pickle of protocol 2 holds, in plain form. */
  private static List<Object> items(PickleAssembler items) {
    byte[] list = new PickleAssembler().op(EMPTY_LIST, MARK).raw(items.bytes()).op(APPENDS).bytes();
    NetworkFile file = network(Map.of("items", list));
    Object value = file.network("G_ema").module("").attributes().get("items");
    assertThat(value).isInstanceOf(List.class);
    return new ArrayList<>((List<?>) java.util.Objects.requireNonNull(value));
  }

  private static NetworkFile network(Map<String, byte[]> state) {
    return read(PickleAssembler.snapshot(state));
  }

  private static NetworkFile read(byte[] pickle) {
    return NetworkFile.read(new MappedFile(NAME, MemorySegment.ofArray(pickle)));
  }

  private static HostTensor tensor(
      String storageClass, byte[] data, long first, long[] sizes, long[] strides) {
    long count = data.length / elementSize(storageClass);
    byte[] storage =
        new PickleAssembler().storage(PickleAssembler.stream(storageClass, count, data)).bytes();
    byte[] tensor = new PickleAssembler().tensor(storage, first, sizes, strides).bytes();
    return read(PickleAssembler.snapshotWithTensor(tensor)).network("G_ema").tensor("x");
  }

  private static int elementSize(String storageClass) {
    ElementType type = ElementType.ofStorage(storageClass);
    return type == null ? 1 : type.bytes();
  }

  private static double[] values(HostTensor tensor) {
    double[] values = new double[(int) tensor.type().elements()];
    java.util.Arrays.setAll(values, tensor::get);
    return values;
  }

  @Test
  void integersOfEveryFormHaveTheirValue() {
    PickleAssembler a = new PickleAssembler();
    a.op(BININT1)
        .u8(255)
        .op(BININT2)
        .u8(0)
        .u8(0x80)
        .op(BININT)
        .i32(-2)
        .op(LONG1)
        .u8(0)
        .op(LONG1)
        .u8(1)
        .u8(0x80);
    a.op(LONG4)
        .i32(2)
        .u8(0)
        .u8(0xff)
        .op(INT)
        .ascii("-7\n")
        .op(INT)
        .ascii("01\n")
        .op(LONG)
        .ascii("123456789012345678901L\n");
    assertThat(items(a))
        .containsExactly(
            255L,
            32768L,
            -2L,
            0L,
            -128L,
            -256L,
            -7L,
            true,
            new BigInteger("123456789012345678901"));
  }

  @Test
  void otherScalarsHaveTheirValue() {
    PickleAssembler a = new PickleAssembler();
    a.op(NONE, NEWTRUE, NEWFALSE, BINFLOAT).raw(new byte[] {0x3f, (byte) 0xf8, 0, 0, 0, 0, 0, 0});
    a.op(FLOAT)
        .ascii("0.25\n")
        .op(SHORT_BINUNICODE)
        .u8(3)
        .raw("€".getBytes(StandardCharsets.UTF_8));
    a.op(BINUNICODE8).i64(1).ascii("x");
    assertThat(items(a)).containsExactly(null, true, false, 1.5, 0.25, "€", "x");
  }

  @Test
  void containersOfEveryFormHaveTheirItems() {
    PickleAssembler a = new PickleAssembler();
    a.op(NONE, TUPLE1, NONE, NONE, TUPLE2, NONE, NONE, NONE, TUPLE3, EMPTY_TUPLE);
    a.op(MARK, NONE, LIST)
        .op(MARK)
        .text("k")
        .op(NEWTRUE, DICT)
        .op(EMPTY_SET, MARK)
        .text("s")
        .op(ADDITEMS);
    a.op(NONE, DUP, POP, MARK, NONE, POP_MARK, MARK, POP, POP);
    Map<String, Object> dict = new LinkedHashMap<>();
    dict.put("k", true);
    assertThat(items(a))
        .hasSize(7)
        .startsWith(nulls(1), nulls(2), nulls(3), nulls(0), nulls(1))
        .endsWith(dict, List.of("s"));
  }

  private static List<Object> nulls(int count) {
    return new ArrayList<>(java.util.Collections.nCopies(count, null));
  }

  @Test
  void memoEntriesAreFoundUnderTheirIndex() {
    PickleAssembler a = new PickleAssembler();
    a.text("a").op(BINPUT).u8(200).text("b").put(70000).text("c").op(PUT).ascii("7\n");
    a.op(BINGET).u8(200).get(70000).op(GET).ascii("7\n");
    assertThat(items(a)).containsExactly("a", "b", "c", "a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({
    "HalfStorage, F16",
    "FloatStorage, F32",
    "DoubleStorage, F64",
    "BFloat16Storage, F32",
    "LongStorage, I64",
    "IntStorage, I32",
    "ShortStorage, I32",
    "CharStorage, I32",
    "ByteStorage, U8",
    "BoolStorage, U8"
  })
  void storagesOfEveryTypeAreRead(String storageClass, org.aliasfree.tensor.DType type) {
    byte[] ones = new byte[2 * elementSize(storageClass)];
    java.util.Arrays.fill(ones, (byte) 1);
    HostTensor tensor = tensor(storageClass, ones, 0, new long[] {2}, new long[] {1});
    assertThat(tensor.type()).isEqualTo(TensorType.of(type, 2));
    double expected =
        switch (elementSize(storageClass)) {
          case 1 -> 1;
          case 2 ->
              switch (storageClass) {
                case "HalfStorage" -> Float.float16ToFloat((short) 0x0101);
                case "BFloat16Storage" -> Float.intBitsToFloat(0x0101_0000);
                default -> 0x0101;
              };
          case 4 ->
              storageClass.equals("FloatStorage") ? Float.intBitsToFloat(0x01010101) : 0x01010101;
          default ->
              storageClass.equals("DoubleStorage")
                  ? Double.longBitsToDouble(0x0101010101010101L)
                  : 0x0101010101010101L;
        };
    assertThat(values(tensor)).containsOnly(expected);
  }

  @Test
  void denseTensorsShareTheFilesMemoryAndOthersAreMadeDense() {
    byte[] data = PickleAssembler.floats(0, 1, 2, 3, 4, 5, 6);
    HostTensor dense = tensor("FloatStorage", data, 1, new long[] {2, 1, 3}, new long[] {3, 99, 1});
    assertThat(values(dense)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(dense.data().heapBase().map(base -> ((byte[]) base).length).orElse(0))
        .isGreaterThan(data.length);
    HostTensor transposed = tensor("FloatStorage", data, 1, new long[] {3, 2}, new long[] {1, 3});
    assertThat(values(transposed)).containsExactly(1, 4, 2, 5, 3, 6);
    HostTensor repeated = tensor("FloatStorage", data, 6, new long[] {2, 3}, new long[] {0, 0});
    assertThat(values(repeated)).containsExactly(6, 6, 6, 6, 6, 6);
    assertThat(tensor("FloatStorage", data, 2, new long[0], new long[0]).get(0)).isEqualTo(2);
    assertThat(tensor("FloatStorage", data, 7, new long[] {0, 5}, new long[] {5, 1}).type().bytes())
        .isZero();
  }

  @Test
  void bytesAsLatin1TextOfProtocol2AreDecoded() {
    byte[] stream =
        PickleAssembler.stream("FloatStorage", 2, PickleAssembler.floats(-1.5f, 3e-30f));
    PickleAssembler a =
        new PickleAssembler()
            .global("torch.storage", "_load_from_bytes")
            .global("_codecs", "encode");
    a.text(new String(stream, StandardCharsets.ISO_8859_1))
        .text("latin1")
        .op(TUPLE2, REDUCE)
        .call1();
    byte[] tensor =
        new PickleAssembler().tensor(a.bytes(), 0, new long[] {2}, new long[] {1}).bytes();
    HostTensor read = read(PickleAssembler.snapshotWithTensor(tensor)).network("G_ema").tensor("x");
    assertThat(values(read)).containsExactly(-1.5f, 3e-30f);
  }

  @Test
  void numpyArraysOfBothOrdersBecomeNestedLists() {
    byte[] six = new byte[] {1, 2, 3, 4, 5, 6};
    PickleAssembler a = new PickleAssembler();
    for (String order : List.of("C", "F")) {
      a.global("numpy.core.numeric", "_frombuffer").op(MARK, BYTEARRAY8).i64(6).raw(six);
      a.global("numpy", "dtype").text("u1").call1().integers(2, 3).text(order).op(TUPLE, REDUCE);
    }
    assertThat(items(a))
        .containsExactly(
            List.of(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L)),
            List.of(List.of(1L, 3L, 5L), List.of(2L, 4L, 6L)));
  }

  /** Of an array of (2, 3, 4) with its axes permuted numpy writes what lies in memory. */
  @Test
  void numpyArraysWithPermutedAxesAreRead() {
    byte[] data = new byte[24];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    PickleAssembler a = new PickleAssembler();
    a.global("numpy._core.numeric", "_frombuffer").op(MARK, BYTEARRAY8).i64(24).raw(data);
    a.global("numpy", "dtype").text("i1").call1().integers(2, 3, 4).text("K");
    a.integers(2, 0, 1).op(TUPLE, REDUCE);
    List<Object> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Object> rows = new ArrayList<>();
      for (long j = 0; j < 2; j++) {
        long first = 12 * j + i;
        rows.add(List.of(first, first + 4, first + 8));
      }
      expected.add(rows);
    }
    assertThat(items(a)).containsExactly(expected);
  }

  /** As the batches of CIFAR-10: protocol 2 of Python 2, text as byte strings. */
  @Test
  void picklesOfPython2AreRead(@TempDir Path folder) throws IOException {
    PickleAssembler a =
        new PickleAssembler().op(PROTO).u8(2).op(EMPTY_DICT, SHORT_BINSTRING).u8(4).ascii("data");
    a.global("numpy.core.multiarray", "_reconstruct").global("numpy", "ndarray").integers(0);
    a.op(SHORT_BINSTRING).u8(1).ascii("b").op(TUPLE3, REDUCE, MARK).integer(1).integers(1, 2);
    a.global("numpy", "dtype")
        .op(SHORT_BINSTRING)
        .u8(2)
        .ascii("u1")
        .integer(0)
        .integer(1)
        .op(TUPLE3, REDUCE);
    a.op(NEWFALSE, BINSTRING).i32(2).u8(250).u8(3).op(TUPLE, BUILD, SETITEM);
    Path file = Files.write(folder.resolve("data_batch_1"), a.stop());
    assertThat(PickleReader.read(file)).isInstanceOf(PickleValue.Dict.class);
    PickleValue.Dict batch = (PickleValue.Dict) PickleReader.read(file);
    assertThat(batch.get("data")).isInstanceOf(PickleValue.NumpyArray.class);
    HostTensor data = ((PickleValue.NumpyArray) batch.get("data")).toHostTensor();
    assertThat(data.type()).isEqualTo(TensorType.of(org.aliasfree.tensor.DType.U8, 1, 2));
    assertThat(values(data)).containsExactly(250, 3);
  }

  @Test
  void entriesThatAreNoneAreNotNetworks() {
    byte[] module =
        new PickleAssembler()
            .module("Generator", new PickleAssembler().op(EMPTY_DICT).bytes())
            .bytes();
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("G", new PickleAssembler().op(NONE).bytes());
    entries.put("G_ema", module);
    NetworkFile file = read(PickleAssembler.pickle().dict(entries).stop());
    assertThat(file.names()).containsExactly("G_ema");
    assertThat(file.entries()).containsEntry("G", null);
    assertThat(file.network("G_ema").tensors()).isEmpty();
  }

  @Test
  void tensorsComeAsParametersThenBuffersThenChildrenWithoutNone() {
    byte[] storage =
        new PickleAssembler()
            .storage(PickleAssembler.stream("FloatStorage", 1, new byte[4]))
            .bytes();
    byte[] tensor = new PickleAssembler().tensor(storage, 0, new long[0], new long[0]).bytes();
    byte[] none = new PickleAssembler().op(NONE).bytes();
    Map<String, byte[]> parameters = new LinkedHashMap<>();
    parameters.put("z", tensor);
    parameters.put("bias", none);
    parameters.put("a", tensor);
    byte[] child =
        new PickleAssembler()
            .module("Layer", dict(Map.of("_parameters", dict(Map.of("weight", tensor)))))
            .bytes();
    Map<String, byte[]> state = new LinkedHashMap<>();
    state.put("_modules", dict(Map.of("child", child)));
    state.put("_buffers", dict(Map.of("buffer", tensor)));
    state.put("_parameters", dict(parameters));
    assertThat(network(state).network("G_ema").tensors().keySet())
        .containsExactly("z", "a", "buffer", "child.weight");
  }

  private static byte[] dict(Map<String, byte[]> entries) {
    return new PickleAssembler().dict(entries).bytes();
  }
}
