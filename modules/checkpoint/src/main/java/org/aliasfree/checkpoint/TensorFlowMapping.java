package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping network: of latents, labels or both in a generator, of labels in a discriminator.
 *
 * @param numWs how often its output is repeated, or null when it is not and has no average
 * @param embedFeatures features of the embedded label, or null for as many as come out
 * @param layerFeatures features between the layers, or null for as many as come out
 */
record TensorFlowMapping(
    long zDim,
    long cDim,
    long wDim,
    @Nullable Long numWs,
    long numLayers,
    @Nullable Long embedFeatures,
    @Nullable Long layerFeatures,
    @Nullable Object averageBeta) {

  /**
   * Adds the module and its tensors.
   *
   * @param embed name of the variables of the label's embedding
   * @param layer name of the variables of a layer, without its number
   */
  void addTo(
      StoredNetworkBuilder network, TensorFlowVariables variables, String embed, String layer) {
    network.module("mapping", "MappingNetwork", attributes());
    if (numWs != null) {
      network.buffer("mapping.w_avg", variables.plain("dlatent_avg", wDim));
    }
    long embedded = cDim == 0 ? 0 : embedFeatures == null ? wDim : embedFeatures;
    if (cDim > 0) {
      addLayer(network, variables, "mapping.embed", embed, cDim, embedded);
    }
    long hidden = layerFeatures == null ? wDim : layerFeatures;
    for (long i = 0; i < numLayers; i++) {
      long in = i == 0 ? zDim + embedded : hidden;
      addLayer(
          network, variables, "mapping.fc" + i, layer + i, in, i == numLayers - 1 ? wDim : hidden);
    }
  }

  private Map<String, @Nullable Object> attributes() {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("z_dim", zDim);
    attributes.put("c_dim", cDim);
    attributes.put("w_dim", wDim);
    attributes.put("num_ws", numWs);
    attributes.put("num_layers", numLayers);
    attributes.put("w_avg_beta", averageBeta);
    return attributes;
  }

  /** A fully connected layer whose variables have the usual names. */
  static void addLayer(
      StoredNetworkBuilder network,
      TensorFlowVariables variables,
      String path,
      String scope,
      long in,
      long out) {
    network.module(path, "FullyConnectedLayer", Map.of("in_features", in, "out_features", out));
    network.parameter(path + ".weight", variables.transposed(scope + "/weight", out, in));
    network.parameter(path + ".bias", variables.plain(scope + "/bias", out));
  }
}
