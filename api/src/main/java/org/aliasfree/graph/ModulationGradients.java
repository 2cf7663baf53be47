package org.aliasfree.graph;

import java.util.Arrays;
import java.util.List;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Source;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of the modulated convolution y = d · conv(x · s, w). The gradient in d is ⟨dy,
 * conv(x · s, w)⟩ over an output plane, which is ⟨dy, y⟩ / d: the convolution need not be done
 * again.
 */
final class ModulationGradients {
  private ModulationGradients() {}

  /** Whether {@link #of} holds for a node: nothing is rounded to f16, and no d is 0. */
  static boolean suits(Node node) {
    List<Tensor> in = node.inputs();
    return in.get(0).dtype() == in.get(1).dtype() && isNonzero(in.get(3));
  }

  /** Gradients in x, w, s and d. */
  static List<@Nullable Tensor> of(Node node, ConvGeometry geometry, Tensor dy) {
    Tensor x = node.inputs().get(0);
    Tensor w = node.inputs().get(1);
    Tensor s = node.inputs().get(2);
    Tensor d = node.inputs().get(3);
    Tensor perInput = s.reshape(x.dim(0), x.dim(1), 1, 1);
    Tensor scaled = dy.mul(d.reshape(dy.dim(0), dy.dim(1), 1, 1));
    Tensor back = Ops.convTranspose2d(scaled, w, geometry, x.dim(2), x.dim(3));
    Tensor dw = Ops.convWeightGradient(x.mul(perInput), scaled, geometry, w.dim(2), w.dim(3));
    Tensor y = node.outputs().getFirst();
    return Arrays.asList(back.mul(perInput), dw, overPlanes(x, back), overPlanes(dy, y).div(d));
  }

  /** Σ over the pixels of each plane of a · b, [N, C]. */
  private static Tensor overPlanes(Tensor a, Tensor b) {
    return a.mul(b).sum(2, 3).reshape(a.dim(0), a.dim(1));
  }

  /** Whether a tensor is known to have no zeros by how it is made. */
  private static boolean isNonzero(Tensor t) {
    List<Tensor> in = t.node().inputs();
    return switch (t.node().op()) {
      case Source.Fill fill -> fill.value() != 0;
      case Elementwise.Unary u ->
          u.function() == UnaryFunction.RSQRT || u.function() == UnaryFunction.EXP;
      case Elementwise.Binary b ->
          (b.function() == BinaryFunction.MUL || b.function() == BinaryFunction.DIV)
              && isNonzero(in.get(0))
              && isNonzero(in.get(1));
      case Movement.Reshape m -> isNonzero(in.getFirst());
      case Movement.Expand m -> isNonzero(in.getFirst());
      default -> false;
    };
  }
}
