package org.aliasfree.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Variable;

/**
 * A graph that adds the gradient of a loss to the variables that hold gradients.
 *
 * @param graph the graph
 * @param reached the parameters that the loss depends on
 */
record Accumulation(Graph graph, Set<Variable> reached) {
  private static final String TOTAL = "total loss";

  /**
   * Completes a graph.
   *
   * @param forward its outputs, names and running means
   * @param total what is differentiated, a scalar
   * @param parameters what it is differentiated in
   */
  static Accumulation of(Graph.Builder forward, Tensor total, List<Variable> parameters) {
    // Building makes one of all the places where a parameter is read.
    Graph shared = forward.name(TOTAL, total).build();
    Map<Variable, Tensor> reads = reads(shared, Set.copyOf(parameters));
    Map<Tensor, Tensor> gradients =
        Gradients.of(Objects.requireNonNull(shared.names().get(TOTAL)))
            .whereReached(new ArrayList<>(reads.values()));
    Graph.Builder graph = Graph.builder();
    shared.names().forEach(graph::name);
    shared.outputs().forEach(graph::output);
    shared.assignments().forEach(graph::assign);
    Set<Variable> reached = new LinkedHashSet<>();
    reads.forEach(
        (parameter, read) -> {
          Tensor gradient = gradients.get(read);
          if (gradient != null) {
            Variable sum = TrainingVariables.gradient(parameter);
            graph.assign(sum, Ops.read(sum).add(gradient));
            reached.add(parameter);
          }
        });
    return new Accumulation(graph.build(), reached);
  }

  /**
   * The parameters that are read, the last one first: going back through the network, that is the
   * order in which gradients become known, and in that order they keep the least memory waiting.
   */
  private static Map<Variable, Tensor> reads(Graph graph, Set<Variable> parameters) {
    List<Node> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Source.Read read && parameters.contains(read.variable())) {
        found.add(node);
      }
    }
    Map<Variable, Tensor> reads = new LinkedHashMap<>();
    for (Node node : found.reversed()) {
      reads.put(((Source.Read) node.op()).variable(), node.outputs().getFirst());
    }
    return reads;
  }
}
