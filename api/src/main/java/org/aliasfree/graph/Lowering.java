package org.aliasfree.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Op;

/**
 * Rewrites a graph for a backend: ops that it does not run itself are replaced by what they mean.
 */
public final class Lowering {
  private final Predicate<Op> isNative;
  private final IdentityHashMap<Node, List<Tensor>> lowered = new IdentityHashMap<>();

  private Lowering(Predicate<Op> isNative) {
    this.isNative = isNative;
  }

  /**
   * The same graph with every op that is not native replaced by its {@linkplain Definitions
   * definition}, step by step. Outputs and assignments stay; so do the names of inner tensors that
   * these need.
   *
   * @param isNative whether the backend runs an op itself; it must run the core
   * @throws AliasFreeException naming the op, if one of the core is not native
   */
  public static Graph lower(Graph graph, Predicate<Op> isNative) {
    Lowering lowering = new Lowering(isNative);
    graph.nodes().forEach(lowering::lower);
    Graph.Builder builder = Graph.builder();
    graph
        .names()
        .forEach(
            (name, tensor) -> {
              if (lowering.lowered.containsKey(tensor.node())) {
                builder.name(name, lowering.of(tensor));
              }
            });
    graph.outputs().forEach((name, tensor) -> builder.output(name, lowering.of(tensor)));
    graph.assignments().forEach((v, tensor) -> builder.assign(v, lowering.of(tensor)));
    return builder.build();
  }

  private Tensor of(Tensor tensor) {
    return Objects.requireNonNull(lowered.get(tensor.node())).get(tensor.index());
  }

  /** Lowers a node whose inputs have been lowered. */
  private void lower(Node node) {
    List<Tensor> inputs = node.inputs().stream().map(this::of).toList();
    if (isNative.test(node.op())) {
      Node same = inputs.equals(node.inputs()) ? node : Node.of(node.op(), inputs);
      lowered.put(node, same.outputs());
      lowered.put(same, same.outputs());
    } else if (node.op().isCore()) {
      throw new AliasFreeException(
          "The graph needs the op "
              + node
              + ", which belongs to the core but is not supported; a backend must run every op of"
              + " the core.");
    } else {
      List<Tensor> meaning = Definitions.of(node.op(), inputs);
      Graph.order(meaning, lowered::containsKey).forEach(this::lower);
      lowered.put(node, meaning.stream().map(this::of).toList());
    }
  }
}
