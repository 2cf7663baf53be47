package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files made to cost as much as they can: nested, circular, shared, colliding, countless. Each is
 * read, or refused with one line, within the heap of these tests (512 MB) and a few seconds.
 */
@Timeout(20)
class HostileSizeTest {
  private static final int MANY = 99_000;

  private static NetworkFile read(byte[] file, String name) {
    NetworkFile read = NetworkFile.read(new MappedFile(Path.of(name), MemorySegment.ofArray(file)));
    read.names().forEach(read::network);
    return read;
  }

  private static String refusal(byte[] file, String name) {
    Throwable thrown = catchThrowable(() -> read(file, name));
    assertThat(thrown).isInstanceOf(NetworkFileException.class);
    String message = String.valueOf(thrown.getMessage());
    assertThat(message).startsWith(name + ": ").hasLineCount(1).hasSizeLessThan(2200);
    return message;
  }

  private static String refusal(byte[] file) {
    return refusal(file, "hostile.pkl");
  }

  private static byte[] dict(Map<String, byte[]> entries) {
    return new PickleAssembler().dict(entries).bytes();
  }

  private static byte[] withKeyword(byte[] value) {
    return PickleAssembler.snapshot(Map.of("_init_kwargs", dict(Map.of("x", value))));
  }

  private static byte[] repeated(byte[] unit, int count) {
    byte[] all = new byte[unit.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(unit, 0, all, i * unit.length, unit.length);
    }
    return all;
  }

  /** What opens and what closes a container around the value on top, and the innermost value. */
  @ParameterizedTest
  @CsvSource({
    "], ], a, 300000",
    "(, ), t, 300000",
    "'', ), \u0085, 300000",
    "(, ], l, 300000",
    "}N, ], s, 90000",
    "(N, ], d, 90000"
  })
  void nestingIsReadWithoutStackAndRefusedAsASetting(
      String open, String innermost, String close, int depth) {
    byte[] nested =
        new PickleAssembler()
            .raw(repeated(latin1(open), depth))
            .raw(latin1(innermost))
            .raw(repeated(latin1(close), depth))
            .bytes();
    assertThat(refusal(withKeyword(nested))).contains("nested more than 64 deep");
    byte[] ignored = PickleAssembler.snapshot(Map.of("_ignored", nested));
    assertThat(read(ignored, "deep.pkl").network("G_ema").tensors()).isEmpty();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void fifteenThousandNestedModulesAreRefused() {
    int depth = 15_000;
    PickleAssembler a = new PickleAssembler().op(EMPTY_DICT).put(0);
    for (int i = 0; i < depth; i++) {
      a.op(POP).global("torch_utils.persistence", "_reconstruct_persistent_obj").op(EMPTY_DICT);
      a.op(MARK).text("type").text("class").text("version").op(BININT1).u8(6);
      a.text("class_name").text("M").text("state").op(EMPTY_DICT).text("_modules");
      a.op(EMPTY_DICT).text("m").get(i).op(SETITEM, SETITEM, SETITEMS).call1().put(i + 1);
    }
    byte[] file = PickleAssembler.pickle().dict(Map.of("G", a.bytes())).stop();
    // The innermost is a dict, but the depth is refused before that is seen.
    assertThat(refusal(file)).contains("modules are nested more than 32 deep");
  }

  /** Each would be walked anew: thousands of them cost minutes and gigabytes. */
  @Test
  void oneNetworkUnderManyNamesIsRefused() {
    byte[] network = new PickleAssembler().module("Generator", dict(Map.of())).put(1).bytes();
    for (int names : new int[] {8, 9, 3000}) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      entries.put("G", network);
      for (int i = 1; i < names; i++) {
        entries.put("G" + i, new PickleAssembler().get(1).bytes());
      }
      byte[] file = PickleAssembler.pickle().dict(entries).stop();
      if (names == 8) {
        assertThat(read(file, "many.pkl").names()).hasSize(8);
      } else {
        assertThat(refusal(file)).contains("holds " + names + " networks; at most 8");
      }
    }
  }

