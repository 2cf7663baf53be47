package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.aliasfree.op.Elementwise.Comparison;

/** Comparing floats to bytes that are 0 or 1, and choosing floats by such bytes. */
final class MaskKernels {
  /** There are no vectors of four bytes. */
  private static final boolean VECTORS = VectorSupport.used() && Simd.LANES >= 8;

  private MaskKernels() {}

  /** {@code y[i]} is whether {@code a[i]} and {@code b[i]} compare so. */
  static void compare(Comparison comparison, float[] a, float[] b, byte[] y, int n) {
    int done = VECTORS ? Vectors.compare(comparison, a, b, y, n) : 0;
    switch (comparison) {
      case LT -> {
        for (int i = done; i < n; i++) {
          y[i] = a[i] < b[i] ? (byte) 1 : 0;
        }
      }
      case LE -> {
        for (int i = done; i < n; i++) {
          y[i] = a[i] <= b[i] ? (byte) 1 : 0;
        }
      }
      case EQ -> {
        for (int i = done; i < n; i++) {
          y[i] = a[i] == b[i] ? (byte) 1 : 0;
        }
      }
      case NE -> {
        for (int i = done; i < n; i++) {
          y[i] = a[i] != b[i] ? (byte) 1 : 0;
        }
      }
    }
  }

  /** {@code y[i]} is {@code a[i]} where the mask is not 0, otherwise {@code b[i]}. */
  static void select(byte[] mask, float[] a, float[] b, float[] y, int n) {
    int done = VECTORS ? Vectors.select(mask, a, b, y, n) : 0;
    for (int i = done; i < n; i++) {
      y[i] = mask[i] != 0 ? a[i] : b[i];
    }
  }

  /** Only touched where there are vectors. */
  private static final class Vectors {
    private static final VectorSpecies<Byte> BYTES =
        ByteVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(8 * Simd.LANES));

    static int compare(Comparison comparison, float[] a, float[] b, byte[] y, int n) {
      int end = n / Simd.LANES * Simd.LANES;
      switch (comparison) {
        case LT -> {
          for (int i = 0; i < end; i += Simd.LANES) {
            FloatVector u = FloatVector.fromArray(Simd.FLOATS, a, i);
            FloatVector v = FloatVector.fromArray(Simd.FLOATS, b, i);
            VectorMask<Byte> m = u.compare(VectorOperators.LT, v).cast(BYTES);
            ByteVector.zero(BYTES).blend((byte) 1, m).intoArray(y, i);
          }
        }
        case LE -> {
          for (int i = 0; i < end; i += Simd.LANES) {
            FloatVector u = FloatVector.fromArray(Simd.FLOATS, a, i);
            FloatVector v = FloatVector.fromArray(Simd.FLOATS, b, i);
            VectorMask<Byte> m = u.compare(VectorOperators.LE, v).cast(BYTES);
            ByteVector.zero(BYTES).blend((byte) 1, m).intoArray(y, i);
          }
        }
        case EQ, NE -> {
          return 0;
        }
      }
      return end;
    }

    static int select(byte[] mask, float[] a, float[] b, float[] y, int n) {
      int end = n / Simd.LANES * Simd.LANES;
      for (int i = 0; i < end; i += Simd.LANES) {
        FloatVector u = FloatVector.fromArray(Simd.FLOATS, a, i);
        FloatVector v = FloatVector.fromArray(Simd.FLOATS, b, i);
        ByteVector m = ByteVector.fromArray(BYTES, mask, i);
        v.blend(u, m.compare(VectorOperators.NE, (byte) 0).cast(Simd.FLOATS)).intoArray(y, i);
      }
      return end;
    }
  }
}
