package org.aliasfree.backend.cpu.vector;

import org.aliasfree.backend.support.Kernel;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.TensorType;

/** Kernels of the ops without inputs; they run once, when a plan is prepared. */
final class SourceKernels {
  private SourceKernels() {}

  static Kernel<Scratch> of(Source op) {
    return switch (op) {
      case Source.Constant c -> call -> call.out(0).copyFrom(c.value().data());
      case Source.Fill fill -> call -> fill(call, fill.type(), fill.value());
      case Source.Iota iota -> call -> iota(call, iota);
      case Source.Input i -> throw new IllegalArgumentException("bound, not computed");
      case Source.Read r -> throw new IllegalArgumentException("stored, not computed");
    };
  }

  private static void fill(Kernel.Call<Scratch> call, TensorType type, double value) {
    Elements elements = Elements.of(type.dtype());
    for (long i = 0; i < type.elements(); i++) {
      elements.set(call.out(0), i, value);
    }
  }

  private static void iota(Kernel.Call<Scratch> call, Source.Iota iota) {
    Elements elements = Elements.of(iota.dtype());
    long stride = iota.shape().strides()[iota.axis()];
    long size = iota.shape().dim(iota.axis());
    for (long i = 0; i < iota.shape().elements(); i++) {
      elements.set(call.out(0), i, (double) (i / stride % size));
    }
  }
}
