package org.aliasfree.backend.cpu.reference;

import java.util.List;
import java.util.function.LongUnaryOperator;
import org.aliasfree.tensor.Shape;

/**
 * Where the elements of an output come from, told axis by axis: the element (i0, i1, …) comes from
 * the place {@code axes.get(0)(i0) + axes.get(1)(i1) + …} of the input, or from nowhere if one of
 * them is negative.
 */
record Places(Shape shape, List<LongUnaryOperator> axes) {
  /** The place of what comes from nowhere. */
  static final long NOWHERE = -1;

  /** Takes each element and the place it comes from. */
  @FunctionalInterface
  interface Visitor {
    void visit(long element, long place);
  }

  /** The places in an input of shape {@code from} that is broadcast to {@code to}. */
  static Places broadcast(Shape from, Shape to) {
    LongUnaryOperator[] axes = new LongUnaryOperator[to.rank()];
    long[] strides = from.strides();
    int shift = to.rank() - from.rank();
    for (int a = 0; a < axes.length; a++) {
      boolean repeats = a < shift || from.dim(a - shift) == 1;
      long stride = repeats ? 0 : strides[a - shift];
      axes[a] = i -> i * stride;
    }
    return new Places(to, List.of(axes));
  }

  /** Visits the elements {@code from} … {@code to − 1} in row-major order. */
  void visit(long from, long to, Visitor visitor) {
    if (shape.rank() == 0) {
      visitor.visit(0, 0);
      return;
    }
    int last = shape.rank() - 1;
    long size = shape.dim(last);
    LongUnaryOperator inner = axes.get(last);
    long element = from;
    while (element < to) {
      long row = element / size;
      long start = rowPlace(row);
      long end = Math.min(to, (row + 1) * size);
      for (; element < end; element++) {
        long within = start < 0 ? NOWHERE : inner.applyAsLong(element - row * size);
        visitor.visit(element, within < 0 ? NOWHERE : start + within);
      }
    }
  }

  /** The part of the place that all elements of a row of the last axis have in common. */
  private long rowPlace(long row) {
    long place = 0;
    long rest = row;
    for (int a = shape.rank() - 2; a >= 0; a--) {
      long within = axes.get(a).applyAsLong(rest % shape.dim(a));
      if (within < 0) {
        return NOWHERE;
      }
      place += within;
      rest /= shape.dim(a);
    }
    return place;
  }

  /** The place of one element. */
  long of(long element) {
    long[] place = new long[1];
    visit(element, element + 1, (e, p) -> place[0] = p);
    return place[0];
  }
}
