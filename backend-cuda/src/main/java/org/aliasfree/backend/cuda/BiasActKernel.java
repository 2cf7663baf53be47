package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * Bias and activation of x seen as [outer, channels, inner].
 *
 * @param group neighbours that a thread computes
 */
record BiasActKernel(
    Fused.BiasAct op, DType dtype, long outer, long channels, long inner, int group)
    implements OpKernel {
  private static final long MOST = (1L << 31) - 1;

  static OpKernel of(Fused.BiasAct op, Node node) {
    TensorType type = node.outputs().getFirst().type();
    Shape shape = type.shape();
    if (shape.elements() == 0) {
      return (at, launches) -> {};
    }
    int axis = shape.axis(op.dim());
    long channels = shape.dim(axis);
    long inner = shape.strides()[axis];
    long outer = shape.elements() / (channels * inner);
    long together = inner == 1 ? channels : inner;
    List<Integer> groups = type.dtype() == DType.F16 ? List.of(8, 4) : List.of(4);
    int group = groups.stream().filter(g -> together % g == 0).findFirst().orElse(1);
    return new BiasActKernel(op, type.dtype(), outer, channels, inner, group);
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // kernels take functions as numbers, in this order
  public void launch(Operands at, Launches launches) {
    boolean across = inner == 1 && group > 1;
    long each = channels * inner / group;
    long most = Math.max(1, MOST / each); // of the outer indices that a launch does
    for (long start = 0; start < outer; start += most) {
      long n = Math.min(most, outer - start) * each;
      long skipped = start * channels * inner * dtype.bytes();
      Arguments arguments =
          new Arguments()
              .address(at.in(0) + skipped)
              .address(at.in(1))
              .address(at.out(0) + skipped);
      Divisor.of(across ? 1 : inner / group).addTo(arguments);
      Divisor.of(across ? channels / group : channels).addTo(arguments);
      arguments
          .int32(n)
          .type(dtype)
          .int32(op.activation().ordinal())
          .int32(across ? 1 : 0)
          .float32(op.alpha())
          .float32(op.gain())
          .float32(op.clamp());
      launches.forEach("bias_act_" + group, n, arguments);
    }
  }
}
