package org.aliasfree.checkpoint;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON header of a safetensors file. A file is the header's length (8 bytes, little-endian),
 * the header, then the tensors' data, to which all offsets are relative.
 */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";

  /** Enough for a hundred thousand tensors; the header is the only part that takes heap. */
  private static final long LARGEST = 8 << 20;

  private static final int HIGHEST_RANK = 64;
  private static final JsonMapper JSON = new JsonMapper();

  /** A tensor's entry: where it lies and where in the file its entry is. */
  private record Entry(
      String name, String dtype, List<Long> shape, long begin, long end, long at) {}

  /**
   * The header of a file to be written, padded to 8 bytes, and the order of the data: largest
   * elements first.
   */
  record Layout(MemorySegment header, List<String> dataOrder) {}

  private final MemorySegment data;
  private final long dataStart;
  private final JsonParser parser;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private boolean metadataSeen;

  private SafetensorsHeader(MemorySegment data, long dataStart, JsonParser parser) {
    this.data = data;
    this.dataStart = dataStart;
    this.parser = parser;
  }

  static Safetensors read(MemorySegment file) {
    if (file.byteSize() < 8) {
      throw new Malformed(
          0,
          "a safetensors file starts with 8 bytes of length, but this one has "
              + file.byteSize()
              + " in all.");
    }
    long size = file.get(HostTensor.I64, 0);
    if (size < 0 || size > file.byteSize() - 8) {
      throw new Malformed(
          0,
          "the header should have "
              + Long.toUnsignedString(size)
              + " bytes, but only "
              + (file.byteSize() - 8)
              + " follow; this is not a safetensors file, or it was cut short.");
    }
    if (size > LARGEST) {
      throw new Malformed(
          0, "the header has " + size + " bytes; at most " + LARGEST + " are supported.");
    }
    String text = decode(file.asSlice(8, size));
    MemorySegment data = file.asSlice(8 + size);
    try (JsonParser parser = JSON.createParser(text)) {
      return new SafetensorsHeader(data, 8 + size, parser).parse();
    } catch (JacksonException e) {
      throw new Malformed(
          8, "the header is not valid JSON: " + Quoted.bare(e.getOriginalMessage()) + ".");
    }
  }

  private static String decode(MemorySegment header) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(header.toArray(ValueLayout.JAVA_BYTE));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed(
          8, "the header is not UTF-8 text; this is not a safetensors file, or it is damaged.");
    }
  }

  private Safetensors parse() {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (name.equals(METADATA)) {
        readMetadata();
      } else if (entries.put(name, readEntry(name)) != null) {
        throw new Malformed(at(), "two tensors have the name " + Quoted.of(name) + ".");
      }
    }
    if (parser.nextToken() != null) {
      throw new Malformed(at(), "something follows the header's JSON object.");
    }
    checkTiling();
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    entries.forEach((name, entry) -> tensors.put(name, tensor(entry)));
    return new Safetensors(tensors, metadata);
  }

  /** Roughly where the parser is in the file: exact as long as the header is ASCII. */
  private long at() {
    return 8 + Math.max(0, parser.currentTokenLocation().getCharOffset());
  }

  private void expect(@Nullable JsonToken got, JsonToken expected, String what) {
    if (got != expected) {
      throw new Malformed(
          at(), what + " is of another kind than the format says; the file is damaged.");
    }
  }

  private void readMetadata() {
    expect(parser.nextToken(), JsonToken.START_OBJECT, METADATA);
    if (metadataSeen) {
      throw new Malformed(at(), METADATA + " is there twice.");
    }
    metadataSeen = true;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      expect(parser.nextToken(), JsonToken.VALUE_STRING, "the metadata " + Quoted.of(key));
      if (metadata.put(key, parser.getString()) != null) {
        throw new Malformed(at(), "the metadata " + Quoted.of(key) + " is there twice.");
      }
    }
  }

  private Entry readEntry(String name) {
    String what = "tensor " + Quoted.of(name);
    long at = at();
    expect(parser.nextToken(), JsonToken.START_OBJECT, what);
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      JsonToken token = parser.nextToken();
      if (field.equals("dtype") && dtype == null && token == JsonToken.VALUE_STRING) {
        dtype = parser.getString();
      } else if (field.equals("shape") && shape == null && token == JsonToken.START_ARRAY) {
        shape = readIntegers(what);
      } else if (field.equals("data_offsets")
          && offsets == null
          && token == JsonToken.START_ARRAY) {
        offsets = readIntegers(what);
      } else {
        throw new Malformed(
            at(),
            what
                + " has the field "
                + Quoted.of(field)
                + " twice, of a wrong kind, or needlessly.");
      }
    }
    if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new Malformed(at, what + " needs a dtype, a shape and two data_offsets.");
    }
    return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1), at);
  }

  private List<Long> readIntegers(String what) {
    List<Long> integers = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      expect(token, JsonToken.VALUE_NUMBER_INT, "a size or offset of " + what);
      long value = parser.getLongValue();
      if (value < 0 || integers.size() == HIGHEST_RANK) {
        throw new Malformed(
            at(),
            what + " has a negative size or offset, or more than " + HIGHEST_RANK + " sizes.");
      }
      integers.add(value);
      token = parser.nextToken();
    }
    return integers;
  }

  /** Tensors must fill the data from its first byte to its last, one after the other. */
  private void checkTiling() {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : sorted) {
      String what =
          "tensor "
              + Quoted.of(entry.name())
              + " lies at data bytes "
              + entry.begin()
              + " to "
              + entry.end();
      if (entry.end() < entry.begin() || entry.end() > data.byteSize()) {
        throw new Malformed(
            entry.at(),
            what
                + ", but there are "
                + data.byteSize()
                + " bytes of data; the file is damaged or was cut short.");
      }
      if (entry.begin() != end) {
        String fault =
            entry.begin() < end ? "overlaps the tensor before it" : "leaves a gap before it";
        throw new Malformed(entry.at(), what + " and " + fault + ".");
      }
      end = entry.end();
    }
    if (end != data.byteSize()) {
      throw new Malformed(
          dataStart + end,
          (data.byteSize() - end) + " bytes follow the last tensor; the file is damaged.");
    }
  }

  private HostTensor tensor(Entry entry) {
    String what = "tensor " + Quoted.of(entry.name());
    DType dtype =
        switch (entry.dtype()) {
          case "F16" -> DType.F16;
          case "F32" -> DType.F32;
          case "F64" -> DType.F64;
          case "I32" -> DType.I32;
          case "I64" -> DType.I64;
          case "U8", "BOOL" -> DType.U8;
          default ->
              throw new Malformed(
                  entry.at(),
                  what
                      + " has type "
                      + Quoted.bare(entry.dtype())
                      + "; F16, F32, F64, I32, I64, U8 and BOOL are supported.");
        };
    long size = entry.end() - entry.begin();
    long[] sizes = entry.shape().stream().mapToLong(Long::longValue).toArray();
    if (bytes(sizes, dtype) != size) {
      throw new Malformed(
          entry.at(),
          what
              + " of type "
              + entry.dtype()
              + " and shape "
              + entry.shape()
              + " cannot have "
              + size
              + " bytes.");
    }
    return new HostTensor(
        new TensorType(dtype, Shape.of(sizes)), data.asSlice(entry.begin(), size));
  }

  /** Bytes of a tensor, or −1 when no file could have as many. */
  private static long bytes(long[] sizes, DType dtype) {
    long bytes = dtype.bytes();
    boolean empty = false;
    for (long size : sizes) {
      empty |= size == 0;
      if (Math.multiplyHigh(bytes, Math.max(size, 1)) != 0 || bytes * Math.max(size, 1) < 0) {
        return -1;
      }
      bytes *= Math.max(size, 1);
    }
    return empty ? 0 : bytes;
  }

  /**
   * Places tensors so that each starts at a multiple of its element's size, which other readers
   * like; the header keeps the order of the names.
   */
  static Layout layout(Map<String, TensorType> tensors, Map<String, String> metadata) {
    List<Map.Entry<String, TensorType>> order = new ArrayList<>(tensors.entrySet());
    order.sort(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()));
    Map<String, Long> begins = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, TensorType> entry : order) {
      begins.put(entry.getKey(), at);
      at += entry.getValue().bytes();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName(METADATA).writeStartObject();
        metadata.forEach((key, value) -> json.writeName(key).writeString(value));
        json.writeEndObject();
      }
      tensors.forEach((name, type) -> writeEntry(json, name, type, begins.getOrDefault(name, 0L)));
      json.writeEndObject();
    }
    while (out.size() % 8 != 0) {
      out.write(' ');
    }
    return new Layout(MemorySegment.ofArray(out.toByteArray()), List.copyOf(begins.keySet()));
  }

  private static void writeEntry(JsonGenerator json, String name, TensorType type, long begin) {
    json.writeName(name).writeStartObject().writeName("dtype").writeString(type.dtype().name());
    json.writeName("shape").writeStartArray();
    for (long size : type.shape().toArray()) {
      json.writeNumber(size);
    }
    json.writeEndArray().writeName("data_offsets").writeStartArray();
    json.writeNumber(begin).writeNumber(begin + type.bytes()).writeEndArray().writeEndObject();
  }
}
