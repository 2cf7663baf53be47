package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.Source;
import org.aliasfree.tensor.HostTensor;

/** Values that are known without inputs. */
final class SourceKernels {
  private SourceKernels() {}

  static void run(Source op, Frame f) {
    HostTensor y = f.out(0);
    switch (op) {
      case Source.Constant o -> y.data().copyFrom(o.value().data());
      case Source.Fill o -> f.ranges(y.type().elements(), (from, to) -> fill(y, o, from, to));
      case Source.Iota o -> iota(o, f, y);
      case Source.Input o -> throw new IllegalStateException("inputs are bound: " + o);
      case Source.Read o -> throw new IllegalStateException("variables are in the store: " + o);
    }
  }

  private static void fill(HostTensor y, Source.Fill op, long from, long to) {
    for (long i = from; i < to; i++) {
      y.set(i, op.value());
    }
  }

  /** y[…, i, …] = i. */
  private static void iota(Source.Iota op, Frame f, HostTensor y) {
    long stride = op.shape().strides()[op.axis()];
    long size = op.shape().dim(op.axis());
    f.ranges(
        y.type().elements(),
        (from, to) -> {
          for (long i = from; i < to; i++) {
            y.set(i, (double) (i / stride % size));
          }
        });
  }
}
