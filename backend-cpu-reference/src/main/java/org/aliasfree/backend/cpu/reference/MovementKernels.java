package org.aliasfree.backend.cpu.reference;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * Movement: every element of the output is one element of the input or zero, and which one is told
 * axis by axis. Elements are copied bit by bit.
 */
final class MovementKernels {
  private MovementKernels() {}

  static void run(Movement op, Frame f) {
    switch (op) {
      case Movement.Reshape o -> f.out(0).data().copyFrom(f.in(0).data());
      case Movement.Permute o -> permute(o, f);
      case Movement.Expand o -> move(f, Places.broadcast(f.in(0).shape(), f.outType(0).shape()));
      case Movement.Pad o -> pad(o, f);
      case Movement.Flip o -> flip(o, f);
      case Movement.Slice o -> slice(o, f);
      case Movement.Gather o -> gather(o, f);
      case Movement.Concat o -> concat(f);
      case Movement.ScatterAdd o -> scatterAdd(o, f);
    }
  }

  /** y[i0, i1, …] = x at the place that is the sum of the axes', or 0. */
  private static void move(Frame f, Places places) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    long bytes = y.dtype().bytes();
    f.ranges(
        y.type().elements(),
        (from, to) ->
            places.visit(
                from,
                to,
                (i, place) -> {
                  if (place < 0) {
                    y.set(i, 0);
                  } else {
                    MemorySegment.copy(x.data(), place * bytes, y.data(), i * bytes, bytes);
                  }
                }));
  }

  /** The axes of an op that moves nothing yet. */
  private static LongUnaryOperator[] inPlace(Shape shape) {
    LongUnaryOperator[] axes = new LongUnaryOperator[shape.rank()];
    for (int a = 0; a < axes.length; a++) {
      long stride = shape.strides()[a];
      axes[a] = i -> i * stride;
    }
    return axes;
  }

  private static void permute(Movement.Permute op, Frame f) {
    LongUnaryOperator[] of = inPlace(f.in(0).shape());
    move(f, new Places(f.outType(0).shape(), op.axes().stream().map(a -> of[a]).toList()));
  }

  /** y[i] = x[i − before]. */
  private static void pad(Movement.Pad op, Frame f) {
    Shape shape = f.in(0).shape();
    LongUnaryOperator[] axes = inPlace(shape);
    for (int a = 0; a < axes.length; a++) {
      LongUnaryOperator inside = axes[a];
      long size = shape.dim(a);
      long before = op.before().get(a);
      axes[a] =
          switch (op.mode()) {
            case ZERO ->
                i -> {
                  long j = i - before;
                  return j < 0 || j >= size ? Places.NOWHERE : inside.applyAsLong(j);
                };
            case REFLECT -> i -> inside.applyAsLong(mirror(i - before, size));
          };
    }
    move(f, new Places(f.outType(0).shape(), List.of(axes)));
  }

  /** An index mirrored about the first and the last element. */
  private static long mirror(long i, long size) {
    long j = Math.abs(i);
    return j < size ? j : 2 * (size - 1) - j;
  }

  /** y[i] = x[size − 1 − i]. */
  private static void flip(Movement.Flip op, Frame f) {
    Shape shape = f.in(0).shape();
    LongUnaryOperator[] axes = inPlace(shape);
    for (int axis : op.axes()) {
      int a = shape.axis(axis);
      LongUnaryOperator forward = axes[a];
      long last = shape.dim(a) - 1;
      axes[a] = i -> forward.applyAsLong(last - i);
    }
    move(f, new Places(f.outType(0).shape(), List.of(axes)));
  }

  /** y[i] = x[start + i·step]. */
  private static void slice(Movement.Slice op, Frame f) {
    LongUnaryOperator[] axes = inPlace(f.in(0).shape());
    for (int a = 0; a < axes.length; a++) {
      LongUnaryOperator all = axes[a];
      long start = op.starts().get(a);
      long step = op.steps().get(a);
      axes[a] = i -> all.applyAsLong(start + i * step);
    }
    move(f, new Places(f.outType(0).shape(), List.of(axes)));
  }

  /** y[k] = x[indices[k]]. */
  private static void gather(Movement.Gather op, Frame f) {
    Shape shape = f.in(0).shape();
    int axis = shape.axis(op.axis());
    HostTensor indices = f.in(1);
    LongUnaryOperator[] axes = inPlace(shape);
    LongUnaryOperator all = axes[axis];
    axes[axis] =
        k -> {
          long index = (long) indices.get(k);
          if (index < 0 || index >= shape.dim(axis)) {
            throw new AliasFreeException(
                "gather: index "
                    + k
                    + " is "
                    + index
                    + ", but axis "
                    + axis
                    + " of "
                    + f.in(0).type()
                    + " has the indices 0 to "
                    + (shape.dim(axis) - 1)
                    + ".");
          }
          return all.applyAsLong(index);
        };
    move(f, new Places(f.outType(0).shape(), List.of(axes)));
  }

  /** The parts of each outer index, one after the other. */
  private static void concat(Frame f) {
    HostTensor y = f.out(0);
    int axis = ((Movement.Concat) f.node().op()).axis();
    long outer = outer(y.shape(), y.shape().axis(axis));
    long at = 0;
    for (int i = 0; i < f.node().inputs().size(); i++) {
      HostTensor part = f.in(i);
      long block = part.type().bytes() / Math.max(outer, 1);
      for (long o = 0; o < outer; o++) {
        long to = o * (y.type().bytes() / outer) + at;
        MemorySegment.copy(part.data(), o * block, y.data(), to, block);
      }
      at += block;
    }
  }

  /** y[j] = Σ x[k] over the k with indices[k] = j. */
  private static void scatterAdd(Movement.ScatterAdd op, Frame f) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    double[] indices = f.values(1);
    int axis = x.shape().axis(op.axis());
    int size = Math.toIntExact(op.size());
    long inner = x.shape().strides()[axis];
    f.parallel(
        outer(x.shape(), axis),
        o -> {
          for (long i = 0; i < inner; i++) {
            double[] sums = new double[size];
            for (int k = 0; k < indices.length; k++) {
              int j = (int) indices[k];
              if (j >= 0 && j < size) {
                sums[j] += x.get(((long) o * indices.length + k) * inner + i);
              }
            }
            for (int j = 0; j < size; j++) {
              y.set(((long) o * size + j) * inner + i, sums[j]);
            }
          }
        });
  }

  /** Number of indices of the axes before one. */
  private static long outer(Shape shape, int axis) {
    long n = 1;
    for (int a = 0; a < axis; a++) {
      n *= shape.dim(a);
    }
    return n;
  }
}
