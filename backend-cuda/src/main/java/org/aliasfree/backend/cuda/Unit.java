package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.aliasfree.backend.support.Schedule;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;

/**
 * Nodes that one kernel computes together: most often one; otherwise each but the first reads a
 * result of those before that nobody else reads, or all are independent of each other.
 *
 * @param nodes in order
 * @param kernel computes them; its packings are of the first node's inputs
 */
record Unit(List<Node> nodes, OpKernel kernel) {
  /** Copies the list. */
  Unit {
    nodes = List.copyOf(nodes);
  }

  /** The memory that is read, and not written before by the unit itself. */
  List<Tensor> reads() {
    Set<Tensor> own = new HashSet<>();
    nodes.forEach(n -> own.addAll(n.outputs()));
    List<Tensor> reads = new ArrayList<>();
    for (Node node : nodes) {
      for (Tensor input : node.inputs()) {
        Tensor root = Schedule.root(input);
        if (!own.contains(root)) {
          reads.add(root);
        }
      }
    }
    return reads;
  }

  /** All results, those that are only used within included. */
  List<Tensor> results() {
    return nodes.stream().flatMap(n -> n.outputs().stream()).toList();
  }

  /** The tensor that a packing rearranges. */
  Tensor packed(OpKernel.Packing packing) {
    return Schedule.root(nodes.getFirst().inputs().get(packing.input()));
  }

  /** Whether the first node's input is read in a rearranged form only. */
  private boolean isPacked(int input) {
    return kernel.packings().stream().anyMatch(p -> p.input() == input);
  }

  /** The memory that is read as it is: not what is only packed, nor numbers that are known. */
  List<Tensor> plainReads() {
    if (nodes.getLast().op() instanceof Elementwise) {
      return ElementwiseChain.reads(nodes).stream().map(Schedule::root).toList();
    }
    if (nodes.size() > 1) {
      return reads();
    }
    List<Tensor> reads = new ArrayList<>();
    List<Tensor> inputs = nodes.getFirst().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      if (!isPacked(i)) {
        reads.add(Schedule.root(inputs.get(i)));
      }
    }
    return reads;
  }
}
