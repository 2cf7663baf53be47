package org.aliasfree.onnx;

import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.NoiseMode;

/**
 * What an ONNX model is to be.
 *
 * @param fromW whether the model takes w for each layer, rather than z
 * @param transform whether it takes the inverse of the transformation wanted of the image, rather
 *     than having the network's own; of no effect on StyleGAN2
 * @param batch images computed together; empty for any number, told by the first input
 * @param noise noise of StyleGAN2: {@link NoiseMode#CONST} or {@link NoiseMode#NONE}
 */
public record OnnxOptions(boolean fromW, boolean transform, OptionalInt batch, NoiseMode noise) {
  /** From z, any number of images, the network's own noise. */
  public static final OnnxOptions DEFAULTS =
      new OnnxOptions(false, false, OptionalInt.empty(), NoiseMode.CONST);

  /** Checks batch and noise. */
  public OnnxOptions {
    if (batch.isPresent() && batch.getAsInt() < 1) {
      throw new AliasFreeException(
          "The batch size is " + batch.getAsInt() + ", but must be 1 or more.");
    }
    if (noise == NoiseMode.RANDOM) {
      throw new AliasFreeException(
          "An ONNX model cannot draw the noise that the project's generators draw from seeds;"
              + " choose const or none.");
    }
  }

  /** This, from w or from z. */
  public OnnxOptions withFromW(boolean value) {
    return new OnnxOptions(value, transform, batch, noise);
  }

  /** This, with the transformation as an input or not. */
  public OnnxOptions withTransform(boolean value) {
    return new OnnxOptions(fromW, value, batch, noise);
  }

  /** This with a fixed batch size, or with none. */
  public OnnxOptions withBatch(OptionalInt value) {
    return new OnnxOptions(fromW, transform, value, noise);
  }

  /** This with noise from elsewhere. */
  public OnnxOptions withNoise(NoiseMode value) {
    return new OnnxOptions(fromW, transform, batch, value);
  }
}
