package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What the keywords of the TensorFlow versions mean in the PyTorch version. */
class TensorFlowKeywordsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @MethodSource("keywords")
  void keywordsHaveTheNamesAndDefaultsOfPyTorch(Keywords keywords) {
    TensorFlowState state = new TensorFlowState(dict(keywords.given()), Map.of(), 0);
    ReadingBudget budget = new ReadingBudget(1000);
    String got =
        JSON.writeValueAsString(
            keywords.network().equals("G")
                ? new TensorFlowGenerator(state, budget).keywords()
                : new TensorFlowDiscriminator(state, budget).keywords());
    assertThat(got).isEqualTo(keywords.expected());
  }

  private static PickleValue.Dict dict(Map<String, ?> keywords) {
    byte[] pickle = PickleAssembler.pickle().value(keywords).stop();
    ReadingBudget budget = new ReadingBudget(pickle.length);
    return (PickleValue.Dict)
        PickleReader.read(
            new MappedFile(Path.of("keywords"), MemorySegment.ofArray(pickle)), budget);
  }

  /** Keywords of TensorFlow, and what they mean. */
  record Keywords(String network, Map<String, ?> given, String expected) {}

  static List<Keywords> keywords() {
    return List.of(
        new Keywords(
            "G",
            Map.of(),
            """
        {"z_dim":512,"c_dim":0,"w_dim":512,"img_resolution":1024,"img_channels":3,\
        "mapping_kwargs":{"num_layers":8,"embed_features":null,"layer_features":null,\
        "activation":"lrelu","lr_multiplier":0.01,"w_avg_beta":0.995},\
        "synthesis_kwargs":{"channel_base":32768,"channel_max":512,"num_fp16_res":0,\
        "conv_clamp":null,"architecture":"skip","resample_filter":[1,3,3,1],"use_noise":true,\
        "activation":"lrelu"}}"""),
        new Keywords(
            "G",
            TensorFlowNetworksTest.with(
                Map.of(),
                "latent_size",
                2L,
                "label_size",
                3L,
                "dlatent_size",
                4L,
                "resolution",
                8L,
                "num_channels",
                1L,
                "fmap_base",
                6L,
                "fmap_max",
                7L,
                "num_fp16_res",
                5L,
                "conv_clamp",
                9.5,
                "architecture",
                "resnet",
                "resample_kernel",
                List.of(1L, 1L),
                "use_noise",
                false,
                "nonlinearity",
                "relu",
                "mapping_layers",
                10L,
                "label_fmaps",
                11L,
                "mapping_fmaps",
                12L,
                "mapping_nonlinearity",
                "tanh",
                "mapping_lrmul",
                1L,
                "truncation_psi",
                0.5,
                "truncation_cutoff",
                8L,
                "style_mixing_prob",
                0.9,
                "structure",
                "auto",
                "conditioning",
                "x",
                "fused_modconv",
                true,
                "w_avg_beta",
                null),
            """
        {"z_dim":2,"c_dim":3,"w_dim":4,"img_resolution":8,"img_channels":1,\
        "mapping_kwargs":{"num_layers":10,"embed_features":11,"layer_features":12,\
        "activation":"tanh","lr_multiplier":1,"w_avg_beta":1},\
        "synthesis_kwargs":{"channel_base":12,"channel_max":7,"num_fp16_res":5,\
        "conv_clamp":9.5,"architecture":"resnet","resample_filter":[1,1],"use_noise":false,\
        "activation":"relu"}}"""),
        new Keywords(
            "D",
            Map.of(),
            """
        {"c_dim":0,"img_resolution":1024,"img_channels":3,"architecture":"resnet",\
        "channel_base":32768,"channel_max":512,"num_fp16_res":0,"conv_clamp":null,\
        "cmap_dim":null,\
        "block_kwargs":{"activation":"lrelu","resample_filter":[1,3,3,1],"freeze_layers":0},\
        "mapping_kwargs":{"num_layers":0,"embed_features":null,"layer_features":null,\
        "activation":"lrelu","lr_multiplier":0.1},\
        "epilogue_kwargs":{"mbstd_group_size":null,"mbstd_num_channels":1,\
        "activation":"lrelu"}}"""),
        new Keywords(
            "D",
            TensorFlowNetworksTest.with(
                Map.of(),
                "label_size",
                2L,
                "resolution",
                16L,
                "num_channels",
                1L,
                "architecture",
                "orig",
                "fmap_base",
                3L,
                "fmap_max",
                4L,
                "num_fp16_res",
                5L,
                "conv_clamp",
                6L,
                "mapping_fmaps",
                7L,
                "nonlinearity",
                "relu",
                "resample_kernel",
                List.of(1L, 2L, 1L),
                "freeze_layers",
                8L,
                "mapping_layers",
                9L,
                "mapping_lrmul",
                0.5,
                "mbstd_group_size",
                10L,
                "mbstd_num_features",
                11L),
            """
        {"c_dim":2,"img_resolution":16,"img_channels":1,"architecture":"orig",\
        "channel_base":6,"channel_max":4,"num_fp16_res":5,"conv_clamp":6,"cmap_dim":7,\
        "block_kwargs":{"activation":"relu","resample_filter":[1,2,1],"freeze_layers":8},\
        "mapping_kwargs":{"num_layers":9,"embed_features":7,"layer_features":7,\
        "activation":"relu","lr_multiplier":0.5},\
        "epilogue_kwargs":{"mbstd_group_size":10,"mbstd_num_channels":11,\
        "activation":"relu"}}"""));
  }
}
