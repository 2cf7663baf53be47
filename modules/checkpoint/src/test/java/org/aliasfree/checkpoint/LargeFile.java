package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.tensor.HostTensor;

/**
 * Writes a file with large tensors whose elements are all 0 but for the first and the last (the
 * file is sparse: it takes next to no disk), and, as a program, reads one and prints what it found.
 */
final class LargeFile {
  enum Kind {
    DENSE,
    CHANNELS_LAST,
    PROTOCOL_2,
    PROTOCOL_2_CHANNELS_LAST,
    SAFETENSORS
  }

  private static final int TENSORS = 4;

  private LargeFile() {}

  /** What {@link #main} prints about such a file. */
  static String expected(int mib) {
    long elements = ((long) mib << 20) / 4 / TENSORS;
    return "[1.0, 2.0, %d]\n".formatted(elements).repeat(TENSORS).strip();
  }

  /** Four tensors of f32, [c, 4, 4, 64] in the order of the kind. */
  static void write(Kind kind, Path file, int mib) throws IOException {
    long bytes = ((long) mib << 20) / TENSORS;
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      if (kind == Kind.SAFETENSORS) {
        writeSafetensors(out, bytes);
      } else {
        writePickle(out, bytes, kind);
      }
    }
  }

  private static void writePickle(RandomAccessFile out, long bytes, Kind kind) throws IOException {
    PickleAssembler start = PickleAssembler.pickle().op(EMPTY_DICT).text("G_ema");
    start.global("torch_utils.persistence", "_reconstruct_persistent_obj").op(EMPTY_DICT, MARK);
    start.text("type").text("class").text("version").integer(6).text("class_name").text("Large");
    start.text("state").op(EMPTY_DICT).text("_buffers").op(EMPTY_DICT);
    out.write(start.bytes());
    long channels = bytes / 4 / 1024;
    for (int i = 0; i < TENSORS; i++) {
      PickleAssembler a = new PickleAssembler().text("tensor" + i);
      a.global("torch._utils", "_rebuild_tensor_v2").op(MARK);
      a.global("torch.storage", "_load_from_bytes");
      out.write(a.bytes());
      writeStorage(out, bytes, kind.name().startsWith("PROTOCOL_2"));
      PickleAssembler b = new PickleAssembler().call1().integer(0).integers(channels, 4, 4, 64);
      if (kind.name().endsWith("CHANNELS_LAST")) {
        b.integers(1024, 1, 256, 4);
      } else {
        b.integers(1024, 256, 64, 1);
      }
      b.op(NEWFALSE, NONE, TUPLE, REDUCE, SETITEM);
      out.write(b.bytes());
    }
    PickleAssembler end = new PickleAssembler().op(SETITEM, SETITEMS).call1().op(SETITEM);
    out.write(end.stop());
  }

  /** The numbers 1 and 2 are the same bytes in latin-1 and UTF-8, but for that of 128. */
  private static void writeStorage(RandomAccessFile out, long bytes, boolean asText)
      throws IOException {
    byte[] whole = PickleAssembler.stream("FloatStorage", bytes / 4, new byte[0]);
    byte[] one = PickleAssembler.floats(1);
    byte[] two = PickleAssembler.floats(2);
    if (asText) {
      byte[] head = utf8(whole);
      byte[] first = utf8(one);
      byte[] last = utf8(two);
      long size = head.length + first.length + last.length + bytes - 8;
      out.write(new PickleAssembler().global("_codecs", "encode").op(BINUNICODE).bytes());
      out.write(new PickleAssembler().i32(Math.toIntExact(size)).raw(head).raw(first).bytes());
      out.seek(out.getFilePointer() + bytes - 8);
      out.write(new PickleAssembler().raw(last).text("latin1").op(TUPLE2, REDUCE).bytes());
      return;
    }
    long size = whole.length + bytes;
    out.write(new PickleAssembler().op(BINBYTES).i32(Math.toIntExact(size)).raw(whole).bytes());
    writeData(out, bytes);
  }

  private static byte[] utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
  }

  private static void writeData(RandomAccessFile out, long bytes) throws IOException {
    out.write(PickleAssembler.floats(1));
    out.seek(out.getFilePointer() + bytes - 8);
    out.write(PickleAssembler.floats(2));
  }

  private static void writeSafetensors(RandomAccessFile out, long bytes) throws IOException {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"aliasfree.network\":\"");
    header.append("{'version':1,'networks':{'G_ema':{'':{'class':'Large','init_args':[],");
    header.append(
        "'init_kwargs':{},'attributes':{}}}},'buffers':{'G_ema':[]},'entries':{}}\"}"
            .replace("'", "\\\""));
    String json = header.toString().replace("'", "\\\"");
    for (int i = 0; i < TENSORS; i++) {
      json +=
          ",\"G_ema.tensor%d\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
              .formatted(i, bytes / 4, i * bytes, (i + 1) * bytes);
    }
    byte[] text = (json + "}").getBytes(StandardCharsets.UTF_8);
    out.write(new PickleAssembler().i64(text.length).raw(text).bytes());
    for (int i = 0; i < TENSORS; i++) {
      writeData(out, bytes);
    }
  }

  /**
   * Reads the file named and prints of each tensor its first, last and number of elements. With a
   * second file, writes the tensors into a pickle.
   */
  public static void main(String[] args) {
    Map<String, HostTensor> tensors = NetworkFile.read(Path.of(args[0])).network("G_ema").tensors();
    if (args.length > 1) {
      AtomicFile.write(
          Path.of(args[1]),
          ChannelOutput.content(
              out -> {
                PickleWriter pickle = new PickleWriter(out, 4);
                for (HostTensor tensor : tensors.values()) {
                  TorchTensor.write(pickle, out, tensor);
                }
                pickle.stop();
              }));
    }
    for (HostTensor tensor : tensors.values()) {
      long elements = tensor.type().elements();
      System.out.println(
          Arrays.asList(tensor.get(0), tensor.get(elements - 1), elements).toString());
    }
  }
}
