package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.ConvGeometry;

/**
 * How a convolution walks along one axis: at output position p the kernel's tap u lies over the
 * input position p·stride + u·dilation − before.
 *
 * @param size of the input; {@code outputs} that of the output
 */
record Axis(int stride, int dilation, int before, int size, int outputs) {
  static Axis y(ConvGeometry g, long height, long outputs) {
    return new Axis(g.strideY(), g.dilationY(), g.top(), (int) height, (int) outputs);
  }

  static Axis x(ConvGeometry g, long width, long outputs) {
    return new Axis(g.strideX(), g.dilationX(), g.left(), (int) width, (int) outputs);
  }

  /** Input position under tap u at output position p. */
  int at(int p, int u) {
    return p * stride + u * dilation - before;
  }

  /** First output position at which tap u lies over the input. */
  int first(int u) {
    return Math.max(0, Math.ceilDiv(-at(0, u), stride));
  }

  /** First output position at which tap u has left the input; first(u) or less if there is none. */
  int end(int u) {
    return Math.min(outputs, Math.floorDiv(size - 1 - at(0, u), stride) + 1);
  }
}
