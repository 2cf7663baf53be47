package org.aliasfree.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Damages a file at random, in two ways: bytes wherever they are, and, where the file still has a
 * structure, its opcodes, lengths, memo indices, numbers and texts.
 */
final class FileDamage {
  /** Bytes that mean much: opcodes that nest, share and call, extreme lengths. */
  private static final byte[] TELLING = {
    0, 1, 0x7f, -1, -128, '(', '.', '0', '2', 'R', 'b', 'h', 'j', 't', 'u', 'e', 's', 'a', '}', ']',
    ')', 'N', 'c', 'J', '"', '{'
  };

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    7,
    64,
    255,
    256,
    1000,
    65536,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final double[] REALS = {
    0, -0.0, 1, -1, 0.5, 1e-300, 1e300, Double.NaN, Double.POSITIVE_INFINITY, 1 << 30
  };

  private static final String[] TEXTS = {
    "",
    "f2",
    "f8",
    "<f4",
    ">",
    "O8",
    "V8",
    "u1",
    "K",
    "F",
    "None",
    "latin1",
    "utf-8",
    "weight",
    "_modules",
    "_parameters",
    "_init_kwargs",
    "synthesis",
    "num_layers",
    "img_resolution",
    "b4",
    "channel_max",
    "mapping_kwargs",
    "class_name",
    "version",
    "variables",
    "static_kwargs",
    "\u20ac"
  };

  private static final Pattern JSON =
      Pattern.compile(
          "-?[0-9]+(\\.[0-9]+)?|\\\\?\"[A-Za-z0-9_.]*\\\\?\"|true|false|null|[\\[\\]{},:]");

  private static final List<String> JSON_VALUES =
      List.of(
          "0",
          "-1",
          "1",
          "3",
          "1.5",
          "1e999",
          "9007199254740993",
          "9223372036854775807",
          "99999999999999999999",
          "null",
          "true",
          "\"\"",
          "[]",
          "{}",
          "[[]]",
          "\"F16\"",
          "\"I64\"",
          "\\\"x\\\"",
          "[",
          "}",
          ",",
          "");

  private final Random random;
  private byte[] bytes;

  private FileDamage(byte[] good, Random random) {
    this.random = random;
    this.bytes = good;
  }

  /** A damaged copy; the same for the same seed. */
  static byte[] of(byte[] good, long seed) {
    FileDamage damage = new FileDamage(good, new Random(seed));
    boolean pickle = (good[0] & 0xff) == PickleOpcode.PROTO.code();
    switch (damage.random.nextInt(3)) {
      case 0 -> damage.bytewise();
      case 1 -> damage.structure(pickle);
      default -> {
        damage.structure(pickle);
        damage.bytewise();
      }
    }
    return damage.bytes;
  }

