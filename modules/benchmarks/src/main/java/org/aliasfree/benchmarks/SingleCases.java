package org.aliasfree.benchmarks;

import java.util.List;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.benchmarks.KernelCase.Argument;
import org.aliasfree.op.Activation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Ops of shapes that are given by hand: StyleGAN2's, the mapping network's, the optimiser's. */
final class SingleCases {
  /** The binomial filter of StyleGAN2. */
  private static final double[] TAPS = {1 / 8.0, 3 / 8.0, 3 / 8.0, 1 / 8.0};

  private static final int CHANNELS = 128;

  private SingleCases() {}

  /** {@code up 128}: by 2, from 128 × 128 pixels; {@code down 256}: by 2; {@code same 128}. */
  static KernelCase upfirdn2d(String shape) {
    int size = size(shape);
    FirGeometry g =
        switch (kind(shape)) {
          case "up" -> new FirGeometry(2, 2, 1, 1, 0, 0, 0, 0, false, 4);
          case "down" -> new FirGeometry(1, 1, 2, 2, 0, 0, 0, 0, false, 1);
          case "same" -> new FirGeometry(1, 1, 1, 1, 0, 0, 0, 0, false, 1);
          default -> throw unknown(shape);
        };
    HostTensor filter = HostTensor.allocate(TensorType.f32(TAPS.length));
    for (int i = 0; i < TAPS.length; i++) {
      filter.set(i, TAPS[i]);
    }
    return new KernelCase(
        new Resampling.Upfirdn2d(g.centred(TAPS.length, TAPS.length)),
        List.of(Argument.bound(TensorType.f32(1, CHANNELS, size, size)), Argument.value(filter)),
        1);
  }

  /** {@code lrelu 256}: of {@value #CHANNELS} channels of 256 × 256 pixels; {@code linear 256}. */
  static KernelCase biasAct(String shape) {
    int size = size(shape);
    Activation activation =
        switch (kind(shape)) {
          case "lrelu" -> Activation.LRELU;
          case "linear" -> Activation.LINEAR;
          default -> throw unknown(shape);
        };
    return new KernelCase(
        new Fused.BiasAct(1, activation, activation.defaultAlpha(), activation.defaultGain(), 256),
        List.of(
            Argument.bound(TensorType.f32(1, CHANNELS, size, size)),
            Argument.weight(TensorType.f32(CHANNELS))),
        1);
  }

  /** {@code mapping 16}: a fully connected layer of 512 to 512 for a batch of 16. */
  static KernelCase matmul(String shape) {
    if (!kind(shape).equals("mapping")) {
      throw unknown(shape);
    }
    return new KernelCase(
        new Linear.MatMul(false, true),
        List.of(
            Argument.bound(TensorType.f32(size(shape), 512)),
            Argument.weight(TensorType.f32(512, 512))),
        1);
  }

  /** {@code conv 512}: the parameters of a 3 × 3 convolution of 512 to 512 channels. */
  static KernelCase adamStep(String shape) {
    if (!kind(shape).equals("conv")) {
      throw unknown(shape);
    }
    Argument parameter = Argument.bound(TensorType.f32(size(shape), size(shape), 3, 3));
    HostTensor rates = HostTensor.allocate(TensorType.f32(Fused.AdamStep.RATES));
    double[] numbers = {0.9, 0.1, 0.99, 0.01, 1e-3, 0.5, 1e-8};
    for (int i = 0; i < numbers.length; i++) {
      rates.set(i, numbers[i]);
    }
    HostTensor squares = HostTensor.allocate(parameter.type());
    squares.data().fill((byte) 0x3c); // every number is 0.0115: a mean of squares is not negative
    Argument secondMoment = new Argument(parameter.type(), false, Optional.of(squares));
    return new KernelCase(
        new Fused.AdamStep(),
        List.of(parameter, parameter, parameter, secondMoment, Argument.value(rates)),
        3);
  }

  private static String kind(String shape) {
    return shape.substring(0, Math.max(0, shape.indexOf(' ')));
  }

  private static int size(String shape) {
    try {
      return Integer.parseInt(shape.substring(shape.indexOf(' ') + 1));
    } catch (NumberFormatException e) {
      throw unknown(shape);
    }
  }

  private static AliasFreeException unknown(String shape) {
    return new AliasFreeException("There is no shape \"" + shape + "\" of this kernel.");
  }
}
