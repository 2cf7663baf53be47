package org.aliasfree.training.augment;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * Draws values that apply with a probability. Probabilities are multiplied and compared as floats,
 * as in the official pipe, so that the same numbers lead to the same decisions.
 *
 * @param p overall strength
 * @param percentile where to take all values from instead
 */
record GatedDraws(
    AugmentConfig config, int images, float p, ImageRandom random, OptionalDouble percentile) {
  /** The distribution of the number that a value is made from. */
  enum Kind {
    UNIFORM,
    NORMAL
  }

  /** multiplier · p. */
  float probability(Augmentation augmentation) {
    return (float) config.multiplier(augmentation) * p;
  }

  /**
   * A value for every image, which applies with {@link #probability}; see {@link #gated}.
   *
   * @param value makes the value from the random number
   * @param neutral the value that does nothing
   */
  double[] values(Augmentation augmentation, Kind kind, DoubleUnaryOperator value, double neutral) {
    return gated(kind, 1, probability(augmentation), value, neutral);
  }

  /**
   * One or more values for every image, image by image, that apply all or none.
   *
   * @param perImage how many
   */
  double[] gated(
      Kind kind, int perImage, float probability, DoubleUnaryOperator value, double neutral) {
    HostTensor numbers = numbers(kind, perImage);
    boolean[] applies = applies(probability);
    double[] values = new double[images * perImage];
    for (int i = 0; i < values.length; i++) {
      values[i] = applies[i / perImage] ? value.applyAsDouble(numbers.get(i)) : neutral;
    }
    if (percentile.isPresent()) {
      Arrays.fill(values, value.applyAsDouble(central(kind)));
    }
    return values;
  }

  /** The number at the percentile. */
  private double central(Kind kind) {
    double q = percentile.orElseThrow();
    return kind == Kind.UNIFORM ? q : ErrorFunction.inverse(2 * q - 1);
  }

  /** Random numbers. */
  HostTensor numbers(Kind kind, long perImage) {
    return numbers(kind, Shape.of(images, perImage));
  }

  /** Random numbers, the first axis being the images. */
  HostTensor numbers(Kind kind, Shape shape) {
    HostTensor numbers = HostTensor.allocate(TensorType.f32(shape.toArray()));
    switch (kind) {
      case UNIFORM -> random.uniform(numbers);
      case NORMAL -> random.normal(numbers);
    }
    return numbers;
  }

  /** For each image whether something of this probability happens. */
  boolean[] applies(float probability) {
    HostTensor gate = numbers(Kind.UNIFORM, 1);
    boolean[] applies = new boolean[images];
    for (int n = 0; n < images; n++) {
      applies[n] = gate.get(n) < probability;
    }
    return applies;
  }

  double strength(Augmentation augmentation) {
    return config.strength(augmentation);
  }
}
