package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files of the TensorFlow versions that do not fit: one error, with the byte and the cause. */
@Timeout(20)
class TensorFlowErrorsTest {
  private static final Map<String, Object> TINY =
      Map.of(
          "latent_size", 2L,
          "dlatent_size", 2L,
          "resolution", 4L,
          "num_channels", 1L,
          "fmap_base", 4L,
          "mapping_layers", 1L);

  private static final String NOT_SUPPORTED =
      "StyleGAN1, of StyleGAN2's configurations A to D and of ADA's comparison methods";

  private static String refusal(byte[] file) {
    Throwable thrown =
        catchThrowable(
            () -> {
              NetworkFile read =
                  NetworkFile.read(new MappedFile(Path.of("tf.pkl"), MemorySegment.ofArray(file)));
              read.network("D");
            });
    assertThat(thrown).isInstanceOf(NetworkFileException.class);
    String message = String.valueOf(thrown.getMessage());
    assertThat(message).startsWith("tf.pkl: byte ").hasLineCount(1).endsWith(".");
    return message;
  }

  /** What is wrong with a discriminator. */
  private static String refusal(
      long version, Map<String, ?> keywords, Map<String, byte[]> variables) {
    return refusal(file(network(version, keywords, variables, Map.of())));
  }

  private static byte[] network(
      long version,
      Map<String, ?> keywords,
      Map<String, byte[]> variables,
      Map<String, byte[]> components) {
    return TensorFlowFile.network(
        version, "f", keywords, variables, components, TensorFlowFile.Spelling.USUAL);
  }

  private static byte[] file(byte[] discriminator) {
    byte[] generator = network(4, TINY, Map.of(), Map.of());
    return TensorFlowFile.triple(generator, discriminator, generator);
  }

  private static byte[] array(long... sizes) {
    return TensorFlowFile.array(
        HostTensor.allocate(TensorType.f32(sizes)), TensorFlowFile.Spelling.USUAL);
  }

  private static final Map<String, Object> KEYWORDS =
      Map.of("resolution", 4L, "num_channels", 1L, "fmap_base", 4L);

  /** The variables of a discriminator for images of 4 by 4 pixels. */
  private static Map<String, byte[]> variables() {
    Map<String, byte[]> variables = new LinkedHashMap<>();
    variables.put("4x4/Conv/weight", array(3, 3, 3, 2));
    variables.put("4x4/Conv/bias", array(2));
    variables.put("4x4/Dense0/weight", array(32, 2));
    variables.put("4x4/Dense0/bias", array(2));
    variables.put("Output/weight", array(2, 1));
    variables.put("Output/bias", array(1));
    return variables;
  }

  private static Map<String, byte[]> variablesWith(String name, byte[] array) {
    Map<String, byte[]> variables = variables();
    variables.put(name, array);
    return variables;
  }

  @Test
  void whatTheTestsChangeIsReadAsItIs() {
    byte[] good = file(network(5, KEYWORDS, variablesWith("lod", array()), Map.of()));
    NetworkFile read =
        NetworkFile.read(new MappedFile(Path.of("good"), MemorySegment.ofArray(good)));
    assertThat(read.network("D").tensors()).hasSize(7);
  }

  @Test
  void networksOfOtherKindsAreNamedAsSuch() {
    assertThat(refusal(3, KEYWORDS, variables()))
        .contains("in the TensorFlow network D: ", "version 3", NOT_SUPPORTED);
    assertThat(refusal(4, Map.of("synthesis_func", "x", "score_max", 1L), variables()))
        .contains("score_max", "synthesis_func", NOT_SUPPORTED);
    Map<String, byte[]> fewer = variables();
    fewer.remove("4x4/Dense0/bias");
    assertThat(refusal(4, KEYWORDS, fewer))
        .contains("in D: ", "no variable \"4x4/Dense0/bias\"", NOT_SUPPORTED);
    assertThat(refusal(4, KEYWORDS, variablesWith("4x4/Conv/weight_sn", array(1, 2))))
        .contains("has a variable \"4x4/Conv/weight_sn\"", NOT_SUPPORTED);
  }

  @Test
  void growingNetworksAreRefused() {
    byte[] half =
        TensorFlowFile.array(HostTensor.scalar(DType.F32, 0.5), TensorFlowFile.Spelling.USUAL);
    assertThat(refusal(4, KEYWORDS, variablesWith("lod", half))).contains("still growing");
    Map<String, byte[]> level = variablesWith("FromRGB_lod0/weight", array(1, 1, 1, 2));
    assertThat(refusal(4, TensorFlowNetworksTest.with(KEYWORDS, "architecture", "skip"), level))
        .contains("architecture is skip; orig, as the variables are named for it");
    assertThat(refusal(4, KEYWORDS, variablesWith("FromRGB_lod1/weight", array(1))))
        .contains("FromRGB_lod1/weight", "less than 4 pixels");
    Map<String, byte[]> twice = variablesWith("4x4/FromRGB/bias", array(2));
    twice.put("FromRGB_lod0/bias", array(2));
    assertThat(refusal(4, KEYWORDS, twice)).contains("two variables", "4x4/FromRGB/bias");
  }

