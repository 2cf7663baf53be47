package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes a square of as many vectors as a vector has lanes. Exchanging bit b of the row number
 * with bit b of the lane number, for every b, is the whole of it; two bits are done in one pass
 * over memory.
 */
final class FilterTransposition {
  private static final VectorSpecies<Float> S = Simd.FLOATS;
  private static final int V = Simd.LANES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorShuffle<Float> X1 = other(1);
  private static final VectorShuffle<Float> X2 = other(2);
  private static final VectorShuffle<Float> X4 = other(4);
  private static final VectorShuffle<Float> X8 = other(8);
  private static final VectorMask<Float> M1 = mask(1);
  private static final VectorMask<Float> M2 = mask(2);
  private static final VectorMask<Float> M4 = mask(4);
  private static final VectorMask<Float> M8 = mask(8);
  private static final VectorMask<Float> N1 = M1.not();
  private static final VectorMask<Float> N2 = M2.not();
  private static final VectorMask<Float> N4 = M4.not();
  private static final VectorMask<Float> N8 = M8.not();

  private FilterTransposition() {}

  private static VectorShuffle<Float> other(int bit) {
    return VectorShuffle.fromOp(S, i -> (i ^ bit) & (V - 1));
  }

  private static VectorMask<Float> mask(int bit) {
    boolean[] set = new boolean[V];
    for (int i = 0; i < V; i++) {
      set[i] = (i & bit) != 0;
    }
    return VectorMask.fromArray(S, set, 0);
  }

  /** The first pass: bits 0 and 1. */
  static void first(MemorySegment s, int src, int dst) {
    long i = 4L * src;
    long o = 4L * dst;
    for (int g = 0; g < V; g += 4, i += 16L * V, o += 16L * V) {
      FloatVector a = FloatVector.fromMemorySegment(S, s, i, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, s, i + 4L * V, ORDER);
      FloatVector c = FloatVector.fromMemorySegment(S, s, i + 8L * V, ORDER);
      FloatVector d = FloatVector.fromMemorySegment(S, s, i + 12L * V, ORDER);
      FloatVector p = a.blend(b.rearrange(X1), M1);
      FloatVector q = b.blend(a.rearrange(X1), N1);
      FloatVector r = c.blend(d.rearrange(X1), M1);
      FloatVector t = d.blend(c.rearrange(X1), N1);
      p.blend(r.rearrange(X2), M2).intoMemorySegment(s, o, ORDER);
      q.blend(t.rearrange(X2), M2).intoMemorySegment(s, o + 4L * V, ORDER);
      r.blend(p.rearrange(X2), N2).intoMemorySegment(s, o + 8L * V, ORDER);
      t.blend(q.rearrange(X2), N2).intoMemorySegment(s, o + 12L * V, ORDER);
    }
  }

  /** The second pass: the other bits. */
  static void second(MemorySegment s, int src, int dst) {
    switch (V) {
      case 16 -> second16(s, src, dst);
      case 8 -> second8(s, src, dst);
      default -> MemorySegment.copy(s, 4L * src, s, 4L * dst, 4L * V * V);
    }
  }

  private static void second16(MemorySegment s, int src, int dst) {
    long i = 4L * src;
    long o = 4L * dst;
    for (int g = 0; g < 4; g++, i += 64, o += 64) {
      FloatVector a = FloatVector.fromMemorySegment(S, s, i, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, s, i + 256, ORDER);
      FloatVector c = FloatVector.fromMemorySegment(S, s, i + 512, ORDER);
      FloatVector d = FloatVector.fromMemorySegment(S, s, i + 768, ORDER);
      FloatVector p = a.blend(b.rearrange(X4), M4);
      FloatVector q = b.blend(a.rearrange(X4), N4);
      FloatVector r = c.blend(d.rearrange(X4), M4);
      FloatVector t = d.blend(c.rearrange(X4), N4);
      p.blend(r.rearrange(X8), M8).intoMemorySegment(s, o, ORDER);
      q.blend(t.rearrange(X8), M8).intoMemorySegment(s, o + 256, ORDER);
      r.blend(p.rearrange(X8), N8).intoMemorySegment(s, o + 512, ORDER);
      t.blend(q.rearrange(X8), N8).intoMemorySegment(s, o + 768, ORDER);
    }
  }

  private static void second8(MemorySegment s, int src, int dst) {
    long i = 4L * src;
    long o = 4L * dst;
    for (int g = 0; g < 4; g++, i += 32, o += 32) {
      FloatVector a = FloatVector.fromMemorySegment(S, s, i, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, s, i + 128, ORDER);
      a.blend(b.rearrange(X4), M4).intoMemorySegment(s, o, ORDER);
      b.blend(a.rearrange(X4), N4).intoMemorySegment(s, o + 128, ORDER);
    }
  }
}
