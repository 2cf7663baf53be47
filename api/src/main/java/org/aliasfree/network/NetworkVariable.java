package org.aliasfree.network;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * A variable of a network and how it starts.
 *
 * @param variable name and type, as in network files
 * @param trainable true for a parameter, which an optimiser changes; false for a buffer
 * @param initializer how it starts in a new network
 */
public record NetworkVariable(Variable variable, boolean trainable, Initializer initializer) {
  /** A parameter or a buffer in f32. */
  static NetworkVariable of(
      String name, boolean trainable, Initializer initializer, long... sizes) {
    return trainable ? parameter(name, initializer, sizes) : buffer(name, initializer, sizes);
  }

  /** The buffer of a resampling filter with these taps, in f32. */
  static NetworkVariable filter(String name, List<Double> taps) {
    HostTensor filter =
        FilterDesign.setupFilter(taps.stream().mapToDouble(Double::doubleValue).toArray());
    return buffer(name, Initializer.copyOf(filter), filter.shape().toArray());
  }

  /** A parameter in f32. */
  static NetworkVariable parameter(String name, Initializer initializer, long... sizes) {
    return new NetworkVariable(new Variable(name, TensorType.f32(sizes)), true, initializer);
  }

  /** A buffer in f32. */
  static NetworkVariable buffer(String name, Initializer initializer, long... sizes) {
    return new NetworkVariable(new Variable(name, TensorType.f32(sizes)), false, initializer);
  }

  /**
   * The first value in the network of a seed. Every variable draws from a sequence of its own,
   * seeded by the CRC-32 of the seed and the name, so that its value does not depend on what other
   * variables the network has.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   */
  public HostTensor initialValue(long seed) {
    CRC32 crc = new CRC32();
    crc.update((seed + ":" + variable.name()).getBytes(StandardCharsets.UTF_8));
    return initializer.value(variable.type(), new RandomState(crc.getValue()));
  }
}
