package org.aliasfree.backend;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.aliasfree.graph.Graph;
import org.aliasfree.tensor.Variable;

/**
 * Named graphs over one set of variables: the entries of a program that one backend compiles
 * together, such as {@code generate}, or {@code accumulate} and {@code apply} of a training step.
 *
 * @param entries graphs by name, in order
 */
public record Program(Map<String, Graph> entries) {
  /** Copies the map. */
  public Program {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** A program of one graph. */
  public static Program of(String name, Graph graph) {
    return new Program(Map.of(name, graph));
  }

  /** All variables that the entries read or assign. */
  public Set<Variable> variables() {
    Set<Variable> all = new LinkedHashSet<>();
    entries.values().forEach(g -> all.addAll(g.variables()));
    return all;
  }
}
