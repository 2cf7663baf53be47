package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Resampling;

/** TODO. */
final class ResamplingTasks {
  private ResamplingTasks() {}

  static OpKernel of(Resampling op, Node node, boolean tiles) {
    throw new UnsupportedOperationException(node.toString());
  }
}