  @Test
  void whatContainsItselfIsRefused() {
    byte[] list = new PickleAssembler().op(EMPTY_LIST).put(1).get(1).op(APPEND).bytes();
    assertThat(refusal(withKeyword(list))).contains("64 deep");
    byte[] tuple =
        new PickleAssembler()
            .op(EMPTY_LIST)
            .put(1)
            .get(1)
            .op(TUPLE1)
            .put(2)
            .op(APPEND)
            .get(2)
            .bytes();
    assertThat(refusal(withKeyword(tuple))).isNotEmpty();
    PickleAssembler children = new PickleAssembler().op(EMPTY_DICT).put(1);
    byte[] module =
        new PickleAssembler()
            .module("M", dict(Map.of("_modules", children.bytes())))
            .get(1)
            .text("self")
            .bytes();
    PickleAssembler circle = new PickleAssembler().raw(module).op(POP, POP).put(2).op(POP);
    circle.get(1).text("self").get(2).op(SETITEM, POP).get(2);
    byte[] file = PickleAssembler.pickle().dict(Map.of("G", circle.bytes())).stop();
    assertThat(refusal(file)).contains("modules are nested more than 32 deep");
  }

  /** Thirty levels of which each refers twice to the one below. */
  @Test
  void tuplesAndDictsThatUnfoldWithoutEndAreRefusedWhereverTheyAre() {
    PickleAssembler tuples = new PickleAssembler().op(EMPTY_TUPLE).put(0);
    PickleAssembler dicts = new PickleAssembler().op(EMPTY_DICT).put(0);
    for (int i = 0; i < 30; i++) {
      tuples.op(POP).get(i).get(i).op(TUPLE2).put(i + 1);
      dicts.op(POP, EMPTY_DICT, MARK).text("a").get(i).text("b").get(i).op(SETITEMS).put(i + 1);
    }
    for (PickleAssembler bomb : new PickleAssembler[] {tuples, dicts}) {
      assertThat(refusal(withKeyword(bomb.bytes()))).contains("unfold");
      assertThat(refusal(PickleAssembler.snapshot(Map.of("attribute", bomb.bytes()))))
          .contains("unfold");
      byte[] empty = new PickleAssembler().op(EMPTY_DICT).bytes();
      Map<String, byte[]> entries = new LinkedHashMap<>();
      entries.put("G", new PickleAssembler().module("M", empty).bytes());
      entries.put("training_set_kwargs", bomb.bytes());
      assertThat(refusal(PickleAssembler.pickle().dict(entries).stop())).contains("unfold");
    }
    byte[] long64k = new PickleAssembler().text("x".repeat(1 << 16)).put(0).op(POP).bytes();
    byte[] texts =
        new PickleAssembler()
            .raw(long64k)
            .op(EMPTY_LIST, MARK)
            .raw(repeated(new byte[] {(byte) BINGET.code(), 0}, MANY))
            .op(APPENDS)
            .bytes();
    assertThat(refusal(withKeyword(texts))).contains("unfold");
  }

  @Test
  void aKeyThatIsThereTwiceHasItsLastValueAndItsFirstPlaceAsInPython() {
    PickleAssembler a = new PickleAssembler().op(EMPTY_DICT, MARK);
    a.text("a").integer(1).text("b").integer(2).text("a").integer(3).op(SETITEMS);
    Object value = read(withKeyword(a.bytes()), "x").network("G_ema").initKwargs().get("x");
    assertThat(value).isInstanceOf(Map.class).hasToString("{a=3, b=2}");
  }

  /** Python takes 1, 1.0 and True for one key; Java does not. */
  @Test
  void keysOfSeveralKindsAreRefused() {
    for (PickleOpcode other : new PickleOpcode[] {NEWTRUE, NONE}) {
      byte[] mixed =
          new PickleAssembler()
              .op(EMPTY_DICT)
              .integer(1)
              .op(NONE, SETITEM)
              .op(other, NONE, SETITEM)
              .bytes();
      assertThat(refusal(withKeyword(mixed))).contains("beside keys of another kind");
    }
    byte[] real =
        new PickleAssembler().op(EMPTY_DICT, BINFLOAT).raw(new byte[8]).op(NONE, SETITEM).bytes();
    assertThat(refusal(withKeyword(real))).contains("a number is used as a key");
  }

