package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.DType;

/**
 * The last layers of the discriminator, from features at 4×4 to a logit; always in f32.
 *
 * @param fromRgb from the image to features; architecture {@link BlockArchitecture#SKIP} only
 * @param deviation adds the deviation over the batch; may be absent
 * @param conv 3×3
 * @param fc takes all pixels
 * @param out gives the logit, or what is compared with the mapped label
 */
public record DiscriminatorEpilogue(
    Optional<ConvLayer> fromRgb,
    Optional<MinibatchDeviation> deviation,
    ConvLayer conv,
    FullyConnected fc,
    FullyConnected out) {

  /** The epilogue of a configuration; its variables are called {@code b4.…}. */
  static DiscriminatorEpilogue of(DiscriminatorConfig config) {
    int channels = config.channels(4);
    int added = config.mbstdNumChannels();
    Activation act = config.epilogueActivation();
    List<Double> filter = StyleGan2Block.DEFAULT_FILTER;
    return new DiscriminatorEpilogue(
        config.architecture() == BlockArchitecture.SKIP
            ? Optional.of(
                new ConvLayer.Spec("b4.fromrgb", config.imgChannels(), channels, 1)
                    .build(1, 1, true, true, act, filter, OptionalDouble.empty()))
            : Optional.empty(),
        added > 0
            ? Optional.of(new MinibatchDeviation(config.mbstdGroupSize(), added))
            : Optional.empty(),
        new ConvLayer.Spec("b4.conv", (long) channels + added, channels, 3)
            .build(1, 1, true, true, act, filter, config.convClamp()),
        FullyConnected.of("b4.fc", 16L * channels, channels, act, 1, 1, 0),
        FullyConnected.of(
            "b4.out", channels, Math.max(config.mappedLabels(), 1), Activation.LINEAR, 1, 1, 0));
  }

  /**
   * Logits [N, 1]; names {@code b4.fromrgb}, {@code b4.mbstd}, {@code b4.conv}, {@code b4.fc} and
   * {@code b4.out}.
   *
   * @param label the mapped label [N, cmapDim]; empty for an unconditional network
   */
  Tensor apply(DiscriminatorBlock.State before, Optional<Tensor> label, ForwardPass pass) {
    Tensor x = Objects.requireNonNull(before.x()).cast(DType.F32);
    if (fromRgb.isPresent()) {
      Tensor image = before.image().cast(DType.F32);
      x = x.add(pass.name("b4.fromrgb", fromRgb.get().apply(image, 1, pass)));
    }
    if (deviation.isPresent()) {
      x = pass.name("b4.mbstd", deviation.get().apply(x));
    }
    x = pass.name("b4.conv", conv.apply(x, 1, pass));
    x = pass.name("b4.fc", fc.apply(x.reshape(x.dim(0), x.dim(1) * x.dim(2) * x.dim(3)), pass));
    Tensor logits = pass.name("b4.out", out.apply(x, pass));
    return label
        .map(c -> logits.mul(c).sum(1).mul(1 / Math.sqrt((double) c.dim(1))))
        .orElse(logits);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>();
    fromRgb.ifPresent(layer -> all.addAll(layer.variables()));
    all.addAll(conv.variables());
    all.addAll(fc.variables());
    all.addAll(out.variables());
    return all;
  }
}
