package org.aliasfree.backend.cuda;

import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;

/** Values that are known without inputs. */
final class SourceKernels {
  private SourceKernels() {}

  static OpKernel of(Source op) {
    return switch (op) {
      case Source.Fill f ->
          (at, launches) ->
              launches.forEach(
                  "fill",
                  f.type().elements(),
                  new Arguments()
                      .address(at.out(0))
                      .int64(f.type().elements())
                      .int32(f.type().dtype().bytes())
                      .bits(bits(f.type().dtype(), f.value())));
      case Source.Iota i ->
          (at, launches) ->
              launches.forEach(
                  "iota",
                  i.shape().elements(),
                  new Arguments()
                      .address(at.out(0))
                      .int64(i.shape().elements())
                      .int64(i.shape().strides()[i.axis()])
                      .int32(i.shape().intDim(i.axis()))
                      .type(i.dtype()));
      case Source.Constant c -> throw new IllegalArgumentException("uploaded, not computed");
      case Source.Input i -> throw new IllegalArgumentException("bound, not computed");
      case Source.Read r -> throw new IllegalArgumentException("in the store, not computed");
    };
  }

  private static int bits(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits((float) value);
      case F16 -> Float.floatToFloat16((float) value) & 0xffff;
      case I32, U8 -> (int) value;
      case F64, I64 -> throw new IllegalArgumentException("kernels have no " + dtype.label());
    };
  }
}
