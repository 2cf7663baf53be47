package org.aliasfree.network;

import java.nio.charset.StandardCharsets;
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
