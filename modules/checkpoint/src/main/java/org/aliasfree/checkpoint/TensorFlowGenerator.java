package org.aliasfree.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** A generator of the TensorFlow versions, read as one of the PyTorch version. */
final class TensorFlowGenerator {
  private static final Set<String> KNOWN =
      Set.of(
          "latent_size",
          "label_size",
          "dlatent_size",
          "resolution",
          "num_channels",
          "fmap_base",
          "fmap_max",
          "num_fp16_res",
          "conv_clamp",
          "architecture",
          "resample_kernel",
          "use_noise",
          "nonlinearity",
          "mapping_layers",
          "label_fmaps",
          "mapping_fmaps",
          "mapping_nonlinearity",
          "mapping_lrmul",
          "w_avg_beta",
          // These tell how the network was used, not what it is.
          "truncation_psi",
          "truncation_cutoff",
          "style_mixing_prob",
          "structure",
          "conditioning",
          "fused_modconv");

  private static final String NOISE = "synthesis/noise\\d+";

  private final TensorFlowState state;
  private final TensorFlowMapping mapping;
  private final long resolution;
  private final long imgChannels;
  private final long channelBase;
  private final long channelMax;
  private final String architecture;
  private final boolean useNoise;
  private final @Nullable Object taps;
  private final Map<String, @Nullable Object> keywords;

  /** Checks the keywords. */
  TensorFlowGenerator(TensorFlowState state, ReadingBudget budget) {
    this.state = state;
    TensorFlowKeywords given =
        new TensorFlowKeywords(state.staticKwargs(), KNOWN, budget, state.offset());
    this.resolution = given.resolution();
    this.imgChannels = given.size("num_channels", 3);
    // The PyTorch version counts channels from the first convolution of a block, not the last.
    this.channelBase = 2 * given.size("fmap_base", 16384);
    this.channelMax = given.size("fmap_max", 512);
    this.architecture = given.architecture("skip", TensorFlowVariables.hasLevelsOfDetail(state));
    this.useNoise = given.flag("use_noise", true);
    this.taps = given.value("resample_kernel", ResampleFilter.USUAL);
    Object beta = given.value("w_avg_beta", 0.995) == null ? 1L : given.number("w_avg_beta", 0.995);
    this.mapping =
        new TensorFlowMapping(
            given.size("latent_size", 512),
            given.size("label_size", 0),
            given.size("dlatent_size", 512),
            2L * Long.numberOfTrailingZeros(resolution) - 2,
            given.size("mapping_layers", 8),
            given.optionalSize("label_fmaps"),
            given.optionalSize("mapping_fmaps"),
            beta);
    this.keywords = keywords(given);
  }

  private Map<String, @Nullable Object> keywords(TensorFlowKeywords given) {
    Map<String, @Nullable Object> mappingKeywords = new LinkedHashMap<>();
    mappingKeywords.put("num_layers", mapping.numLayers());
    mappingKeywords.put("embed_features", mapping.embedFeatures());
    mappingKeywords.put("layer_features", mapping.layerFeatures());
    mappingKeywords.put("activation", given.text("mapping_nonlinearity", "lrelu"));
    mappingKeywords.put("lr_multiplier", given.number("mapping_lrmul", 0.01));
    mappingKeywords.put("w_avg_beta", mapping.averageBeta());
    Map<String, @Nullable Object> synthesis = new LinkedHashMap<>();
    synthesis.put("channel_base", channelBase);
    synthesis.put("channel_max", channelMax);
    synthesis.put("num_fp16_res", given.size("num_fp16_res", 0));
    synthesis.put("conv_clamp", given.optionalNumber("conv_clamp"));
    synthesis.put("architecture", architecture);
    synthesis.put("resample_filter", taps);
    synthesis.put("use_noise", useNoise);
    synthesis.put("activation", given.text("nonlinearity", "lrelu"));
    Map<String, @Nullable Object> all = sizes();
    all.put("mapping_kwargs", mappingKeywords);
    all.put("synthesis_kwargs", synthesis);
    return all;
  }

  private Map<String, @Nullable Object> sizes() {
    Map<String, @Nullable Object> sizes = new LinkedHashMap<>();
    sizes.put("z_dim", mapping.zDim());
    sizes.put("c_dim", mapping.cDim());
    sizes.put("w_dim", mapping.wDim());
    sizes.put("img_resolution", resolution);
    sizes.put("img_channels", imgChannels);
    return sizes;
  }

  /** The constructor keywords of the PyTorch version. */
  Map<String, @Nullable Object> keywords() {
    return keywords;
  }

  /** The network, with tensors in the file's memory where they are laid out alike. */
  StoredNetwork stored(ReadingBudget budget) {
    return new Reading(budget).network();
  }

  private long channels(long size) {
    return Math.min(channelBase / size, channelMax);
  }

