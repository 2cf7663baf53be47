package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Resampling;

final class ResamplingKernels {
  private ResamplingKernels() {}

  static OpKernel of(Resampling op, Node node) {
    throw new UnsupportedOperationException(op.name());
  }
}