  @Test
  void moreThanAHundredThousandKeysAreRefused() {
    byte[] unit = latin1("}NNs");
    byte[] file = PickleAssembler.pickle().raw(repeated(unit, 100_001)).stop();
    assertThat(refusal(file)).contains("more than 100000 keys");
  }

  /** All with the same hash: {@code Aa} and {@code BB}; 2^32 n + n. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keysThatCollideCostNoMoreThanOthers(boolean texts) {
    PickleAssembler a = new PickleAssembler().op(EMPTY_DICT, MARK);
    for (int i = 0; i < MANY; i++) {
      if (texts) {
        StringBuilder key = new StringBuilder();
        for (int bit = 0; bit < 17; bit++) {
          key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
        }
        a.text(key.toString()).op(NONE);
      } else {
        a.integer((long) i << 32 | i).op(NONE);
      }
    }
    byte[] file = PickleAssembler.snapshot(Map.of("_x", a.op(SETITEMS).bytes()));
    assertThat(read(file, "collide.pkl").names()).containsExactly("G_ema");
  }

  /** Values of the costliest kinds, as often as the file may hold values at all. */
  @ParameterizedTest
  @ValueSource(strings = {"}\u0094", "\u008c\u0001x\u0094", "\u008a@"})
  void asManyValuesAsMayBeFitInTheHeap(String value) {
    byte[] unit = latin1(value);
    if (unit[0] == (byte) LONG1.code()) {
      unit = Arrays.copyOf(unit, 2 + 64);
      unit[65] = 1;
    }
    byte[] file = PickleAssembler.pickle().raw(repeated(unit, 1_000_001)).stop();
    assertThat(refusal(file)).contains("more than 1000000 values");
  }

  @Test
  void asMuchTextAsMayBeFitsInTheHeap() {
    byte[] text = new PickleAssembler().text("é".repeat(1 << 15)).op(MEMOIZE).bytes();
    byte[] file = PickleAssembler.pickle().raw(repeated(text, 1100)).stop();
    assertThat(refusal(file)).contains("more than 64 MiB of text");
  }

  @Test
  void anArrayWithoutContentIsRefusedWhereverItIs() {
    byte[] array =
        new PickleAssembler()
            .global("numpy.core.multiarray", "_reconstruct")
            .global("numpy", "ndarray")
            .integers(0)
            .op(BINBYTES)
            .i32(1)
            .ascii("b")
            .op(TUPLE3, REDUCE)
            .bytes();
    assertThat(refusal(withKeyword(array))).contains("has no content");
    byte[] empty = new PickleAssembler().op(EMPTY_DICT).bytes();
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("G", new PickleAssembler().module("M", empty).bytes());
    entries.put("x", array);
    assertThat(refusal(PickleAssembler.pickle().dict(entries).stop())).contains("has no content");
  }

  private static byte[] safetensors(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return new PickleAssembler().i64(json.length).raw(json).bytes();
  }

  @Test
  void headersOfSafetensorsThatAreAsCostlyAsMayBeAreReadOrRefused() {
    String name = "x.safetensors";
    StringBuilder tensors = new StringBuilder("{");
    for (int i = 0; tensors.length() < (8 << 20) - 100; i++) {
      tensors.append('"').append(Integer.toString(i, 36));
      tensors.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},");
    }
    tensors.setCharAt(tensors.length() - 1, '}');
    assertThat(refusal(safetensors(tensors.toString()), name)).contains("no metadata");
    String start = "{\"__metadata__\":{\"aliasfree.network\":\"";
    String lists = start + "[" + "[],".repeat(1_500_000) + "[]]\"}}";
    assertThat(refusal(safetensors(lists), name)).contains("more than 1000000 names and values");
    String deep = start + "[".repeat(1_000_000) + "\"}}";
    assertThat(refusal(safetensors(deep), name)).contains("is not valid JSON");
    assertThat(refusal(safetensors("[".repeat(1_000_000)), name)).contains("of another kind");
    String nested = "{\"a\":{\"shape\":" + "[".repeat(1_000_000);
    assertThat(refusal(safetensors(nested), name)).contains("of another kind");
    String number = start + "[" + "9".repeat(1_000_000) + "]\"}}";
    assertThat(refusal(safetensors(number), name)).contains("is not valid JSON");
  }
}
