package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.aliasfree.network.MappingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Keywords of StyleGAN2's mapping network, in generators and discriminators: the value of {@code
 * mapping_kwargs}.
 */
final class MappingKeywords {
  private static final Set<String> KNOWN =
      Set.of("num_layers", "embed_features", "layer_features", "activation", "lr_multiplier");
  private static final Set<String> KNOWN_WITH_MEAN =
      Set.of(
          "num_layers",
          "embed_features",
          "layer_features",
          "activation",
          "lr_multiplier",
          "w_avg_beta");

  private MappingKeywords() {}

  /**
   * What they mean.
   *
   * @param defaults for what neither the keywords nor the modules tell; without a mean of w there
   *     can be none
   */
  static MappingConfig config(ConstructorKeywords given, MappingConfig defaults) {
    boolean mean = defaults.wAvgBeta().isPresent();
    given.refuseUnknown(mean ? KNOWN_WITH_MEAN : KNOWN, "StyleGAN2");
    return new MappingConfig(
        given.find("num_layers", "mapping").map(KeywordValue::integer).orElse(defaults.numLayers()),
        given
            .find("embed_features")
            .map(KeywordValue::integerOrNone)
            .orElse(defaults.embedFeatures()),
        given
            .find("layer_features")
            .map(KeywordValue::integerOrNone)
            .orElse(defaults.layerFeatures()),
        given
            .find("activation", "mapping.fc0")
            .map(KeywordValue::activation)
            .orElse(defaults.activation()),
        given
            .find("lr_multiplier", "mapping.fc0", "bias_gain")
            .map(KeywordValue::number)
            .orElse(defaults.lrMultiplier()),
        mean
            ? given
                .find("w_avg_beta", "mapping")
                .map(KeywordValue::numberOrNone)
                .orElse(defaults.wAvgBeta())
            : OptionalDouble.empty());
  }

  /**
   * All keywords.
   *
   * @param mean whether this kind of mapping network has a keyword for the mean of w
   */
  static Map<String, @Nullable Object> keywords(MappingConfig config, boolean mean) {
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
    keywords.put("num_layers", (long) config.numLayers());
    keywords.put("embed_features", orNone(config.embedFeatures()));
    keywords.put("layer_features", orNone(config.layerFeatures()));
    keywords.put("activation", config.activation().label());
    keywords.put("lr_multiplier", config.lrMultiplier());
    if (mean) {
      keywords.put("w_avg_beta", orNone(config.wAvgBeta()));
    }
    return keywords;
  }

  /** The value, or null for Python's {@code None}. */
  static @Nullable Object orNone(OptionalInt value) {
    return value.isPresent() ? (Object) (long) value.getAsInt() : null;
  }

  /** The value, or null for Python's {@code None}. */
  static @Nullable Object orNone(OptionalDouble value) {
    return value.isPresent() ? (Object) value.getAsDouble() : null;
  }
}
