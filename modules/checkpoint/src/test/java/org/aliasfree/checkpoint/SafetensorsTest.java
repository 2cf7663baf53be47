package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of the format, one by one, and writing that is whole or not at all. */
class SafetensorsTest {
  @TempDir Path folder = Path.of("");

  private static byte[] file(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return new PickleAssembler().i64(json.length).raw(json).raw(new byte[data]).bytes();
  }

  private Safetensors read(byte[] file) throws IOException {
    return Safetensors.read(Files.write(folder.resolve("t.safetensors"), file));
  }

  private String refusal(byte[] file) {
    Throwable thrown = catchThrowable(() -> read(file));
    assertThat(thrown).isInstanceOf(NetworkFileException.class);
    String message = String.valueOf(thrown.getMessage());
    assertThat(message).startsWith(folder.resolve("t.safetensors") + ": byte ").hasLineCount(1);
    return message;
  }

  private static String entry(String dtype, String shape, long begin, long end) {
    return "{\"dtype\":\""
        + dtype
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":["
        + begin
        + ","
        + end
        + "]}";
  }

  @Test
  void aFileWrittenByHandIsRead() throws IOException {
    byte[] bytes =
        file(
            "{\"b\":"
                + entry("BOOL", "[3]", 4, 7)
                + ",\"__metadata__\":{\"k\":\"v\\n€\"},\"a\":"
                + entry("F32", "[]", 0, 4)
                + ",\"none\":"
                + entry("I64", "[0,9]", 7, 7)
                + "}   ",
            7);
    bytes[bytes.length - 5] = 0x40;
    Safetensors read = read(bytes);
    assertThat(read.tensors().keySet()).containsExactly("b", "a", "none");
    assertThat(read.metadata()).isEqualTo(Map.of("k", "v\n€"));
    assertThat(read.tensor("b").type()).isEqualTo(TensorType.of(DType.U8, 3));
    assertThat(read.tensor("a").type()).isEqualTo(TensorType.f32());
    assertThat(read.tensor("none").type()).isEqualTo(TensorType.of(DType.I64, 0, 9));
    assertThatThrownBy(() -> read.tensor("c"))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("\"c\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}} | tensor \"a\" has type BF16; F16, F32",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | cannot have 4 bytes",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,4]}} | cannot have 4 bytes",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}} | there are 4 bytes of data",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | there are 4 bytes of data",
        "{'a':{'dtype':'F16','shape':[1],'data_offsets':[2,4]}} | leaves a gap",
        "{'a':{'dtype':'F16','shape':[1],'data_offsets':[0,2]}} | 2 bytes follow the last tensor",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F16','shape':[1],'data_offsets':[2,4]}} | overlaps",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | two tensors",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | negative",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}} | of another kind",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | JSON",
        "{'a':{'dtype':'F32','shape':[1]}} | needs a dtype",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'more':1}} | \"more\"",
        "{'a':{'dtype':'F32','dtype':'F32','shape':[1],'data_offsets':[0,4]}} | \"dtype\"",
        "{'a':3} | of another kind",
        "{'__metadata__':{'k':1}} | of another kind",
        "{'__metadata__':{'k':'1','k':'2'}} | twice",
        "{'__metadata__':{},'__metadata__':{}} | twice",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}{} | follows",
        "[] | of another kind",
        "{'a': | JSON",
        "nonsense | JSON"
      })
  void aHeaderThatBreaksARuleIsRefused(String header, String cause) {
    assertThat(refusal(file(header.replace('\'', '"'), 4))).contains(cause);
  }

  @Test
  void aLengthThatCannotBeIsRefused() {
    for (long length : new long[] {1L << 62, -1, Long.MIN_VALUE, 100, 3}) {
      byte[] bytes = new PickleAssembler().i64(length).ascii("{}").bytes();
      assertThat(refusal(bytes))
          .contains("byte 0: ", Long.toUnsignedString(length), "only 2 follow");
    }
    assertThat(refusal(new byte[7])).contains("8 bytes of length");
    assertThat(refusal(new PickleAssembler().i64(40 << 20).raw(new byte[40 << 20]).bytes()))
        .contains("at most 8388608");
    assertThat(refusal(new PickleAssembler().i64(3).u8('"').u8(0xff).u8('"').bytes()))
        .contains("not UTF-8");
  }

  /**
   * Data starts at a multiple of 8 and each tensor at a multiple of its element, whatever the order
   * of the names.
   */
  @Test
  void whatIsWrittenIsAlignedForOtherReaders() throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (DType type :
        new DType[] {DType.U8, DType.F16, DType.F64, DType.F32, DType.I64, DType.I32}) {
      tensors.put("t" + type.label(), HostTensor.allocate(TensorType.of(type, 3)));
    }
    Path file = folder.resolve("aligned.safetensors");
    new Safetensors(tensors).write(file);
    MemorySegment mapped = MemorySegment.ofArray(Files.readAllBytes(file));
    assertThat((8 + mapped.get(HostTensor.I64, 0)) % 8).isZero();
    Safetensors read = Safetensors.read(file);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    read.tensors()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.data().address() % tensor.dtype().bytes()).as(name).isZero());
  }

  enum Failure {
    AT_ONCE,
    HALFWAY,
    NO_FOLDER,
    TARGET_IS_FOLDER
  }

  @ParameterizedTest
  @EnumSource
  void writingThatFailsLeavesEverythingAsItWas(Failure failure) throws IOException {
    Path target = folder.resolve(failure == Failure.NO_FOLDER ? "no/such/x" : "x");
    if (failure == Failure.TARGET_IS_FOLDER) {
      Files.createDirectory(target);
    } else if (failure == Failure.HALFWAY) {
      Files.writeString(target, "before");
    }
    AtomicFile.Content content =
        channel -> {
          if (failure == Failure.HALFWAY) {
            channel.write(java.nio.ByteBuffer.allocate(100));
          }
          throw new IOException("No space left on device");
        };
    assertThatThrownBy(() -> AtomicFile.write(target, content))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageStartingWith("Cannot write " + target + ": ");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(path -> !path.equals(target))).isEmpty();
    }
    assertThat(failure != Failure.HALFWAY || Files.readString(target).equals("before")).isTrue();
  }

  @Test
  void writingReplacesAnEarlierFileThatIsStillInUse() {
    Path file = folder.resolve("x.safetensors");
    new Safetensors(Map.of("x", HostTensor.scalar(DType.F32, 1))).write(file);
    Safetensors before = Safetensors.read(file);
    new Safetensors(Map.of("x", HostTensor.scalar(DType.F32, 2))).write(file);
    assertThat(before.tensor("x").get(0)).isEqualTo(1);
    assertThat(Safetensors.read(file).tensor("x").get(0)).isEqualTo(2);
    assertThatThrownBy(
            () -> new Safetensors(Map.of("__metadata__", HostTensor.scalar(DType.F32, 1))))
        .isInstanceOf(AliasFreeException.class);
  }
}
