package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.HostTensor;

/**
 * The graph that a case is tried with. Its outputs are y0, y1, … of the op; g0, g1, …, the
 * gradients of ⟨c, y0⟩ in its inputs; and h0, h1, …, hc, the gradients of Σ⟨wᵢ, gᵢ⟩ in its inputs
 * and in c.
 */
final class CaseGraph {
  /** More elements than this are not differentiated twice. */
  private static final long MOST_FOR_SECOND = 25_000;

  private final Case made;
  private final Node node;
  private final Map<String, Tensor> outputs = new LinkedHashMap<>();
  private final Map<String, Tensor> gradients = new LinkedHashMap<>();
  private final Map<String, Tensor> weights = new LinkedHashMap<>();

  CaseGraph(Case made, boolean differentiated) {
    this.made = made;
    node = made.node();
    node.outputs().forEach(t -> outputs.put("y" + t.index(), t));
    Tensor y = node.outputs().getFirst();
    List<Integer> floats = made.floats();
    if (differentiated && y.dtype().isFloat() && !floats.isEmpty()) {
      Tensor c = weight("c", y);
      List<Tensor> xs = floats.stream().map(node.inputs()::get).toList();
      List<Tensor> first = Gradients.of(y, c).wrt(xs);
      add("g", floats, first);
      if (!gradients.isEmpty() && made.elements() <= MOST_FOR_SECOND) {
        second(xs, floats, c);
      }
      outputs.putAll(gradients);
    }
  }

  private void second(List<Tensor> xs, List<Integer> floats, Tensor c) {
    List<Tensor> ys = new ArrayList<>();
    List<Tensor> ws = new ArrayList<>();
    gradients.forEach(
        (name, g) -> {
          ys.add(g);
          ws.add(weight("w" + name, g));
        });
    List<Tensor> in = new ArrayList<>(xs);
    in.add(c);
    List<Tensor> twice = Gradients.of(ys, ws).wrt(in);
    add("h", floats, twice.subList(0, xs.size()));
    outputs.put("hc", twice.getLast());
  }

  /** Gradients that are not plainly zero, as those in filters are. */
  private void add(String prefix, List<Integer> inputs, List<Tensor> all) {
    for (int i = 0; i < all.size(); i++) {
      if (!(all.get(i).node().op() instanceof Source.Fill)) {
        (prefix.equals("g") ? gradients : outputs).put(prefix + inputs.get(i), all.get(i));
      }
    }
  }

  private Tensor weight(String name, Tensor of) {
    Tensor w = Ops.input(name, of.type());
    weights.put(name, w);
    return w;
  }

  Graph graph() {
    Graph.Builder builder = Graph.builder();
    outputs.forEach(builder::output);
    return builder.build();
  }

  /** Values of the case and of the weights that make its gradients. */
  Map<String, HostTensor> values(int salt) {
    Map<String, HostTensor> values = made.values(salt);
    int i = 100;
    for (Map.Entry<String, Tensor> w : weights.entrySet()) {
      values.put(w.getKey(), Content.NORMAL.fill(w.getValue().type(), 0, made.random(i++, salt)));
    }
    return values;
  }

  /** The rule that an output is subject to. */
  static Rule rule(String output) {
    return switch (output.charAt(0)) {
      case 'g' -> Rule.OP_2;
      case 'h' -> Rule.OP_3;
      default -> Rule.OP_1;
    };
  }
}
