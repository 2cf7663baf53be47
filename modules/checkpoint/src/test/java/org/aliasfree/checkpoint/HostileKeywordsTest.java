package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Small files whose keywords ask for a huge or impossible generator: refused with one line before
 * anything of that size is computed.
 */
@Timeout(20)
class HostileKeywordsTest {
  private static String refusal(Map<String, byte[]> keywords) {
    byte[] file =
        PickleAssembler.snapshot(
            Map.of(
                "_init_kwargs",
                dict(keywords),
                "_modules",
                dict(Map.of("synthesis", synthesis()))));
    NetworkFile read =
        NetworkFile.read(new MappedFile(Path.of("huge.pkl"), MemorySegment.ofArray(file)));
    Throwable thrown = catchThrowable(() -> GeneratorFiles.load(read, "G_ema"));
    assertThat(thrown).isInstanceOf(NetworkFileException.class);
    String message = String.valueOf(thrown.getMessage());
    assertThat(message).startsWith("huge.pkl: in G_ema: ").hasLineCount(1).hasSizeLessThan(2200);
    return message;
  }

  private static byte[] dict(Map<String, byte[]> entries) {
    return new PickleAssembler().dict(entries).bytes();
  }

  private static byte[] synthesis() {
    byte[] input = new PickleAssembler().module("SynthesisInput", dict(Map.of())).bytes();
    byte[] modules = dict(Map.of("input", input));
    return new PickleAssembler()
        .module("SynthesisNetwork", dict(Map.of("_modules", modules)))
        .bytes();
  }

  /** Keywords of a generator of 64 pixels that would be good but for its missing tensors. */
  private static Map<String, byte[]> keywords() {
    Map<String, byte[]> keywords = new LinkedHashMap<>();
    for (String dim : new String[] {"z_dim", "w_dim", "img_resolution"}) {
      keywords.put(dim, new PickleAssembler().integer(64).bytes());
    }
    return keywords;
  }

  private static String refusal(String keyword, byte[] value) {
    Map<String, byte[]> keywords = keywords();
    keywords.put(keyword, value);
    return refusal(keywords);
  }

  private static byte[] real(double value) {
    return new PickleAssembler()
        .op(BINFLOAT)
        .raw(ByteBuffer.allocate(8).putDouble(value).array())
        .bytes();
  }

  @Test
  void theGeneratorThatTheOthersAreMadeFromLacksOnlyItsTensors() {
    assertThat(refusal(keywords())).contains("has no tensor");
  }

  @ParameterizedTest
  @CsvSource({
    "z_dim, 1000000000",
    "w_dim, 1000000000",
    "w_dim, 0",
    "w_dim, -1",
    "c_dim, 1000000000",
    "img_resolution, 1073741824",
    "img_resolution, 4611686018427387904",
    "img_resolution, 0",
    "img_channels, 1000000000",
    "num_layers, 1000000",
    "num_layers, 0",
    "num_layers, 2147483648",
    "num_critical, 1000000",
    "margin_size, 1000000",
    "conv_kernel, 1000000",
    "conv_kernel, 0",
    "filter_size, 1000000",
    "lrelu_upsampling, 1000000",
    "num_fp16_res, 1000000"
  })
  void anIntegerOutOfRangeIsNamed(String keyword, long value) {
    assertThat(refusal(keyword, new PickleAssembler().integer(value).bytes()))
        .contains(keyword, Long.toString(value));
  }

  @Test
  void aBillionChannelsAreRefused() {
    Map<String, byte[]> keywords = keywords();
    keywords.put("channel_base", new PickleAssembler().integer(1_000_000_000).bytes());
    keywords.put("channel_max", new PickleAssembler().integer(1_000_000_000).bytes());
    assertThat(refusal(keywords)).contains("channel_base (1000000000)");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity", "1e308", "-1", "0.5"})
  void aNumberThatIsNoneOrOutOfRangeIsNamed(double value) {
    for (String keyword : new String[] {"num_layers", "img_resolution", "w_dim", "conv_kernel"}) {
      assertThat(refusal(keyword, real(value))).contains(keyword);
    }
    if (value != 0.5) {
      for (String keyword : new String[] {"first_cutoff", "first_stopband", "last_stopband_rel"}) {
        assertThat(refusal(keyword, real(value))).contains(keyword);
      }
      assertThat(refusal("magnitude_ema_beta", real(value))).contains("magnitude_ema_beta");
      assertThat(refusal("mapping_kwargs", dict(Map.of("lr_multiplier", real(value)))))
          .contains("lr_multiplier");
    }
  }

  @Test
  void anIntegerOf500BitsIsNamed() {
    byte[] huge = new PickleAssembler().op(LONG1).u8(64).raw(new byte[63]).u8(1).bytes();
    assertThat(refusal("img_resolution", huge)).contains("img_resolution is 5237");
    assertThat(refusal("first_cutoff", huge)).contains("first_cutoff is 5237");
    byte[] many = new PickleAssembler().text("9".repeat(60_000)).bytes();
    assertThat(refusal("img_resolution", many)).contains("img_resolution is 999");
  }

  @Test
  void aThousandUnknownKeywordsAreNamedInOneLineThatEnds() {
    Map<String, byte[]> keywords = keywords();
    for (int i = 0; i < 1000; i++) {
      keywords.put("unknown" + i, new PickleAssembler().op(NONE).bytes());
    }
    assertThat(refusal(keywords)).contains("unknown0, unknown1", "….");
  }

  /** Every number as large as it may be on its own: filters for 256 layers at 16384 pixels. */
  @Test
  void theMostExpensiveNumbersTogetherAreRefused() {
    Map<String, byte[]> keywords = keywords();
    Map<String, Integer> numbers =
        Map.of(
            "img_resolution",
            16384,
            "num_layers",
            256,
            "num_critical",
            0,
            "filter_size",
            16,
            "lrelu_upsampling",
            4,
            "margin_size",
            1024);
    numbers.forEach(
        (keyword, value) -> keywords.put(keyword, new PickleAssembler().integer(value).bytes()));
    keywords.put("use_radial_filters", new PickleAssembler().op(NEWTRUE).bytes());
    assertThat(refusal(keywords)).isNotEmpty();
  }
}
