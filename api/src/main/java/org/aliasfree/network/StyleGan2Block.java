package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one resolution of StyleGAN2's synthesis network.
 *
 * @param resolution height and width of the result
 * @param useFp16 whether it runs in f16 where a backend is asked to
 * @param architecture how it is connected
 * @param first the learned constant [C, 4, 4] that the first block starts from; absent later
 * @param resampleFilter filter that doubles the image of the block before
 * @param conv0 doubles the resolution; absent in the first block
 * @param conv1 keeps it
 * @param toRgb makes the image, or adds to it; absent where no image is made
 * @param skip the linear path around conv0 and conv1; residual blocks only
 */
public record StyleGan2Block(
    int resolution,
    boolean useFp16,
    BlockArchitecture architecture,
    Optional<NetworkVariable> first,
    NetworkVariable resampleFilter,
    Optional<StyleGan2Layer> conv0,
    StyleGan2Layer conv1,
    Optional<ToRgbLayer> toRgb,
    Optional<ConvLayer> skip) {
  /** The filter of layers that do not resample. */
  static final List<Double> DEFAULT_FILTER = List.of(1.0, 3.0, 3.0, 1.0);

  /** Features [N, C, resolution, resolution], and the image so far, if there is one. */
  record State(@Nullable Tensor x, @Nullable Tensor image) {}

  /** The block of a resolution; its variables are called {@code synthesis.b<resolution>.…}. */
  static StyleGan2Block of(int resolution, StyleGan2Config config) {
    String name = "b" + resolution;
    boolean later = resolution > 4;
    boolean last = resolution == config.imgResolution();
    int inputs = later ? config.channels(resolution / 2) : 0;
    int outputs = config.channels(resolution);
    BlockArchitecture architecture = config.architecture();
    return new StyleGan2Block(
        resolution,
        config.useFp16(resolution),
        architecture,
        later
            ? Optional.empty()
            : Optional.of(
                NetworkVariable.parameter(
                    "synthesis." + name + ".const", Initializer.normal(1), outputs, 4, 4)),
        NetworkVariable.filter("synthesis." + name + ".resample_filter", config.resampleFilter()),
        later
            ? Optional.of(
                StyleGan2Layer.of(name + ".conv0", inputs, outputs, resolution, 2, config))
            : Optional.empty(),
        StyleGan2Layer.of(name + ".conv1", outputs, outputs, resolution, 1, config),
        last || architecture == BlockArchitecture.SKIP
            ? Optional.of(ToRgbLayer.of(name + ".torgb", outputs, config))
            : Optional.empty(),
        later && architecture == BlockArchitecture.RESNET
            ? Optional.of(skip("synthesis." + name + ".skip", inputs, outputs, config))
            : Optional.empty());
  }

  private static ConvLayer skip(String path, int inputs, int outputs, StyleGan2Config config) {
    return new ConvLayer.Spec(path, inputs, outputs, 1)
        .build(
            2, 1, false, true, Activation.LINEAR, config.resampleFilter(), OptionalDouble.empty());
  }

  /** How many w the convolutions take; the layer to RGB shares the next block's first. */
  int numConv() {
    return conv0.isPresent() ? 2 : 1;
  }

  /**
   * Names {@code synthesis.b<resolution>.…} for every layer, {@code synthesis.b<resolution>} for
   * the features and {@code synthesis.b<resolution>.image} for the image.
   *
   * @param ws [N, numWs, wDim]
   * @param offset the first w of this block
   */
  State apply(State before, Tensor ws, int offset, ForwardPass pass) {
    String name = "synthesis.b" + resolution;
    Tensor x = features(before.x(), ws, offset, pass);
    pass.name(name, x);
    Tensor image = before.image();
    if (image != null) {
      image = Ops.upsample2d(image, pass.read(resampleFilter), 2, 0, false, 1);
    }
    if (toRgb.isPresent()) {
      Tensor y = toRgb.get().apply(x, MappingNetwork.copy(ws, offset + numConv()), pass);
      image = pass.name(name + ".image", image == null ? y : image.add(y));
    }
    return new State(x, image);
  }

  private Tensor features(@Nullable Tensor before, Tensor ws, int offset, ForwardPass pass) {
    DType dtype = pass.half(useFp16) ? DType.F16 : DType.F32;
    if (before == null || conv0.isEmpty()) {
      Tensor start = pass.read(first.orElseThrow());
      Shape shape = Shape.of(ws.dim(0), start.dim(0), start.dim(1), start.dim(2));
      Tensor x = start.reshape(1, start.dim(0), start.dim(1), start.dim(2)).expand(shape);
      return conv1.apply(x.cast(dtype), MappingNetwork.copy(ws, offset), 1, pass);
    }
    Tensor x = before.cast(dtype);
    double gain = skip.isPresent() ? Math.sqrt(0.5) : 1;
    Tensor y = conv0.get().apply(x, MappingNetwork.copy(ws, offset), 1, pass);
    y = conv1.apply(y, MappingNetwork.copy(ws, offset + 1), gain, pass);
    if (skip.isEmpty()) {
      return y;
    }
    Tensor around = skip.get().apply(x, gain, pass);
    return pass.name("synthesis.b" + resolution + ".skip", around).add(y);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>();
    first.ifPresent(all::add);
    all.add(resampleFilter);
    conv0.ifPresent(layer -> all.addAll(layer.variables()));
    all.addAll(conv1.variables());
    toRgb.ifPresent(layer -> all.addAll(layer.variables()));
    skip.ifPresent(layer -> all.addAll(layer.variables()));
    return all;
  }
}
