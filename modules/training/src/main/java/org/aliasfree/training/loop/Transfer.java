package org.aliasfree.training.loop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.TrainingVariables;

/**
 * Training that starts from the networks of a file: each tensor of the same name and shape is
 * taken, all others keep their random values. So networks of other resolutions or classes give what
 * they have in common.
 *
 * @param networks what was taken, by network
 */
public record Transfer(Map<String, Match> networks) {
  /**
   * What a network of the file had for one in training.
   *
   * @param taken tensors of the same name and shape
   * @param missing tensors that the file does not have
   * @param different tensors of another shape, with both shapes
   * @param unused tensors of the file that training has no use for
   */
  public record Match(
      List<String> taken, List<String> missing, List<String> different, List<String> unused) {
    /** Whether nothing is left over on either side. */
    public boolean isComplete() {
      return missing.isEmpty() && different.isEmpty() && unused.isEmpty();
    }
  }

  /**
   * Copies tensors into a store.
   *
   * @throws AliasFreeException if the file has none of the networks, or nothing fits
   */
  public static Transfer copy(Path file, TrainingProgram training, VariableStore store) {
    NetworkFile networks = NetworkFile.read(file);
    Map<String, Match> matches = new LinkedHashMap<>();
    copy(networks, "G", TrainingVariables.G, training.generator().variables(), store, matches);
    copy(networks, "D", TrainingVariables.D, training.discriminator().variables(), store, matches);
    copy(
        networks,
        "G_ema",
        TrainingVariables.G_EMA,
        training.generator().variables(),
        store,
        matches);
    if (matches.values().stream().allMatch(m -> m.taken.isEmpty())) {
      throw new AliasFreeException(
          "--resume: "
              + file
              + " has no tensor in common with the networks to be trained; use a network of the"
              + " same configuration (--cfg), channels (--cbase, --cmax) and resolution.");
    }
    return new Transfer(matches);
  }

  private static void copy(
      NetworkFile file,
      String name,
      String scope,
      List<NetworkVariable> variables,
      VariableStore store,
      Map<String, Match> matches) {
    if (!file.names().contains(name)) {
      return;
    }
    Map<String, HostTensor> source = new LinkedHashMap<>(file.network(name).tensors());
    Match match =
        new Match(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (NetworkVariable v : variables) {
      String tensor = v.variable().name();
      HostTensor value = source.remove(tensor);
      Shape shape = v.variable().type().shape();
      if (value == null) {
        match.missing.add(tensor);
      } else if (!value.shape().equals(shape)) {
        match.different.add(tensor + " " + value.shape() + " instead of " + shape);
      } else {
        Variable target = TrainingVariables.in(scope, v);
        store.write(target, value.dtype() == DType.F32 ? value : value.to(DType.F32));
        match.taken.add(tensor);
      }
    }
    match.unused.addAll(source.keySet());
    matches.put(name, match);
  }

  /** What was taken, for people: a line for each network and, where something is left, for it. */
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    networks.forEach(
        (name, match) -> {
          int all = match.taken.size() + match.missing.size() + match.different.size();
          lines.add(name + ": " + match.taken.size() + " of " + all + " tensors taken");
          add(lines, "not in the file", match.missing);
          add(lines, "of another shape", match.different);
          add(lines, "of the file not used", match.unused);
        });
    return lines;
  }

  private static void add(List<String> lines, String what, List<String> names) {
    int shown = Math.min(names.size(), 6);
    if (shown > 0) {
      String rest = names.size() > shown ? ", … (" + names.size() + ")" : "";
      lines.add("  " + what + ": " + String.join(", ", names.subList(0, shown)) + rest);
    }
  }
}
