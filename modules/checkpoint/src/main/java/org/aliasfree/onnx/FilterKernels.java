package org.aliasfree.onnx;

import java.util.List;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Convolutions of every channel by itself with the same taps. */
final class FilterKernels {
  private record Kernel(List<Float> taps, int width, long channels) {}

  private final OnnxModel model;

  FilterKernels(OnnxModel model) {
    this.model = model;
  }

  /**
   * A correlation.
   *
   * @param taps of height rows and width columns, row by row
   * @param pads zeros added at the sides
   */
  String convolved(
      String x,
      long channels,
      List<Float> taps,
      int height,
      int width,
      int strideY,
      int strideX,
      Sides pads) {
    return model.node(
        "Conv",
        List.of(x, constant(taps, height, width, channels)),
        Attribute.of("group", channels),
        Attribute.ints("kernel_shape", height, width),
        Attribute.ints("strides", strideY, strideX),
        pads.toAttribute());
  }

  /**
   * The taps for each channel, [channels, 1, height, width]; the same constant for the same taps.
   */
  String constant(List<Float> taps, int height, int width, long channels) {
    return model.constant(
        new Kernel(taps, width, channels),
        "filter",
        () -> {
          HostTensor kernel = HostTensor.allocate(TensorType.f32(channels, 1, height, width));
          for (long i = 0; i < kernel.type().elements(); i++) {
            kernel.set(i, taps.get((int) (i % taps.size())));
          }
          return kernel;
        });
  }
}
