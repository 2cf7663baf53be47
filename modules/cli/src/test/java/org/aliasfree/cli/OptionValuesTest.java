package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.cli.OptionValues.GridSize;
import org.aliasfree.cli.OptionValues.Vector2;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan3Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OptionValuesTest {
  static final Path GOLDENS = Path.of(System.getProperty("aliasfree.goldens", "../../goldens"));

  static JsonNode goldenParams(String file) {
    for (JsonNode c :
        JsonMapper.shared().readTree(GOLDENS.resolve("index.json").toFile()).get("cases")) {
      if (c.get("file").asString().equals(file)) {
        return c.get("params");
      }
    }
    throw new AssertionError("no golden file " + file);
  }

  @Test
  void rangesAndVectorsAreReadAsByTheOfficialTool() {
    JsonNode params = goldenParams("random/cli_helpers.safetensors");
    assertThat(params.get("parse_range").size()).isGreaterThan(3);
    for (JsonNode pair : params.get("parse_range")) {
      List<Long> expected = pair.get(1).valueStream().map(JsonNode::asLong).toList();
      assertThat(OptionValues.seeds(pair.get(0).asString())).isEqualTo(expected);
    }
    for (JsonNode pair : params.get("parse_vec2")) {
      JsonNode v = pair.get(1);
      assertThat(OptionValues.vector2(pair.get(0).asString()))
          .isEqualTo(new Vector2(v.get(0).asDouble(), v.get(1).asDouble()));
    }
  }

  @Test
  void seedsKeepOrderAndRepetitions() {
    assertThat(OptionValues.seeds("7, 3-5,3,4294967295"))
        .isEqualTo(LongStream.of(7, 3, 4, 5, 3, 4294967295L).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "1,",
        "-1",
        "x",
        "1-",
        "5-3",
        "1..3",
        "1-2-3",
        "4294967296",
        "0-4294967295",
        "99999999999999999999",
        "1 2",
        "１"
      })
  void whatIsNoListOfSeedsIsRefused(String text) {
    assertThatThrownBy(() -> OptionValues.seeds(text)).isInstanceOf(AliasFreeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "nan", "inf", "1e999", "1e39", "0x10", "1f", "1,5", "--1"})
  void whatIsNoFiniteNumberIsRefused(String text) {
    assertThatThrownBy(() -> OptionValues.number(text)).hasMessageContaining("is not a number");
  }

  @Test
  void numbersMayBeWrittenInAnyUsualWay() {
    assertThat(List.of(".8", "-30", "1.", "+2e-1").stream().map(OptionValues::number).toList())
        .containsExactly(0.8, -30.0, 1.0, 0.2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1,2,3", "a,b", ",", "1;2"})
  void whatIsNoVectorIsRefusedInTheOfficialWords(String text) {
    assertThatThrownBy(() -> OptionValues.vector2(text))
        .hasMessageStartingWith("cannot parse 2-vector \"" + text + "\"");
  }

  @Test
  void gridsAreColumnsByRows() {
    assertThat(OptionValues.grid("4x3")).isEqualTo(new GridSize(4, 3));
    assertThat(OptionValues.grid("4,3")).isEqualTo(new GridSize(4, 3));
    for (String text : List.of("", "4", "0x3", "4x", "-1x2", "4x3x2", "9999999999x1")) {
      assertThatThrownBy(() -> OptionValues.grid(text))
          .hasMessageStartingWith("cannot parse tuple");
    }
  }

  @Test
  void networksArePathsUrlsOrRandom() {
    assertThat(NetworkSource.parse("a/b.pkl"))
        .isEqualTo(new NetworkSource.File(Path.of("a/b.pkl")));
    assertThat(NetworkSource.parse("file:///a/b%20c.pkl"))
        .isEqualTo(new NetworkSource.File(Path.of("/a/b c.pkl")));
    assertThat(NetworkSource.parse("random:stylegan3-r-128"))
        .isEqualTo(new NetworkSource.Random(StyleGan3Config.stylegan3R(128), 0));
    StyleGan3Config config =
        StyleGan3Config.stylegan3T(64)
            .with(b -> b.channelBase(2048).channelMax(32).cDim(3).imgChannels(1));
    assertThat(NetworkSource.parse("random:t-64?seed=9&cbase=2048&cmax=32&c_dim=3&img_channels=1"))
        .isEqualTo(new NetworkSource.Random(config, 9));
    assertThat(NetworkSource.parse("random:stylegan2-1024"))
        .isEqualTo(new NetworkSource.RandomStyleGan2(StyleGan2Config.stylegan2(1024), 0));
    assertThat(
            NetworkSource.parse(
                "random:stylegan2-64?seed=7&cbase=512&cmax=16&map_layers=3&map_w_avg_beta=none"
                    + "&architecture=resnet&resample_filter=1,2,1&use_noise=0&conv_clamp=none"))
        .isEqualTo(
            new NetworkSource.RandomStyleGan2(
                StyleGan2Config.stylegan2(64)
                    .with(
                        b ->
                            b.channelBase(512)
                                .channelMax(16)
                                .mapping(new MappingConfig(3, 0.01, 0).withoutMean())
                                .architecture(BlockArchitecture.RESNET)
                                .resampleFilter(List.of(1.0, 2.0, 1.0))
                                .useNoise(false)
                                .convClamp(OptionalDouble.empty())),
                7));
    for (String remote : List.of("https://example.org/a.pkl", "stylegan3-t-ffhq-1024x1024")) {
      assertThat(NetworkSource.parse(remote)).isEqualTo(new NetworkSource.Remote(remote));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "random:",
        "random:stylegan2-100",
        "random:stylegan2-t-256",
        "random:stylegan2-256?num_layers=2",
        "random:stylegan2-256?activation=gelu",
        "random:stylegan2-256?architecture=ring",
        "random:stylegan2-256?resample_filter=1,,1",
        "random:t-255",
        "random:t-256?x=1",
        "random:t-256?seed",
        "random:t-256?seed=-1",
        "random:t-256?seed=1,2",
        "random:t-256?cmax=0",
        "random:t-256?cmax=x",
        "random:t-256?use_radial_filters=maybe",
        "random:t-256?map_layers=0",
        "random:t-99999999999",
        "file://host/x",
        "file:",
        "a\u0000b"
      })
  void whatNamesNoNetworkIsRefused(String text) {
    assertThatThrownBy(() -> NetworkSource.parse(text)).isInstanceOf(AliasFreeException.class);
  }
}
