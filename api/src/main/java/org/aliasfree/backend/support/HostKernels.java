package org.aliasfree.backend.support;

import java.util.Set;
import org.aliasfree.graph.Node;
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

  /** Scratch memory for one more thread. */
  S newScratch();
}
