package org.aliasfree.network;

import java.util.Map;
import java.util.Objects;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * A discriminator with a value for each of its variables.
 *
 * @param discriminator the architecture
 * @param tensors the values by name, in the discriminator's order
 */
public record DiscriminatorNetwork(Discriminator discriminator, Map<String, HostTensor> tensors) {
  /**
   * Checks that every variable has a value of its shape, and that there is nothing else. Values of
   * other floating-point types are rounded to the variable's.
   *
   * @throws org.aliasfree.AliasFreeException that names all tensors at fault
   */
  public DiscriminatorNetwork {
    tensors = NetworkTensors.fit(discriminator.variables(), tensors);
  }

  /**
   * A network as training starts with it: random weights, the same for the same seed on every
   * machine.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   */
  public static DiscriminatorNetwork initial(Discriminator discriminator, long seed) {
    return new DiscriminatorNetwork(
        discriminator, NetworkTensors.initial(discriminator.variables(), seed));
  }

  /** The value of a variable. */
  public HostTensor tensor(Variable variable) {
    return Objects.requireNonNull(tensors.get(variable.name()), variable.name());
  }
}
