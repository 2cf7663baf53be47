package org.aliasfree.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.Variable;

/**
 * The phases of one network, which share an optimiser, and the graphs of their steps.
 *
 * @param phases in order
 * @param steps entries of the program by name
 */
record NetworkPhases(List<TrainingPhase> phases, Map<String, Graph> steps) {

  /**
   * Divides the entries of a network among phases.
   *
   * @param letter G or D
   * @param main entries with the main loss
   * @param regInterval of the regulariser, which gets a phase of its own; absent for one phase with
   *     everything
   * @param adam before it is adjusted
   * @param entries all that there are; the regulariser is called {@code Greg} or {@code Dreg}
   */
  static NetworkPhases of(
      String letter,
      List<String> main,
      OptionalInt regInterval,
      AdamOptions adam,
      Map<String, Accumulation> entries) {
    String reg = letter + "reg";
    Map<String, List<String>> parts = new LinkedHashMap<>();
    List<String> first = new ArrayList<>(main);
    parts.put(letter + (regInterval.isPresent() ? "main" : "both"), first);
    if (entries.containsKey(reg)) {
      if (regInterval.isPresent()) {
        parts.put(reg, List.of(reg));
      } else {
        first.add(reg);
      }
    }
    Map<String, Set<Variable>> reached = new LinkedHashMap<>();
    parts.forEach((name, of) -> reached.put(name, union(of, entries)));
    AdamOptions adjusted = regInterval.isPresent() ? adam.lazily(regInterval.getAsInt()) : adam;
    List<TrainingPhase> phases = new ArrayList<>();
    Map<String, Graph> steps = new LinkedHashMap<>();
    parts.forEach(
        (name, of) -> {
          String apply = "apply." + name;
          Map<String, Set<String>> rates = new LinkedHashMap<>();
          steps.put(apply, step(name, reached, rates));
          int interval = name.equals(reg) ? regInterval.orElse(1) : 1;
          phases.add(new TrainingPhase(name, letter + ".", of, apply, interval, adjusted, rates));
        });
    return new NetworkPhases(phases, steps);
  }

  private static Set<Variable> union(List<String> names, Map<String, Accumulation> entries) {
    Set<Variable> all = new LinkedHashSet<>();
    names.forEach(name -> all.addAll(Objects.requireNonNull(entries.get(name)).reached()));
    return all;
  }

  /**
   * The graph of a phase's step. Parameters that the same phases reach have taken the same number
   * of steps, so they share an input with rates.
   *
   * @param rates is filled with these inputs and the phases of each
   */
  private static Graph step(
      String phase, Map<String, Set<Variable>> reached, Map<String, Set<String>> rates) {
    Graph.Builder graph = Graph.builder();
    for (Variable parameter : Objects.requireNonNull(reached.get(phase))) {
      Set<String> by = new TreeSet<>();
      reached.forEach(
          (name, parameters) -> {
            if (parameters.contains(parameter)) {
              by.add(name);
            }
          });
      String input = "adam." + String.join("+", by);
      rates.put(input, by);
      step(graph, parameter, Ops.input(input, AdamOptions.ratesType()));
    }
    return graph.build();
  }

  private static void step(Graph.Builder graph, Variable parameter, Tensor rates) {
    Variable gradient = TrainingVariables.gradient(parameter);
    Variable first = TrainingVariables.firstMoment(parameter);
    Variable second = TrainingVariables.secondMoment(parameter);
    List<Tensor> in =
        List.of(Ops.read(parameter), Ops.read(gradient), Ops.read(first), Ops.read(second), rates);
    List<Tensor> out = Node.of(new Fused.AdamStep(), in).outputs();
    graph
        .assign(parameter, out.get(0))
        .assign(first, out.get(1))
        .assign(second, out.get(2))
        .assign(gradient, Ops.fill(gradient.type(), 0));
  }
}
