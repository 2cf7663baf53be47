package org.aliasfree.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * A generator with a value for each of its variables: what a network file holds.
 *
 * @param generator the architecture
 * @param tensors the values by name, in the generator's order
 */
public record GeneratorNetwork(Generator generator, Map<String, HostTensor> tensors) {
  /**
   * Checks that every variable has a value of its shape, and that there is nothing else. Values of
   * other floating-point types are rounded to the variable's.
   *
   * @throws AliasFreeException that names all tensors at fault
   */
  public GeneratorNetwork {
    tensors = NetworkTensors.fit(generator.variables(), tensors);
  }

  /**
   * A network as training starts with it: random weights, the same for the same seed on every
   * machine.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   */
  public static GeneratorNetwork initial(Generator generator, long seed) {
    return new GeneratorNetwork(generator, NetworkTensors.initial(generator.variables(), seed));
  }

  /**
   * A network with random weights that makes pictures worth looking at: as {@link #initial}, but
   * with running means of squares ({@code magnitude_ema}) as if it had run before. At their first
   * value of 1 the signal fades from layer to layer, and images are next to grey. A layer is
   * homogeneous in its input while biases are 0, so the means only set the contrast. The first
   * input, sine waves, has a mean square of 1/2; the number for the other layers suits the presets
   * of configuration T or R, measured and not derived.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   */
  public static GeneratorNetwork random(Generator generator, long seed) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(initial(generator, seed).tensors());
    if (generator instanceof StyleGan3Generator g) {
      for (SynthesisLayer layer : g.synthesis().layers()) {
        double later = g.config().convKernel() == 1 ? 0.95 : 0.85;
        Variable mean = layer.magnitudeEma().variable();
        double magnitude = layer.geometry().index() == 0 ? 0.5 : later;
        tensors.put(mean.name(), HostTensor.scalar(mean.type().dtype(), magnitude));
      }
    }
    return new GeneratorNetwork(generator, tensors);
  }

  /** As {@link #random(Generator, long)}. */
  public static GeneratorNetwork random(StyleGan3Config config, long seed) {
    return random(new StyleGan3Generator(config), seed);
  }

  /** The value of a variable. */
  public HostTensor tensor(Variable variable) {
    return Objects.requireNonNull(tensors.get(variable.name()), variable.name());
  }
}
