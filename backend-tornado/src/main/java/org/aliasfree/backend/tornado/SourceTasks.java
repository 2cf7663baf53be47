package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.SourceLoops;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;

/** Values that are known without inputs. */
final class SourceTasks {
  private SourceTasks() {}

  static OpKernel of(Source op) {
    return switch (op) {
      case Source.Fill fill -> (at, tasks) -> fill(fill, at.out(0), tasks);
      case Source.Iota iota -> (at, tasks) -> iota(iota, at.out(0), tasks);
      case Source.Constant c -> throw new IllegalArgumentException("uploaded, not computed");
      case Source.Input i -> throw new IllegalArgumentException("bound, not computed");
      case Source.Read r -> throw new IllegalArgumentException("in the store, not computed");
    };
  }

  private static void fill(Source.Fill op, Place y, Tasks tasks) {
    long count = op.type().elements();
    int[] p = {Math.toIntExact(count), y.offset()};
    if (Place.isFloat(op.type().dtype())) {
      float[] value = {(float) op.value()};
      tasks.task(SourceLoops::fill, p, value, y.floats(), Spread.over(count));
    } else {
      boolean byteWide = op.type().dtype() == DType.U8;
      int[] value = {byteWide ? (int) op.value() & 0xff : (int) op.value()};
      tasks.task(SourceLoops::fillInts, p, value, y.ints(), Spread.over(count));
    }
  }

  private static void iota(Source.Iota op, Place y, Tasks tasks) {
    long count = op.shape().elements();
    int[] p = {
      Math.toIntExact(count),
      y.offset(),
      Math.toIntExact(op.shape().strides()[op.axis()]),
      op.shape().intDim(op.axis()),
      op.dtype() == DType.U8 ? 0xff : -1
    };
    if (Place.isFloat(op.dtype())) {
      tasks.task(SourceLoops::iota, p, y.floats(), Spread.over(count));
    } else {
      tasks.task(SourceLoops::iotaInts, p, y.ints(), Spread.over(count));
    }
  }
}
