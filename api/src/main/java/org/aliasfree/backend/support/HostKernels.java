package org.aliasfree.backend.support;

import java.util.Set;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;

/**
 * What distinguishes one CPU backend from another: a kernel for each op that it runs itself. {@link
 * HostBackend} does the rest.
 *
 * @param <S> scratch memory of a thread
 */
public interface HostKernels<S> {
  /** Element types that the kernels take. */
  Set<DType> dtypes();

  /** Whether there is a kernel for this op; there must be for the core. */
  boolean isNative(Op op);

  /** The kernel for a node whose op is native. Called when a graph is compiled. */
  Kernel<S> kernel(Node node);

  /** See {@link org.aliasfree.backend.Backend#errorFactor}. */
  default double errorFactor(Node node) {
    return 1;
  }

  /**
   * Floating-point operations of the algorithm chosen for this node, counted as {@link Workload}
   * counts those of its formula: fewer for fast algorithms, so that nobody takes what was saved for
   * speed of the machine.
   */
  default long flops(Node node) {
    return Workload.of(node).flops();
  }

  /** Scratch memory for one more thread. */
  S newScratch();
}
