package org.aliasfree.backend.tornado;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;

/**
 * Where the tensors of a node lie.
 *
 * @param places of tensors
 * @param wanted whether an output is used by anyone; one that is not has no place
 * @param scratch the pieces that {@link OpKernel#scratch()} asked for
 */
record Operands(
    Node node, Function<Tensor, Place> places, Predicate<Tensor> wanted, List<Place> scratch) {
  /** Copies the list. */
  Operands {
    scratch = List.copyOf(scratch);
  }

  /** Place of an input. */
  Place in(int i) {
    return places.apply(node.inputs().get(i));
  }

  /** Place of an output that is wanted. */
  Place out(int i) {
    return places.apply(node.outputs().get(i));
  }

  /** Whether an output is used by anyone. */
  boolean wants(int i) {
    return wanted.test(node.outputs().get(i));
  }
}
