package org.aliasfree.cli;

import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Feature maps as a picture, as the official visualizer shows them with "normalize". */
final class LayerView {
  private static final double LEAST = 1e-8;
  private static final double MOST = 1e8;

  private LayerView() {}

  /**
   * The first three channels (the first one where there are fewer), each divided by its greatest
   * magnitude.
   *
   * @param features f32 [C, H, W]
   * @return u8 [H, W, 3 or 1]
   */
  static HostTensor of(HostTensor features) {
    long height = features.shape().dim(1);
    long width = features.shape().dim(2);
    int channels = features.shape().dim(0) < 3 ? 1 : 3;
    HostTensor shown = HostTensor.allocate(TensorType.f32(channels, height, width));
    for (int c = 0; c < channels; c++) {
      double magnitude = 0;
      for (long i = 0; i < height * width; i++) {
        magnitude = Math.max(magnitude, Math.abs(features.get(c * height * width + i)));
      }
      double scale = 1 / Math.clamp(magnitude, LEAST, MOST);
      for (long i = c * height * width; i < (c + 1) * height * width; i++) {
        shown.set(i, features.get(i) * scale);
      }
    }
    return Pixels.of(shown);
  }
}
