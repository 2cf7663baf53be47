package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.BiasActLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.Shape;

/** Bias and activation. */
final class BiasActTasks {
  private BiasActTasks() {}

  @SuppressWarnings("EnumOrdinal") // device code takes functions as numbers, in this order
  static OpKernel of(Fused.BiasAct op, Node node) {
    Shape shape = node.outputs().getFirst().shape();
    int count = Math.toIntExact(shape.elements());
    if (count == 0) {
      return (at, tasks) -> {};
    }
    int axis = shape.axis(op.dim());
    long[] sizes = new long[shape.rank()];
    java.util.Arrays.fill(sizes, 1);
    sizes[axis] = shape.dim(axis);
    Repetition bias = Repetition.of(Shape.of(sizes), shape).orElseThrow();
    float[] q = {(float) op.alpha(), (float) op.gain(), (float) op.clamp()};
    int activation = op.activation().ordinal();
    int n = Spread.over(count);
    return (at, tasks) -> {
      int[] p = {
        count, at.out(0).offset(), at.in(0).offset(), at.in(1).offset(), bias.inner(), bias.period()
      };
      tasks.task(
          BiasActLoops::biasAct,
          p,
          q,
          at.in(0).floats(),
          at.in(1).floats(),
          at.out(0).floats(),
          activation,
          bias.way(),
          n);
    };
  }
}
