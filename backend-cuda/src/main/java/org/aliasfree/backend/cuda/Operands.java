package org.aliasfree.backend.cuda;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;

/**
 * Where the tensors of a node lie on the device: dense, in row-major order, each at a multiple of
 * 64 bytes.
 *
 * @param places addresses of tensors
 * @param wanted whether an output is used by anyone; one that is not has no place
 * @param scratch addresses of what {@link OpKernel#scratch()} asked for
 * @param packed addresses of what {@link OpKernel#packings()} asked for
 */
record Operands(
    Node node,
    ToLongFunction<Tensor> places,
    Predicate<Tensor> wanted,
    List<Long> scratch,
    List<Long> packed) {
  /** Address of any tensor that the node reads, or of an output that is wanted. */
  long of(Tensor tensor) {
    return places.applyAsLong(tensor);
  }

  /** Address of an input. */
  long in(int i) {
    return of(node.inputs().get(i));
  }

  /** Address of an output that is wanted. */
  long out(int i) {
    return of(node.outputs().get(i));
  }

  /** Whether an output is used by anyone. */
  boolean wants(int i) {
    return wanted.test(node.outputs().get(i));
  }
}
