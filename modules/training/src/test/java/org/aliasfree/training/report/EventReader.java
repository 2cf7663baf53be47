package org.aliasfree.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads event files, written apart from the code that writes them. */
final class EventReader {
  record Image(long height, long width, long colorSpace, ByteBuffer png) {}

  record Event(
      double wallTime,
      long step,
      String fileVersion,
      Map<String, Float> scalars,
      Map<String, Image> images) {}

  private EventReader() {}

  static List<Event> read(byte[] file) {
    assertThat(crc32c(new byte[32])).isEqualTo(0x8a9136aa); // RFC 3720, B.4
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      byte[] data = new byte[Math.toIntExact(in.getLong(in.position() - 12))];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(masked(data));
      events.add(event(fields(data)));
    }
    return events;
  }

  private static int masked(byte[] data) {
    int crc = crc32c(data);
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  /** Bit by bit, with Castagnoli's polynomial. */
  private static int crc32c(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int i = 0; i < 8; i++) {
        crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
      }
    }
    return ~crc;
  }

  private static Event event(Fields event) {
    Map<String, Float> scalars = new LinkedHashMap<>();
    Map<String, Image> images = new LinkedHashMap<>();
    for (Object summary : event.all(5)) {
      for (Object each : fields((byte[]) summary).all(1)) {
        Fields value = fields((byte[]) each);
        if (value.all(2).isEmpty()) {
          Fields image = fields(value.bytes(4));
          images.put(
              value.text(1),
              new Image(
                  image.bits(1), image.bits(2), image.bits(3), ByteBuffer.wrap(image.bytes(4))));
        } else {
          scalars.put(value.text(1), Float.intBitsToFloat((int) value.bits(2)));
        }
      }
    }
    return new Event(
        Double.longBitsToDouble(event.bits(1)), event.bits(2), event.text(3), scalars, images);
  }

  /** The fields of a message by number: bits as long, or bytes. */
  private record Fields(Map<Integer, List<Object>> byNumber) {
    List<Object> all(int number) {
      return byNumber.getOrDefault(number, List.of());
    }

    long bits(int number) {
      return all(number).isEmpty() ? 0 : (long) all(number).getFirst();
    }

    byte[] bytes(int number) {
      return all(number).isEmpty() ? new byte[0] : (byte[]) all(number).getFirst();
    }

    String text(int number) {
      return new String(bytes(number), StandardCharsets.UTF_8);
    }
  }

  private static Fields fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, List<Object>> fields = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      Object value =
          switch ((int) key & 7) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 5 -> (long) in.getInt();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
            default -> throw new AssertionError("wire type of key " + key);
          };
      fields.computeIfAbsent((int) (key >>> 3), _ -> new ArrayList<>()).add(value);
    }
    return new Fields(fields);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
