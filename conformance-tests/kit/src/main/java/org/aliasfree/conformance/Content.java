package org.aliasfree.conformance;

import java.util.Random;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** What a tensor of a case is filled with. */
public enum Content {
  /** Normally distributed numbers. */
  NORMAL,
  /** Numbers from 0.1 on: for logarithms and roots. */
  POSITIVE,
  /** Numbers at least 0.2 away from 0: to divide by. */
  AWAY,
  /** Whole numbers from 0 to 3, so that some are equal; masks too. */
  WHOLE,
  /** Indices below the bound of the argument. */
  INDEX,
  /** Bytes of sign maps: four codes from 0 to 2. */
  SIGNS,
  /** Normal numbers, zeros of both signs, infinities and NaN. */
  SPECIAL;

  private static final double[] SPECIALS = {
    0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN
  };

  /** A tensor of this content. */
  HostTensor fill(TensorType type, int bound, Random random) {
    HostTensor t = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      t.set(i, value(bound, random));
    }
    return t;
  }

  private double value(int bound, Random r) {
    return switch (this) {
      case NORMAL -> r.nextGaussian();
      case POSITIVE -> 0.1 + Math.abs(r.nextGaussian());
      case AWAY -> Math.copySign(0.2 + Math.abs(r.nextGaussian()), r.nextGaussian());
      case WHOLE -> r.nextInt(4);
      case INDEX -> r.nextInt(bound);
      case SIGNS -> r.nextInt(3) + 4 * r.nextInt(3) + 16 * r.nextInt(3) + 64 * r.nextInt(3);
      case SPECIAL -> r.nextInt(3) == 0 ? SPECIALS[r.nextInt(SPECIALS.length)] : r.nextGaussian();
    };
  }
}
