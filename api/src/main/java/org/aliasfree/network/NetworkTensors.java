package org.aliasfree.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/** Values for all variables of a network. */
final class NetworkTensors {
  private NetworkTensors() {}

  /**
   * The values in the order of the variables, of their types.
   *
   * @throws AliasFreeException that names all tensors at fault
   */
  static Map<String, HostTensor> fit(
      List<NetworkVariable> variables, Map<String, HostTensor> tensors) {
    Map<String, HostTensor> ordered = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (NetworkVariable v : variables) {
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
    return Collections.unmodifiableMap(ordered);
  }

  /** The values that training starts with. */
  static Map<String, HostTensor> initial(List<NetworkVariable> variables, long seed) {
    return variables.parallelStream()
        .collect(Collectors.toMap(v -> v.variable().name(), v -> v.initialValue(seed)));
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