  private void bytewise() {
    bytes = bytes.clone();
    if (random.nextInt(8) == 0) {
      bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
    }
    for (int n = 1 << random.nextInt(4); n > 0; n--) {
      int at = position();
      int length = Math.min(1 + random.nextInt(16), bytes.length - at);
      byte telling = TELLING[random.nextInt(TELLING.length)];
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = telling;
        case 2 -> Arrays.fill(bytes, at, at + length, telling);
        case 3 ->
            System.arraycopy(bytes, position() % (bytes.length - length + 1), bytes, at, length);
        case 4 -> splice(at, 0, Arrays.copyOfRange(bytes, at, at + length));
        default -> splice(at, length, new byte[0]);
      }
      if (bytes.length == 0) {
        bytes = new byte[1];
      }
    }
  }

  /**
   * Mostly where the structure is: near the front, where the names and the first module are, and at
   * the end.
   */
  private int position() {
    int reach =
        random.nextInt(3) == 0
            ? bytes.length
            : Math.min(bytes.length, 1 << (4 + random.nextInt(12)));
    int at = random.nextInt(reach);
    return random.nextInt(4) == 0 ? bytes.length - 1 - at : at;
  }

  private void splice(int at, int removed, byte[] inserted) {
    bytes =
        new PickleAssembler()
            .raw(Arrays.copyOf(bytes, at))
            .raw(inserted)
            .raw(Arrays.copyOfRange(bytes, at + removed, bytes.length))
            .bytes();
  }

  private void structure(boolean pickle) {
    for (int n = 1 << random.nextInt(3); n > 0; n--) {
      if (pickle) {
        List<PickleTokens.Token> tokens = PickleTokens.of(bytes);
        if (!tokens.isEmpty()) {
          changeToken(tokens);
        }
      } else {
        changeJson();
      }
    }
  }

  private void changeToken(List<PickleTokens.Token> tokens) {
    PickleTokens.Token token = tokens.get(random.nextInt(tokens.size()));
    PickleTokens.Token other = tokens.get(random.nextInt(tokens.size()));
    byte[] another = Arrays.copyOfRange(bytes, other.at(), other.end());
    switch (random.nextInt(8)) {
      case 0 -> splice(token.at(), token.size(), new byte[0]);
      case 1 -> splice(token.at(), 0, another);
      case 2 -> splice(token.at(), token.size(), another);
      case 3 -> bytes = withByte(token.at(), bytes[other.at()]);
      default -> splice(token.at(), token.size(), changed(token));
    }
  }

  private byte[] withByte(int at, byte value) {
    byte[] copy = bytes.clone();
    copy[at] = value;
    return copy;
  }

  /** Another value of the same kind. */
  private byte[] changed(PickleTokens.Token token) {
    PickleAssembler a = new PickleAssembler();
    byte[] whole = Arrays.copyOfRange(bytes, token.at(), token.end());
    return switch (token.opcode()) {
      case BININT, BININT1, BININT2, LONG1 ->
          a.integer(NUMBERS[random.nextInt(NUMBERS.length)]).bytes();
      case BINFLOAT ->
          a.op(PickleOpcode.BINFLOAT)
              .raw(ByteBuffer.allocate(8).putDouble(REALS[random.nextInt(REALS.length)]).array())
              .bytes();
      case BINGET, LONG_BINGET, BINPUT, LONG_BINPUT -> {
        whole[1] = (byte) (random.nextBoolean() ? random.nextInt(256) : whole[1] + 1);
        yield whole;
      }
      case SHORT_BINUNICODE, BINUNICODE ->
          random.nextInt(4) == 0
              ? withLength(whole)
              : a.text(TEXTS[random.nextInt(TEXTS.length)]).bytes();
      case BINBYTES, BINBYTES8, BYTEARRAY8, SHORT_BINBYTES -> withContent(whole, token);
      case NONE, NEWTRUE, NEWFALSE, EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE -> new byte[] {value()};
      default -> new byte[] {(byte) (random.nextBoolean() ? '0' : '2'), whole[0]};
    };
  }

  private byte value() {
    return new byte[] {'N', (byte) 0x88, (byte) 0x89, '}', ']', ')'}[random.nextInt(6)];
  }

  private byte[] withLength(byte[] whole) {
    whole[1] += (byte) (random.nextInt(5) - 2);
    return whole;
  }

  /** The stream of a storage, damaged in its own structure, or its length. */
  private byte[] withContent(byte[] whole, PickleTokens.Token token) {
    int head = token.head();
    if (random.nextInt(3) == 0 || whole.length <= head) {
      return withLength(whole);
    }
    int reach = Math.min(whole.length - head, 300);
    for (int n = 1 << random.nextInt(3); n > 0; n--) {
      int at = head + random.nextInt(reach);
      whole[at] =
          random.nextBoolean()
              ? TELLING[random.nextInt(TELLING.length)]
              : (byte) (whole[at] ^ 1 << random.nextInt(8));
    }
    return whole;
  }

  /** Changes a number, text or bracket of a safetensors header and mends the header's length. */
  private void changeJson() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int size = bytes.length < 8 ? -1 : (int) Math.clamp(buffer.getLong(0), -1, bytes.length - 8L);
    if (size < 0) {
      return;
    }
    String header = new String(bytes, 8, size, StandardCharsets.UTF_8);
    List<int[]> places = new ArrayList<>();
    Matcher matcher = JSON.matcher(header);
    while (matcher.find()) {
      places.add(new int[] {matcher.start(), matcher.end()});
    }
    if (places.isEmpty()) {
      return;
    }
    int[] place = places.get(random.nextInt(places.size()));
    int[] other = places.get(random.nextInt(places.size()));
    String value =
        random.nextBoolean()
            ? header.substring(other[0], other[1])
            : JSON_VALUES.get(random.nextInt(JSON_VALUES.size()));
    byte[] changed =
        (header.substring(0, place[0]) + value + header.substring(place[1]))
            .getBytes(StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOfRange(bytes, 8 + size, bytes.length);
    bytes = new PickleAssembler().i64(changed.length).raw(changed).raw(data).bytes();
  }
}