  @Test
  void variablesHaveTheShapesThatTheKeywordsGive() {
    assertThat(refusal(4, KEYWORDS, variablesWith("Output/weight", array(1, 2))))
        .contains("\"Output/weight\" is f32[1, 2]", "the keywords give f32[2, 1]");
    byte[] f64 =
        new PickleAssembler()
            .numpyArray("numpy.core.multiarray", "f8", new long[] {1}, false, new byte[8])
            .bytes();
    assertThat(refusal(4, KEYWORDS, variablesWith("Output/bias", f64)))
        .contains("\"Output/bias\" is f64[1]");
    byte[] empty =
        new PickleAssembler()
            .global("numpy.core.multiarray", "_reconstruct")
            .global("numpy", "ndarray")
            .integers(0)
            .data(new byte[1])
            .op(PickleOpcode.TUPLE3, PickleOpcode.REDUCE)
            .bytes();
    Throwable thrown =
        catchThrowable(() -> refusal(4, KEYWORDS, variablesWith("Output/bias", empty)));
    assertThat(thrown).hasMessageContaining("has no content");
    assertThat(refusal(4, KEYWORDS, variablesWith("Output/bias", new byte[] {'N'})))
        .contains("a variable is a tuple of 2; tuples of a name and a numpy array are expected");
  }

  @Test
  void keywordsHaveValuesThatMakeSense() {
    Map<String, List<Object>> wrong = new LinkedHashMap<>();
    wrong.put("resolution", List.of(48L, 2L, -4L, 1L << 40, 4.0, "4"));
    wrong.put("fmap_base", List.of(-1L, 1L << 31, true));
    wrong.put("architecture", List.of("other", 1L));
    wrong.put("conv_clamp", List.of("256"));
    wrong.put("mapping_fmaps", List.of(1.5));
    wrong.put("resample_kernel", List.of(List.of(), List.of("a"), 3L));
    wrong.forEach(
        (name, values) -> {
          for (Object value : values) {
            Map<String, ?> keywords = TensorFlowNetworksTest.with(KEYWORDS, name, value);
            assertThat(refusal(4, keywords, variables())).contains("the keyword " + name + " is ");
          }
        });
    Map<String, ?> endless =
        TensorFlowNetworksTest.with(
            KEYWORDS, "label_size", 1L, "mapping_layers", (long) Integer.MAX_VALUE);
    assertThat(refusal(4, endless, variables())).contains("no variable \"LabelEmbed/weight\"");
  }

  @Test
  void componentsEnd() {
    byte[] none = {'N'};
    assertThat(refusal(file(network(4, KEYWORDS, variables(), Map.of("mapping", none)))))
        .contains("the component \"mapping/\" is None");
    PickleAssembler circle =
        PickleAssembler.pickle()
            .global("dnnlib.tflib.network", "Network")
            .op(PickleOpcode.EMPTY_TUPLE, PickleOpcode.NEWOBJ)
            .put(0);
    Map<String, byte[]> state = new LinkedHashMap<>();
    state.put("version", new PickleAssembler().integer(4).bytes());
    state.put("variables", new byte[] {']'});
    byte[] self = new PickleAssembler().get(0).bytes();
    state.put("components", new PickleAssembler().dict(Map.of("x", self)).bytes());
    circle.dict(state).op(PickleOpcode.BUILD).get(0).get(0).op(PickleOpcode.TUPLE3);
    assertThat(refusal(circle.stop())).contains("components are nested more than 4 deep");
  }

  /** Four levels, of each of which a network has fifty of the one below. */
  @Test
  void sharingThatUnfoldsWithoutEndIsRefused() {
    PickleAssembler nested = new PickleAssembler();
    nested.raw(network(4, Map.of(), Map.of("a".repeat(1000), array(1)), Map.of())).put(0);
    for (int level = 0; level < 4; level++) {
      Map<String, byte[]> components = new LinkedHashMap<>();
      for (int i = 0; i < 50; i++) {
        components.put("c" + i, new PickleAssembler().get(level).bytes());
      }
      nested.op(PickleOpcode.POP).raw(network(4, KEYWORDS, Map.of(), components)).put(level + 1);
    }
    assertThat(refusal(file(nested.bytes()))).contains("unfold");
  }

  @Test
  void aNetworkWithoutStateOrAloneIsRefused() {
    byte[] bare =
        new PickleAssembler()
            .global("dnnlib.tflib.network", "Network")
            .op(PickleOpcode.EMPTY_TUPLE, PickleOpcode.NEWOBJ)
            .bytes();
    assertThat(refusal(file(bare))).contains("\"version\" of a TensorFlow network is missing");
    Throwable alone =
        catchThrowable(
            () ->
                NetworkFile.read(
                    new MappedFile(
                        Path.of("tf.pkl"),
                        MemorySegment.ofArray(PickleAssembler.pickle().raw(bare).stop()))));
    assertThat(alone)
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("holds a TensorFlow network; ");
  }
}
