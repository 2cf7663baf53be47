package org.aliasfree.conformance;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** The random choices of a case. */
record Draw(Random random, DType type) {
  int upTo(int most) {
    return random.nextInt(most + 1);
  }

  int between(int least, int most) {
    return least + upTo(most - least);
  }

  double normal() {
    return random.nextGaussian();
  }

  boolean coin() {
    return random.nextBoolean();
  }

  @SafeVarargs
  final <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  Shape shape(int rank) {
    return Shape.of(IntStream.range(0, rank).mapToLong(i -> between(1, 5)).toArray());
  }

  TensorType floats(Shape shape) {
    return new TensorType(type, shape);
  }

  HostTensor fill(TensorType of, DoubleSupplier values) {
    HostTensor t = HostTensor.allocate(of);
    for (long i = 0; i < of.elements(); i++) {
      t.set(i, values.getAsDouble());
    }
    return t;
  }

  HostTensor tensor(int rank) {
    return tensor(shape(rank));
  }

  HostTensor tensor(Shape shape) {
    return fill(floats(shape), this::normal);
  }

  HostTensor tensor(long... sizes) {
    return tensor(Shape.of(sizes));
  }

  /** f32 taps, separable or not. */
  HostTensor filter() {
    TensorType of =
        coin() ? TensorType.f32(between(1, 7)) : TensorType.f32(between(1, 5), between(1, 5));
    return fill(of, this::normal);
  }

  /** A shape that broadcasts to another. */
  Shape part(Shape whole) {
    long[] s = whole.toArray();
    for (int i = 0; i < s.length; i++) {
      s[i] = upTo(2) == 0 ? 1 : s[i];
    }
    return Shape.of(coin() ? s : java.util.Arrays.copyOfRange(s, s.length / 2, s.length));
  }
}
