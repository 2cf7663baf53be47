package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** Elements picked along an axis by indices, and the adjoint. */
final class IndexKernels {
  private static final long MOST = (1L << 31) - 1;
  private static final int WIDEST = 16;

  private IndexKernels() {}

  /** x seen as [outer, size, inner]. */
  private record Lines(long outer, long size, long inner) {
    static Lines of(Shape shape, int axis) {
      long outer = 1;
      for (int a = 0; a < axis; a++) {
        outer *= shape.dim(a);
      }
      return new Lines(outer, shape.dim(axis), shape.strides()[axis]);
    }

    /** How many outer indices a launch can do, of a result with this many elements for each. */
    long most(long each) {
      return Math.max(1, MOST / each);
    }
  }

  static OpKernel gather(int axis, Shape x, Tensor y) {
    Lines lines = Lines.of(x, axis);
    long count = y.shape().dim(axis);
    int bytes = y.dtype().bytes();
    int group = WIDEST / bytes;
    while (lines.inner % group != 0) {
      group /= 2;
    }
    int unit = bytes * group;
    long inner = lines.inner / group;
    return (at, launches) -> {
      long most = lines.most(count * inner);
      for (long start = 0; start < lines.outer; start += most) {
        long n = Math.min(most, lines.outer - start) * count * inner;
        Arguments arguments =
            new Arguments()
                .address(at.in(0) + start * lines.size * inner * unit)
                .address(at.in(1))
                .address(at.out(0) + start * count * inner * unit);
        Divisor.of(inner).addTo(arguments);
        Divisor.of(count).addTo(arguments);
        launches.forEach("gather_" + unit, n, arguments.int64(lines.size).int32(n));
      }
    };
  }

  static OpKernel scatterAdd(int axis, Shape x, Tensor y) {
    Lines lines = Lines.of(x, axis);
    long size = y.shape().dim(axis);
    int bytes = y.dtype().bytes();
    String kernel = y.dtype() == DType.F16 ? "scatter_add_f16" : "scatter_add_f32";
    return (at, launches) -> {
      long most = lines.most(size * lines.inner);
      for (long start = 0; start < lines.outer; start += most) {
        long n = Math.min(most, lines.outer - start) * size * lines.inner;
        Arguments arguments =
            new Arguments()
                .address(at.in(0) + start * lines.size * lines.inner * bytes)
                .address(at.in(1))
                .address(at.out(0) + start * size * lines.inner * bytes);
        Divisor.of(lines.inner).addTo(arguments);
        Divisor.of(size).addTo(arguments);
        launches.forEach(kernel, n, arguments.int32(lines.size).int32(n));
      }
    };
  }
}
