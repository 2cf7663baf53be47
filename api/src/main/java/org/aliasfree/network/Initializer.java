package org.aliasfree.network;

import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** How a variable of a network starts when the network is made new. */
@FunctionalInterface
public interface Initializer {
  /**
   * The first value.
   *
   * @param type type of the variable
   * @param random a sequence of its own
   */
  HostTensor value(TensorType type, RandomState random);

  /** Independent normal values with mean 0 and this standard deviation. */
  static Initializer normal(double deviation) {
    return (type, random) -> {
      HostTensor value = HostTensor.allocate(type);
      for (long i = 0; i < type.elements(); i++) {
        value.set(i, random.randn() * deviation);
      }
      return value;
    };
  }

  /** Independent values from low to high, all equally likely. */
  static Initializer uniform(double low, double high) {
    return (type, random) -> {
      HostTensor value = HostTensor.allocate(type);
      for (long i = 0; i < type.elements(); i++) {
        value.set(i, low + (high - low) * random.nextDouble());
      }
      return value;
    };
  }

  /** The same number everywhere. */
  static Initializer constant(double number) {
    return (type, random) -> {
      HostTensor value = HostTensor.allocate(type);
      if (number != 0) {
        for (long i = 0; i < type.elements(); i++) {
          value.set(i, number);
        }
      }
      return value;
    };
  }

  /** These numbers, as many as the variable has elements. */
  static Initializer values(double... numbers) {
    return (type, random) -> {
      HostTensor value = HostTensor.allocate(type);
      for (int i = 0; i < type.elements(); i++) {
        value.set(i, numbers[i]);
      }
      return value;
    };
  }

  /** The elements of a tensor, rounded to the variable's type. */
  static Initializer copyOf(HostTensor source) {
    return (type, random) -> source.to(type.dtype());
  }
}
