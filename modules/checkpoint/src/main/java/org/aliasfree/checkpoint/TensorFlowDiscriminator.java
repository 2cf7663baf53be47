package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** A discriminator of the TensorFlow versions, read as one of the PyTorch version. */
final class TensorFlowDiscriminator {
  private static final Set<String> KNOWN =
      Set.of(
          "label_size",
          "resolution",
          "num_channels",
          "architecture",
          "fmap_base",
          "fmap_max",
          "num_fp16_res",
          "conv_clamp",
          "mapping_fmaps",
          "nonlinearity",
          "resample_kernel",
          "freeze_layers",
          "mapping_layers",
          "mapping_lrmul",
          "mbstd_group_size",
          "mbstd_num_features",
          // These tell how the network was used, not what it is.
          "structure",
          "conditioning");

  private final TensorFlowState state;
  private final long cDim;
  private final long resolution;
  private final long imgChannels;
  private final String architecture;
  private final long channelBase;
  private final long channelMax;
  private final @Nullable Long mappingFeatures;
  private final long mappingLayers;
  private final long freezeLayers;
  private final long deviations;
  private final @Nullable Long groupSize;
  private final @Nullable Object taps;
  private final Map<String, @Nullable Object> keywords;

  /** Checks the keywords. */
  TensorFlowDiscriminator(TensorFlowState state, ReadingBudget budget) {
    this.state = state;
    TensorFlowKeywords given =
        new TensorFlowKeywords(state.staticKwargs(), KNOWN, budget, state.offset());
    this.cDim = given.size("label_size", 0);
    this.resolution = given.resolution();
    this.imgChannels = given.size("num_channels", 3);
    this.architecture = given.architecture("resnet", TensorFlowVariables.hasLevelsOfDetail(state));
    this.channelBase = 2 * given.size("fmap_base", 16384);
    this.channelMax = given.size("fmap_max", 512);
    this.mappingFeatures = given.optionalSize("mapping_fmaps");
    this.mappingLayers = given.size("mapping_layers", 0);
    this.freezeLayers = given.size("freeze_layers", 0);
    this.deviations = given.size("mbstd_num_features", 1);
    this.groupSize = given.optionalSize("mbstd_group_size");
    this.taps = given.value("resample_kernel", ResampleFilter.USUAL);
    this.keywords = keywords(given);
  }

  private Map<String, @Nullable Object> keywords(TensorFlowKeywords given) {
    String activation = given.text("nonlinearity", "lrelu");
    Map<String, @Nullable Object> block = new LinkedHashMap<>();
    block.put("activation", activation);
    block.put("resample_filter", taps);
    block.put("freeze_layers", freezeLayers);
    Map<String, @Nullable Object> mapping = new LinkedHashMap<>();
    mapping.put("num_layers", mappingLayers);
    mapping.put("embed_features", mappingFeatures);
    mapping.put("layer_features", mappingFeatures);
    mapping.put("activation", activation);
    mapping.put("lr_multiplier", given.number("mapping_lrmul", 0.1));
    Map<String, @Nullable Object> epilogue = new LinkedHashMap<>();
    epilogue.put("mbstd_group_size", groupSize);
    epilogue.put("mbstd_num_channels", deviations);
    epilogue.put("activation", activation);
    Map<String, @Nullable Object> all = sizes();
    all.put("architecture", architecture);
    all.put("channel_base", channelBase);
    all.put("channel_max", channelMax);
    all.put("num_fp16_res", given.size("num_fp16_res", 0));
    all.put("conv_clamp", given.optionalNumber("conv_clamp"));
    all.put("cmap_dim", mappingFeatures);
    all.put("block_kwargs", block);
    all.put("mapping_kwargs", mapping);
    all.put("epilogue_kwargs", epilogue);
    return all;
  }

  private Map<String, @Nullable Object> sizes() {
    Map<String, @Nullable Object> sizes = new LinkedHashMap<>();
    sizes.put("c_dim", cDim);
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
    private long layers;

    Reading(ReadingBudget budget) {
      this.variables = new TensorFlowVariables(state, resolution, budget);
    }

    StoredNetwork network() {
      network.network("Discriminator", keywords, sizes());
      for (long size = resolution; size > 4; size /= 2) {
        addBlock(size);
      }
      long labels = cDim == 0 ? 0 : mappingFeatures == null ? channels(4) : mappingFeatures;
      if (cDim > 0) {
        new TensorFlowMapping(
                0, cDim, labels, null, mappingLayers, mappingFeatures, mappingFeatures, null)
            .addTo(network, variables, "LabelEmbed", "Mapping");
      }
      addEpilogue(labels);
      variables.checkAllTaken(name -> false);
      return network.build();
    }

    private void addBlock(long size) {
      String path = "b" + size;
      String scope = size + "x" + size + "/";
      long in = channels(size);
      long out = channels(size / 2);
      network.module(
          path,
          "DiscriminatorBlock",
          Map.of(
              "in_channels", size == resolution ? 0 : in,
              "resolution", size,
              "img_channels", imgChannels,
              "first_layer_idx", layers,
              "architecture", architecture));
      network.buffer(path + ".resample_filter", filter);
      if (size == resolution || architecture.equals("skip")) {
        add(path + ".fromrgb", scope + "FromRGB", imgChannels, in, 1, usualFilter, layers++);
      }
      add(path + ".conv0", scope + "Conv0", in, in, 3, usualFilter, layers++);
      add(path + ".conv1", scope + "Conv1_down", in, out, 3, filter, layers++);
      if (architecture.equals("resnet")) {
        add(path + ".skip", scope + "Skip", in, out, 1, filter, layers++);
      }
    }

    private void addEpilogue(long labels) {
      long features = channels(4);
      network.module(
          "b4",
          "DiscriminatorEpilogue",
          Map.of(
              "in_channels", features,
              "cmap_dim", labels,
              "resolution", 4L,
              "img_channels", imgChannels,
              "architecture", architecture));
      if (architecture.equals("skip")) {
        add("b4.fromrgb", "4x4/FromRGB", imgChannels, features, 1, usualFilter, Long.MAX_VALUE);
      }
      if (deviations > 0) {
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
        attributes.put("group_size", groupSize);
        attributes.put("num_channels", deviations);
        network.module("b4.mbstd", "MinibatchStdLayer", attributes);
      }
      add("b4.conv", "4x4/Conv", features + deviations, features, 3, usualFilter, Long.MAX_VALUE);
      TensorFlowMapping.addLayer(
          network, variables, "b4.fc", "4x4/Dense0", features * 16, features);
      TensorFlowMapping.addLayer(
          network, variables, "b4.out", "Output", features, labels == 0 ? 1 : labels);
    }

    /** A convolution; when frozen, PyTorch lists its weights behind its filter. */
    private void add(
        String path, String scope, long in, long out, int size, HostTensor resampling, long index) {
      boolean trained = index >= freezeLayers;
      network.module(path, "Conv2dLayer", Map.of("in_channels", in, "out_channels", out));
      if (!trained) {
        network.buffer(path + ".resample_filter", resampling);
      }
      add(path + ".weight", variables.kernel(scope + "/weight", out, in, size), trained);
      if (!path.endsWith(".skip")) {
        add(path + ".bias", variables.plain(scope + "/bias", out), trained);
      }
      if (trained) {
        network.buffer(path + ".resample_filter", resampling);
      }
    }

    private void add(String name, HostTensor tensor, boolean trained) {
      if (trained) {
        network.parameter(name, tensor);
      } else {
        network.buffer(name, tensor);
      }
    }
  }
}
