package org.aliasfree.backend.support;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Variable;

/**
 * What a value is made of, when it is made of variables and constants only: equal keys in different
 * graphs are the same computation, so its result can be kept with the variables and shared by all
 * plans.
 */
public final class ValueKey {
  private final Op op;
  private final List<ValueKey> inputs;
  private final int index;
  private final int hash;
  private final Set<Variable> variables = new HashSet<>();

  private ValueKey(Op op, List<ValueKey> inputs, int index) {
    this.op = op;
    this.inputs = inputs;
    this.index = index;
    hash = (op.hashCode() * 31 + inputs.hashCode()) * 31 + index;
    if (op instanceof Source.Read read) {
      variables.add(read.variable());
    }
    inputs.forEach(k -> variables.addAll(k.variables));
  }

  /** Keys of the tensors of a graph. */
  public static final class Keys {
    private final Map<Tensor, ValueKey> known = new HashMap<>();

    /** Knows no tensor yet. */
    public Keys() {}

    /** Key of a tensor none of whose ancestors is an input. */
    public ValueKey of(Tensor tensor) {
      ValueKey key = known.get(tensor);
      if (key == null) {
        Node node = tensor.node();
        key =
            new ValueKey(node.op(), node.inputs().stream().map(this::of).toList(), tensor.index());
        known.put(tensor, key);
      }
      return key;
    }
  }

  /** The variables that the value depends on. */
  public Set<Variable> variables() {
    return variables;
  }

  @Override
  public boolean equals(Object o) {
    return this == o
        || (o instanceof ValueKey k
            && hash == k.hash
            && index == k.index
            && op.equals(k.op)
            && inputs.equals(k.inputs));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
