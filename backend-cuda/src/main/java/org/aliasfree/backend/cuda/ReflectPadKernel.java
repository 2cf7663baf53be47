package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.Shape;

/**
 * Padding by the image mirrored about its edge elements.
 *
 * @param axes the innermost first; those that are not padded are merged
 * @param bytes that stay together
 */
record ReflectPadKernel(List<Axis> axes, int bytes) implements OpKernel {
  private static final int MOST_AXES = 8;
  private static final int WIDEST = 16;

  /**
   * An axis.
   *
   * @param size of the result
   * @param from of x
   * @param stride in x
   * @param before elements added at the start
   */
  record Axis(long size, long from, long stride, long before) {
    boolean isPadded() {
      return before != 0 || size != from;
    }
  }

  static OpKernel of(Movement.Pad op, Shape x, Tensor y) {
    List<Axis> axes = new ArrayList<>();
    for (int a = x.rank() - 1; a >= 0; a--) {
      Axis axis = new Axis(y.shape().dim(a), x.dim(a), x.strides()[a], op.before().get(a));
      Axis inner = axes.isEmpty() ? null : axes.getLast();
      if (inner != null && !inner.isPadded() && !axis.isPadded()) {
        axes.removeLast();
        long size = inner.size * axis.size;
        axes.add(new Axis(size, size, inner.stride, 0));
      } else {
        axes.add(axis);
      }
    }
    if (axes.size() > MOST_AXES || y.type().elements() >= 1L << 31) {
      throw new IllegalArgumentException("too large to be padded by reflection: " + y.type());
    }
    return new ReflectPadKernel(axes, y.dtype().bytes()).inUnits();
  }

  private ReflectPadKernel inUnits() {
    if (axes.size() < 2 || axes.getFirst().isPadded()) {
      return this;
    }
    int group = WIDEST / bytes;
    while (axes.getFirst().size % group != 0) {
      group /= 2;
    }
    List<Axis> grouped = new ArrayList<>();
    for (Axis axis : axes) {
      boolean first = grouped.isEmpty();
      grouped.add(
          first
              ? new Axis(axis.size / group, axis.size / group, 1, 0)
              : new Axis(axis.size, axis.from, axis.stride / group, axis.before));
    }
    return new ReflectPadKernel(grouped, bytes * group);
  }

  @Override
  public void launch(Operands at, Launches launches) {
    long count = axes.stream().mapToLong(Axis::size).reduce(1, Math::multiplyExact);
    Arguments arguments =
        new Arguments()
            .address(at.in(0))
            .address(at.out(0))
            .int64s(MOST_AXES, axes.stream().mapToLong(Axis::stride).toArray());
    for (int k = 0; k < MOST_AXES; k++) {
      Divisor.of(k < axes.size() ? axes.get(k).size : 1).addTo(arguments);
    }
    arguments
        .int32s(MOST_AXES, axes.stream().mapToLong(Axis::before).toArray())
        .int32s(MOST_AXES, axes.stream().mapToLong(a -> a.from - 1).toArray())
        .int32(Math.max(1, axes.size()))
        .int32(count);
    launches.forEach("reflect_" + bytes, count, arguments);
  }
}