  /** One pass over the tensors. */
  private final class Reading {
    private final TensorFlowVariables variables;
    private final StoredNetworkBuilder network = new StoredNetworkBuilder();
    private final HostTensor filter = ResampleFilter.of(taps, state.offset());
    private final HostTensor usualFilter = ResampleFilter.of(ResampleFilter.USUAL, state.offset());

    Reading(ReadingBudget budget) {
      this.variables = new TensorFlowVariables(state, resolution, budget);
    }

    StoredNetwork network() {
      Map<String, @Nullable Object> attributes = sizes();
      attributes.put("num_ws", mapping.numWs());
      network.network("Generator", keywords, attributes);
      List<Object> sizes = new ArrayList<>();
      for (long size = 4; size <= resolution; size *= 2) {
        sizes.add(size);
      }
      attributes.remove("z_dim");
      attributes.remove("c_dim");
      attributes.put("block_resolutions", sizes);
      network.module("synthesis", "SynthesisNetwork", attributes);
      for (long size = 4; size <= resolution; size *= 2) {
        addBlock(size);
      }
      mapping.addTo(network, variables, "mapping/LabelEmbed", "mapping/Dense");
      variables.checkAllTaken(name -> !useNoise && name.matches(NOISE));
      return network.build();
    }

    private void addBlock(long size) {
      String path = "synthesis.b" + size;
      String scope = "synthesis/" + size + "x" + size + "/";
      long in = size == 4 ? 0 : channels(size / 2);
      long out = channels(size);
      boolean last = size == resolution;
      network.module(
          path,
          "SynthesisBlock",
          Map.of(
              "in_channels", in,
              "w_dim", mapping.wDim(),
              "resolution", size,
              "img_channels", imgChannels,
              "is_last", last,
              "architecture", architecture));
      if (size == 4) {
        network.parameter(
            path + ".const",
            variables.reshaped(scope + "Const/const", new long[] {1, out, 4, 4}, out, 4, 4));
      }
      network.buffer(path + ".resample_filter", filter);
      long noise = 2L * Long.numberOfTrailingZeros(size) - 4;
      if (size == 4) {
        addLayer(path + ".conv1", scope + "Conv/", out, out, size, noise);
      } else {
        addLayer(path + ".conv0", scope + "Conv0_up/", in, out, size, noise - 1);
        addLayer(path + ".conv1", scope + "Conv1/", out, out, size, noise);
      }
      if (last || architecture.equals("skip")) {
        addToRgb(path + ".torgb", scope + "ToRGB/", out);
      }
      if (size > 4 && architecture.equals("resnet")) {
        network.module(
            path + ".skip", "Conv2dLayer", Map.of("in_channels", in, "out_channels", out));
        network.parameter(
            path + ".skip.weight", variables.flippedKernel(scope + "Skip/weight", out, in, 1));
        network.buffer(path + ".skip.resample_filter", filter);
      }
    }

    private void addLayer(String path, String scope, long in, long out, long size, long noise) {
      boolean up = path.endsWith(".conv0");
      network.module(
          path,
          "SynthesisLayer",
          Map.of(
              "in_channels", in,
              "out_channels", out,
              "w_dim", mapping.wDim(),
              "resolution", size,
              "up", up ? 2L : 1L,
              "use_noise", useNoise));
      // When it enlarges, TensorFlow's convolution goes the other way over the kernel.
      network.parameter(
          path + ".weight",
          up
              ? variables.flippedKernel(scope + "weight", out, in, 3)
              : variables.kernel(scope + "weight", out, in, 3));
      if (useNoise) {
        network.parameter(path + ".noise_strength", variables.plain(scope + "noise_strength"));
      }
      network.parameter(path + ".bias", variables.plain(scope + "bias", out));
      network.buffer(path + ".resample_filter", up ? filter : usualFilter);
      if (useNoise) {
        network.buffer(
            path + ".noise_const",
            variables.reshaped(
                "synthesis/noise" + noise, new long[] {1, 1, size, size}, size, size));
      }
      addStyle(path + ".affine", scope, in);
    }

    private void addToRgb(String path, String scope, long in) {
      network.module(path, "ToRGBLayer", Map.of("in_channels", in, "out_channels", imgChannels));
      network.parameter(path + ".weight", variables.kernel(scope + "weight", imgChannels, in, 1));
      network.parameter(path + ".bias", variables.plain(scope + "bias", imgChannels));
      addStyle(path + ".affine", scope, in);
    }

    private void addStyle(String path, String scope, long features) {
      network.module(
          path,
          "FullyConnectedLayer",
          Map.of("in_features", mapping.wDim(), "out_features", features));
      network.parameter(
          path + ".weight", variables.transposed(scope + "mod_weight", features, mapping.wDim()));
      network.parameter(path + ".bias", variables.plusOne(scope + "mod_bias", features));
    }
  }
}
