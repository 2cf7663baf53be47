package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one resolution of the discriminator, which halve it.
 *
 * @param resolution height and width of what it takes
 * @param useFp16 whether it runs in f16 where a backend is asked to
 * @param architecture how it is connected
 * @param resampleFilter filter that halves the image for the next block
 * @param fromRgb from the image to features; where the image enters
 * @param conv0 keeps the resolution
 * @param conv1 halves it
 * @param skip the linear path around conv0 and conv1; residual blocks only
 */
public record DiscriminatorBlock(
    int resolution,
    boolean useFp16,
    BlockArchitecture architecture,
    NetworkVariable resampleFilter,
    Optional<ConvLayer> fromRgb,
    ConvLayer conv0,
    ConvLayer conv1,
    Optional<ConvLayer> skip) {
  /** Features, if there are any yet, and the image at the resolution of the block that is next. */
  record State(@Nullable Tensor x, Tensor image) {}

  /**
   * The block of a resolution; its variables are called {@code b<resolution>.…}.
   *
   * @param firstLayer number of its first layer, for Freeze-D
   */
  static DiscriminatorBlock of(int resolution, int firstLayer, DiscriminatorConfig config) {
    String name = "b" + resolution;
    int inputs = config.channels(resolution);
    int outputs = config.channels(resolution / 2);
    boolean takesImage =
        resolution == config.imgResolution() || config.architecture() == BlockArchitecture.SKIP;
    int layer = takesImage ? firstLayer + 1 : firstLayer;
    return new DiscriminatorBlock(
        resolution,
        config.useFp16(resolution),
        config.architecture(),
        NetworkVariable.filter(name + ".resample_filter", config.resampleFilter()),
        takesImage
            ? Optional.of(
                layer(
                    new ConvLayer.Spec(name + ".fromrgb", config.imgChannels(), inputs, 1),
                    1,
                    firstLayer,
                    config))
            : Optional.empty(),
        layer(new ConvLayer.Spec(name + ".conv0", inputs, inputs, 3), 1, layer, config),
        layer(new ConvLayer.Spec(name + ".conv1", inputs, outputs, 3), 2, layer + 1, config),
        config.architecture() == BlockArchitecture.RESNET
            ? Optional.of(
                skip(new ConvLayer.Spec(name + ".skip", inputs, outputs, 1), layer + 2, config))
            : Optional.empty());
  }

  private static ConvLayer layer(
      ConvLayer.Spec spec, int down, int number, DiscriminatorConfig config) {
    // The official networks give the configured filter to the layers that resample.
    return spec.build(
        1,
        down,
        true,
        number >= config.freezeLayers(),
        config.activation(),
        down == 1 ? StyleGan2Block.DEFAULT_FILTER : config.resampleFilter(),
        config.convClamp());
  }

  private static ConvLayer skip(ConvLayer.Spec spec, int number, DiscriminatorConfig config) {
    return spec.build(
        1,
        2,
        false,
        number >= config.freezeLayers(),
        Activation.LINEAR,
        config.resampleFilter(),
        OptionalDouble.empty());
  }

  /** Layers that Freeze-D counts. */
  int numLayers() {
    return 2 + (fromRgb.isPresent() ? 1 : 0) + (skip.isPresent() ? 1 : 0);
  }

  /** Names {@code b<resolution>.…} for every layer and {@code b<resolution>} for the features. */
  State apply(State before, ForwardPass pass) {
    String name = "b" + resolution;
    DType dtype = pass.half(useFp16) ? DType.F16 : DType.F32;
    Tensor x = before.x() == null ? null : before.x().cast(dtype);
    Tensor image = before.image();
    if (fromRgb.isPresent()) {
      image = image.cast(dtype);
      Tensor y = pass.name(name + ".fromrgb", fromRgb.get().apply(image, 1, pass));
      x = x == null ? y : x.add(y);
      if (architecture == BlockArchitecture.SKIP) {
        image = Ops.downsample2d(image, pass.read(resampleFilter), 2, 0, false, 1);
      }
    }
    Tensor in = Objects.requireNonNull(x);
    double gain = skip.isPresent() ? Math.sqrt(0.5) : 1;
    Tensor y = pass.name(name + ".conv0", conv0.apply(in, 1, pass));
    y = pass.name(name + ".conv1", conv1.apply(y, gain, pass));
    if (skip.isPresent()) {
      y = pass.name(name + ".skip", skip.get().apply(in, gain, pass)).add(y);
    }
    return new State(pass.name(name, y), image);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(List.of(resampleFilter));
    fromRgb.ifPresent(layer -> all.addAll(layer.variables()));
    all.addAll(conv0.variables());
    all.addAll(conv1.variables());
    skip.ifPresent(layer -> all.addAll(layer.variables()));
    return all;
  }
}
