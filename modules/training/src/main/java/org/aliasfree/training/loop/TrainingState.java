package org.aliasfree.training.loop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.AdaController;
import org.aliasfree.training.TrainingVariables;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a run continues from, with the same bits as if it had never stopped: between two
 * iterations, when gradients are 0. It says nothing of where and how fast the run goes, so two runs
 * of the same settings have the same states. In a file it is the values of the variables as
 * safetensors and the rest as JSON in the metadata.
 *
 * @param settings of the run
 * @param facts of its data
 * @param position how far it is
 * @param ada where ADA stands, if it is at work
 * @param statistics what {@code StatisticsCollector} keeps
 * @param statisticsLines lines of stats.jsonl up to here
 * @param eventRecords records of the event file up to here
 */
public record TrainingState(
    TrainingSettings settings,
    DatasetFacts facts,
    Position position,
    Optional<AdaController.State> ada,
    Map<String, Object> statistics,
    long statisticsLines,
    long eventRecords) {
  /** The name of the state's file in a run folder. */
  public static final String FILE = "training-state.safetensors";

  private static final String KEY = "aliasfree.training";
  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * How far a run is.
   *
   * @param nimg images shown
   * @param iterations done
   * @param ticks done
   * @param tickStartNimg images shown when the present tick began
   */
  public record Position(long nimg, long iterations, long ticks, long tickStartNimg) {}

  /** What the metadata holds. */
  private record Content(int version, TrainingState state) {}

  /** A state that was read: its values are slices of the mapped file. */
  public record Stored(TrainingState state, Map<String, HostTensor> values) {}

  /** The variables that a state keeps. */
  private static List<Variable> kept(VariableStore store) {
    return store.variables().stream().filter(v -> !TrainingVariables.isGradient(v)).toList();
  }

  /** Writes a file, or replaces one in a single step. */
  public void write(Path file, VariableStore store) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (Variable v : kept(store)) {
      types.put(v.name(), v.type());
      variables.put(v.name(), v);
    }
    Map<String, String> metadata = Map.of(KEY, JSON.writeValueAsString(new Content(VERSION, this)));
    Safetensors.write(file, types, metadata, name -> store.read(variable(variables, name)));
  }

  private static Variable variable(Map<String, Variable> variables, String name) {
    Variable variable = variables.get(name);
    if (variable == null) {
      throw new IllegalStateException(name);
    }
    return variable;
  }

  /**
   * Reads a file.
   *
   * @throws AliasFreeException if there is none, or it is no state of training
   */
  public static Stored read(Path file) {
    Safetensors content = Safetensors.read(file);
    String text = content.metadata().get(KEY);
    if (text == null) {
      throw new AliasFreeException(
          file + " is not the state of a training run: it has no metadata \"" + KEY + "\".");
    }
    try {
      int version = JSON.readTree(text).path("version").asInt(0);
      if (version != VERSION) {
        throw new AliasFreeException(
            file
                + " holds a training state of version "
                + version
                + "; this release reads version "
                + VERSION
                + ".");
      }
      return new Stored(JSON.readValue(text, Content.class).state, content.tensors());
    } catch (JacksonException e) {
      throw new AliasFreeException(
          file + " holds no readable training state: " + e.getOriginalMessage() + ".", e);
    }
  }

  /**
   * Puts the values of a state into a store; gradients become 0.
   *
   * @throws AliasFreeException naming what does not fit
   */
  public static void restore(Path file, Map<String, HostTensor> values, VariableStore store) {
    for (Variable v : store.variables()) {
      if (TrainingVariables.isGradient(v)) {
        store.write(v, HostTensor.allocate(v.type()));
      } else {
        store.write(v, value(file, values.get(v.name()), v));
      }
    }
    if (values.size() != kept(store).size()) {
      throw new AliasFreeException(
          file
              + " has "
              + values.size()
              + " tensors, but training of these settings has "
              + kept(store).size()
              + " variables.");
    }
  }

  private static HostTensor value(Path file, @Nullable HostTensor value, Variable variable) {
    if (value == null || !value.type().equals(variable.type())) {
      throw new AliasFreeException(
          file
              + " does not fit its own settings: the tensor "
              + variable.name()
              + " should be "
              + variable.type()
              + ", but "
              + (value == null ? "is missing." : "is " + value.type() + "."));
    }
    return value;
  }
}
