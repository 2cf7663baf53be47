package org.aliasfree.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    Map<String, HostTensor> ordered = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (NetworkVariable v : generator.variables()) {
      HostTensor value = tensors.get(v.variable().name());
      if (value == null) {
        missing.add(v.variable().toString());
      } else {
        ordered.put(v.variable().name(), fitting(v.variable(), value));
      }
    }
    TreeSet<String> extra = new TreeSet<>(tensors.keySet());
    extra.removeAll(ordered.keySet());
    if (!missing.isEmpty() || !extra.isEmpty()) {
      throw new AliasFreeException(difference(missing, new ArrayList<>(extra)));
    }
    tensors = java.util.Collections.unmodifiableMap(ordered);
  }

  /**
   * A network as training starts with it: random weights, the same for the same seed on every
   * machine.
   *
   * @param seed 0 to 2<sup>32</sup> − 1
   */
  public static GeneratorNetwork initial(Generator generator, long seed) {
    Map<String, HostTensor> tensors =
        generator.variables().parallelStream()
            .collect(Collectors.toMap(v -> v.variable().name(), v -> v.initialValue(seed)));
    return new GeneratorNetwork(generator, tensors);
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

  private static HostTensor fitting(Variable variable, HostTensor value) {
    if (!value.shape().equals(variable.type().shape()) || !value.dtype().isFloat()) {
      throw new AliasFreeException(
          "The tensor \""
              + variable.name()
              + "\" of the network is "
              + value.type()
              + ", but its configuration needs "
              + variable.type()
              + "; the file and the configuration do not belong together.");
    }
    return value.to(variable.type().dtype());
  }

  private static String difference(List<String> missing, List<String> extra) {
    String text = "The network's tensors do not fit its configuration:";
    if (!missing.isEmpty()) {
      text += " it lacks " + some(missing) + (extra.isEmpty() ? "." : ";");
    }
    if (!extra.isEmpty()) {
      text += " it has " + some(extra) + ", which nothing uses.";
    }
    return text;
  }

  private static String some(List<String> names) {
    int shown = 4;
    String text = String.join(", ", names.subList(0, Math.min(shown, names.size())));
    return names.size() > shown ? text + " and " + (names.size() - shown) + " more" : text;
  }
}
