package org.aliasfree.backend.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.tensor.DType;

/**
 * Casts from f16 to f32 that need not be done, as kernels that read the f16 compute with the same
 * numbers.
 *
 * @param sources what each result is made of
 */
record WidenedHalves(Map<Tensor, Tensor> sources) {
  /** Whether a node is such a cast. */
  static boolean isWidening(Node node) {
    return node.op() instanceof Elementwise.Cast c
        && c.dtype() == DType.F32
        && node.inputs().getFirst().dtype() == DType.F16;
  }

  /** The casts that nodes begin with; not the last node. */
  static WidenedHalves leading(List<Node> nodes) {
    Map<Tensor, Tensor> sources = new HashMap<>();
    for (int i = 0; i < nodes.size() - 1 && isWidening(nodes.get(i)); i++) {
      sources.put(nodes.get(i).outputs().getFirst(), nodes.get(i).inputs().getFirst());
    }
    return new WidenedHalves(sources);
  }

  /** How many there are. */
  int count() {
    return sources.size();
  }

  /** What is read in place of a tensor. */
  Tensor source(Tensor tensor) {
    return sources.getOrDefault(tensor, tensor);
  }
}
