package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Transposes 16 rows by 16 columns at a time in registers: four times, rows i and i + 8 are zipped
 * to rows 2i and 2i + 1. Needs permutes of two sources, so 512 bits; elsewhere plain loops are as
 * fast.
 */
final class TransposeKernel {
  /** Rows and columns of a block. */
  static final int SIZE = 16;

  private static final int[] ZIP_LOW = new int[SIZE];
  private static final int[] ZIP_HIGH = new int[SIZE];

  static {
    for (int i = 0; i < SIZE; i++) {
      ZIP_LOW[i] = (i >> 1) + (i & 1) * SIZE;
      ZIP_HIGH[i] = SIZE / 2 + (i >> 1) + (i & 1) * SIZE;
    }
  }

  private TransposeKernel() {}

  /** Whether the vectors are those it needs; only to be asked when {@link VectorSupport#used()}. */
  static boolean used() {
    return Simd.BITS == 512;
  }

  /**
   * {@code to[at + k*step + i] = from[start + i*pitch + k]} for i below {@code rows} and k below
   * {@code count}.
   *
   * @param rows 1 to {@link #SIZE}
   * @param count {@link #SIZE} or more
   */
  static void run(
      float[] from, int start, int pitch, int rows, int count, float[] to, int at, int step) {
    IntVector l = IntVector.fromArray(Simd.INTS, ZIP_LOW, 0);
    IntVector h = IntVector.fromArray(Simd.INTS, ZIP_HIGH, 0);
    VectorMask<Float> wanted = VectorMask.fromLong(Simd.FLOATS, (1L << rows) - 1);
    // Rows that do not exist are read again from the last one, and not stored.
    int last = start + (rows - 1) * pitch;
    for (int n = 0; n < count; n += SIZE) {
      int k = Math.min(n, count - SIZE);
      int d = at + k * step;
      IntVector a0 = FloatVector.fromArray(Simd.FLOATS, from, start + k).reinterpretAsInts();
      IntVector a1 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 1 * pitch) + k)
              .reinterpretAsInts();
      IntVector a2 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 2 * pitch) + k)
              .reinterpretAsInts();
      IntVector a3 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 3 * pitch) + k)
              .reinterpretAsInts();
      IntVector a4 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 4 * pitch) + k)
              .reinterpretAsInts();
      IntVector a5 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 5 * pitch) + k)
              .reinterpretAsInts();
      IntVector a6 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 6 * pitch) + k)
              .reinterpretAsInts();
      IntVector a7 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 7 * pitch) + k)
              .reinterpretAsInts();
      IntVector a8 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 8 * pitch) + k)
              .reinterpretAsInts();
      IntVector a9 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 9 * pitch) + k)
              .reinterpretAsInts();
      IntVector a10 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 10 * pitch) + k)
              .reinterpretAsInts();
      IntVector a11 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 11 * pitch) + k)
              .reinterpretAsInts();
      IntVector a12 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 12 * pitch) + k)
              .reinterpretAsInts();
      IntVector a13 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 13 * pitch) + k)
              .reinterpretAsInts();
      IntVector a14 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 14 * pitch) + k)
              .reinterpretAsInts();
      IntVector a15 =
          FloatVector.fromArray(Simd.FLOATS, from, Math.min(last, start + 15 * pitch) + k)
              .reinterpretAsInts();
      IntVector b0 = l.selectFrom(a0, a8);
      IntVector b1 = h.selectFrom(a0, a8);
      IntVector b2 = l.selectFrom(a1, a9);
      IntVector b3 = h.selectFrom(a1, a9);
      IntVector b4 = l.selectFrom(a2, a10);
      IntVector b5 = h.selectFrom(a2, a10);
      IntVector b6 = l.selectFrom(a3, a11);
      IntVector b7 = h.selectFrom(a3, a11);
      IntVector b8 = l.selectFrom(a4, a12);
      IntVector b9 = h.selectFrom(a4, a12);
      IntVector b10 = l.selectFrom(a5, a13);
      IntVector b11 = h.selectFrom(a5, a13);
      IntVector b12 = l.selectFrom(a6, a14);
      IntVector b13 = h.selectFrom(a6, a14);
      IntVector b14 = l.selectFrom(a7, a15);
      IntVector b15 = h.selectFrom(a7, a15);
      IntVector c0 = l.selectFrom(b0, b8);
      IntVector c1 = h.selectFrom(b0, b8);
      IntVector c2 = l.selectFrom(b1, b9);
      IntVector c3 = h.selectFrom(b1, b9);
      IntVector c4 = l.selectFrom(b2, b10);
      IntVector c5 = h.selectFrom(b2, b10);
      IntVector c6 = l.selectFrom(b3, b11);
      IntVector c7 = h.selectFrom(b3, b11);
      IntVector c8 = l.selectFrom(b4, b12);
      IntVector c9 = h.selectFrom(b4, b12);
      IntVector c10 = l.selectFrom(b5, b13);
      IntVector c11 = h.selectFrom(b5, b13);
      IntVector c12 = l.selectFrom(b6, b14);
      IntVector c13 = h.selectFrom(b6, b14);
      IntVector c14 = l.selectFrom(b7, b15);
      IntVector c15 = h.selectFrom(b7, b15);
      IntVector d0 = l.selectFrom(c0, c8);
      IntVector d1 = h.selectFrom(c0, c8);
      IntVector d2 = l.selectFrom(c1, c9);
      IntVector d3 = h.selectFrom(c1, c9);
      IntVector d4 = l.selectFrom(c2, c10);
      IntVector d5 = h.selectFrom(c2, c10);
      IntVector d6 = l.selectFrom(c3, c11);
      IntVector d7 = h.selectFrom(c3, c11);
      IntVector d8 = l.selectFrom(c4, c12);
      IntVector d9 = h.selectFrom(c4, c12);
      IntVector d10 = l.selectFrom(c5, c13);
      IntVector d11 = h.selectFrom(c5, c13);
      IntVector d12 = l.selectFrom(c6, c14);
      IntVector d13 = h.selectFrom(c6, c14);
      IntVector d14 = l.selectFrom(c7, c15);
      IntVector d15 = h.selectFrom(c7, c15);
      IntVector e0 = l.selectFrom(d0, d8);
      IntVector e1 = h.selectFrom(d0, d8);
      IntVector e2 = l.selectFrom(d1, d9);
      IntVector e3 = h.selectFrom(d1, d9);
      IntVector e4 = l.selectFrom(d2, d10);
      IntVector e5 = h.selectFrom(d2, d10);
      IntVector e6 = l.selectFrom(d3, d11);
      IntVector e7 = h.selectFrom(d3, d11);
      IntVector e8 = l.selectFrom(d4, d12);
      IntVector e9 = h.selectFrom(d4, d12);
      IntVector e10 = l.selectFrom(d5, d13);
      IntVector e11 = h.selectFrom(d5, d13);
      IntVector e12 = l.selectFrom(d6, d14);
      IntVector e13 = h.selectFrom(d6, d14);
      IntVector e14 = l.selectFrom(d7, d15);
      IntVector e15 = h.selectFrom(d7, d15);
      e0.reinterpretAsFloats().intoArray(to, d + 0 * step, wanted);
      e1.reinterpretAsFloats().intoArray(to, d + 1 * step, wanted);
      e2.reinterpretAsFloats().intoArray(to, d + 2 * step, wanted);
      e3.reinterpretAsFloats().intoArray(to, d + 3 * step, wanted);
      e4.reinterpretAsFloats().intoArray(to, d + 4 * step, wanted);
      e5.reinterpretAsFloats().intoArray(to, d + 5 * step, wanted);
      e6.reinterpretAsFloats().intoArray(to, d + 6 * step, wanted);
      e7.reinterpretAsFloats().intoArray(to, d + 7 * step, wanted);
      e8.reinterpretAsFloats().intoArray(to, d + 8 * step, wanted);
      e9.reinterpretAsFloats().intoArray(to, d + 9 * step, wanted);
      e10.reinterpretAsFloats().intoArray(to, d + 10 * step, wanted);
      e11.reinterpretAsFloats().intoArray(to, d + 11 * step, wanted);
      e12.reinterpretAsFloats().intoArray(to, d + 12 * step, wanted);
      e13.reinterpretAsFloats().intoArray(to, d + 13 * step, wanted);
      e14.reinterpretAsFloats().intoArray(to, d + 14 * step, wanted);
      e15.reinterpretAsFloats().intoArray(to, d + 15 * step, wanted);
    }
  }
}
