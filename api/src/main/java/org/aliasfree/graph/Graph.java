package org.aliasfree.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Variable;

/**
 * What a plan computes: named outputs and new values of variables, and the nodes that lead to them
 * in an order in which they can run. Inner tensors can have names too; {@link #select} makes any of
 * them an output, and nothing is computed that the outputs do not need.
 *
 * <p>Inside a graph a variable reads as the value it had when the run began; assigned values are
 * stored when it ends.
 */
public final class Graph {
  private final Map<String, Tensor> outputs;
  private final Map<String, Tensor> names;
  private final Map<Variable, Tensor> assignments;
  private final List<Node> nodes;
  private final Map<String, Source.Input> inputs;

  private Graph(
      Map<String, Tensor> outputs, Map<String, Tensor> names, Map<Variable, Tensor> assignments) {
    this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    this.names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    this.assignments = Collections.unmodifiableMap(new LinkedHashMap<>(assignments));
    List<Tensor> roots = new ArrayList<>(outputs.values());
    roots.addAll(assignments.values());
    nodes = List.copyOf(order(roots));
    inputs = findInputs(nodes);
  }

  /** Starts a graph. */
  public static Builder builder() {
    return new Builder();
  }

  /** The outputs by name, in the order they were given. */
  public Map<String, Tensor> outputs() {
    return outputs;
  }

  /**
   * Named tensors that {@link #select} can make outputs, the outputs among them, in the order they
   * are computed.
   */
  public Map<String, Tensor> names() {
    return names;
  }

  /** New values of variables. */
  public Map<Variable, Tensor> assignments() {
    return assignments;
  }

  /** All nodes that the outputs and assignments need, each after its inputs. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The inputs that a run must bind, by name. */
  public Map<String, Source.Input> inputs() {
    return inputs;
  }

  private static Map<String, Source.Input> findInputs(List<Node> nodes) {
    Map<String, Source.Input> found = new LinkedHashMap<>();
    for (Node node : nodes) {
      if (node.op() instanceof Source.Input input) {
        Source.Input other = found.putIfAbsent(input.inputName(), input);
        if (other != null && !other.equals(input)) {
          throw new AliasFreeException(
              "The graph has two inputs called \""
                  + input.inputName()
                  + "\", of types "
                  + other.type()
                  + " and "
                  + input.type()
                  + "; give one another name.");
        }
      }
    }
    return Collections.unmodifiableMap(found);
  }

  /** The variables that are read or assigned. */
  public Set<Variable> variables() {
    Set<Variable> found = new LinkedHashSet<>();
    for (Node node : nodes) {
      if (node.op() instanceof Source.Read read) {
        found.add(read.variable());
      }
    }
    found.addAll(assignments.keySet());
    return found;
  }

  /** The graph that computes just these named tensors and assigns nothing. */
  public Graph select(Collection<String> wanted) {
    Map<String, Tensor> chosen = new LinkedHashMap<>();
    for (String name : wanted) {
      Tensor t = names.get(name);
      if (t == null) {
        throw new AliasFreeException(
            "The graph has no tensor called \""
                + name
                + "\"; it has "
                + String.join(", ", names.keySet())
                + ".");
      }
      chosen.put(name, t);
    }
    return new Graph(chosen, names, Map.of());
  }

  /**
   * Nodes in an order in which they can run; depth first, so that values are used soon after they
   * are made.
   */
  static List<Node> order(Collection<Tensor> roots) {
    return order(roots, node -> false);
  }

  /** As above, without the nodes where {@code stop} holds and what only they need. */
  static List<Node> order(Collection<Tensor> roots, Predicate<Node> stop) {
    List<Node> done = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Visit> stack = new ArrayDeque<>();
    for (Tensor root : roots) {
      if (!stop.test(root.node()) && seen.add(root.node())) {
        stack.push(new Visit(root.node()));
      }
      while (!stack.isEmpty()) {
        Visit visit = stack.peek();
        if (visit.next == visit.node.inputs().size()) {
          done.add(stack.pop().node);
        } else {
          Node input = visit.node.inputs().get(visit.next++).node();
          if (!stop.test(input) && seen.add(input)) {
            stack.push(new Visit(input));
          }
        }
      }
    }
    return done;
  }

  private static final class Visit {
    final Node node;
    int next;

    Visit(Node node) {
      this.node = node;
    }
  }

  /** Collects what a graph shall compute. */
  public static final class Builder {
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final Map<String, Tensor> names = new LinkedHashMap<>();
    private final Map<Variable, Tensor> assignments = new LinkedHashMap<>();

    private Builder() {}

    /** Names an inner tensor, so that it can be asked for. */
    public Builder name(String name, Tensor tensor) {
      Tensor other = names.putIfAbsent(name, tensor);
      if (other != null && other != tensor) {
        throw new AliasFreeException(
            "The graph already has a tensor called \"" + name + "\"; give one another name.");
      }
      return this;
    }

    /** Adds an output. */
    public Builder output(String name, Tensor tensor) {
      name(name, tensor);
      outputs.put(name, tensor);
      return this;
    }

    /** Stores a tensor in a variable at the end of the run. */
    public Builder assign(Variable variable, Tensor value) {
      if (!value.type().equals(variable.type())) {
        throw new AliasFreeException(
            "The variable " + variable + " cannot take a value of type " + value.type() + ".");
      }
      if (assignments.put(variable, value) != null) {
        throw new AliasFreeException(
            "The variable " + variable + " is assigned twice in one graph; once is enough.");
      }
      return this;
    }

    /** The graph. Computations that are the same are done once. */
    public Graph build() {
      checkVariableNames();
      Sharing sharing = new Sharing();
      Map<String, Tensor> sharedNames = sharing.of(names);
      Map<String, Tensor> sharedOutputs = new LinkedHashMap<>();
      outputs
          .keySet()
          .forEach(
              name ->
                  sharedOutputs.put(name, java.util.Objects.requireNonNull(sharedNames.get(name))));
      return new Graph(sharedOutputs, sharedNames, sharing.of(assignments));
    }

    private void checkVariableNames() {
      Set<String> seen = new HashSet<>();
      for (Variable v : assignments.keySet()) {
        if (!seen.add(v.name())) {
          throw new AliasFreeException(
              "Two variables of the graph are called \"" + v.name() + "\".");
        }
      }
    }
  }

  /** Replaces nodes of equal ops on equal inputs by one of them. */
  private static final class Sharing {
    private record Key(Object op, List<Tensor> inputs) {}

    private final Map<Key, Node> known = new java.util.HashMap<>();
    private final IdentityHashMap<Node, Node> shared = new IdentityHashMap<>();

    <K> Map<K, Tensor> of(Map<K, Tensor> roots) {
      for (Node node : order(roots.values())) {
        shared.computeIfAbsent(node, this::share);
      }
      Map<K, Tensor> result = new LinkedHashMap<>();
      roots.forEach((k, t) -> result.put(k, of(t)));
      return result;
    }

    private Tensor of(Tensor t) {
      return java.util.Objects.requireNonNull(shared.get(t.node())).outputs().get(t.index());
    }

    private Node share(Node node) {
      List<Tensor> inputs = node.inputs().stream().map(this::of).toList();
      return known.computeIfAbsent(
          new Key(node.op(), inputs),
          k -> inputs.equals(node.inputs()) ? node : Node.of(node.op(), inputs));
    }
  }
}
