package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.op.Elementwise.UnaryFunction;

/**
 * Elementwise ops on f32 at the speed of memory: pieces of the operands are copied to arrays that
 * stay in the first cache, where simple loops become vector instructions.
 */
final class FloatElementwise {
  private static final ValueLayout.OfFloat F = ValueLayout.JAVA_FLOAT;
  private static final int PIECE = 2048;

  // Slots of scratch memory.
  private static final int A = 0;
  private static final int B = 1;
  private static final int Y = 2;

  private FloatElementwise() {}

  /** Whether a function of one argument is computed here. */
  static boolean has(UnaryFunction function) {
    return switch (function) {
      case NEG, ABS, SQRT, RSQRT, RECIPROCAL -> true;
      case SIN -> VectorSupport.used(); // Without fused multiply-adds it would be slow.
      case SIGN, EXP, EXPM1, LOG, LOG1P, COS, TANH, FLOOR, ROUND -> false;
    };
  }

  /** Elements of an operand in a row, as an array: the same one for the whole row if it repeats. */
  private static float[] load(
      MemorySegment from, long at, long step, int count, boolean fresh, int slot, Scratch scratch) {
    float[] to = scratch.floats(slot, PIECE);
    if (step == 1) {
      MemorySegment.copy(from, F, at * Float.BYTES, to, 0, count);
    } else if (step != 0) {
      for (int i = 0; i < count; i++) {
        to[i] = from.getAtIndex(F, at + i * step);
      }
    } else if (fresh) {
      Arrays.fill(to, 0, count, from.getAtIndex(F, at));
    }
    return to;
  }

  /** f(a) for each a. */
  record Unary(Walk walk, UnaryFunction function) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long step = walk.step(0);
      long a = walk.start(0, row) + from * step;
      long y = walk.start(1, row) + from;
      for (long i = 0; i < count; i += PIECE) {
        int n = (int) Math.min(PIECE, count - i);
        float[] u = load(call.in(0), a + i * step, step, n, i == 0, A, scratch);
        float[] to = scratch.floats(Y, PIECE);
        if (function == UnaryFunction.SIN) {
          Sine.of(u, to, n, scratch.doubles(A, PIECE));
        } else {
          apply(function, u, to, n);
        }
        MemorySegment.copy(to, 0, call.out(0), F, (y + i) * Float.BYTES, n);
      }
    }
  }

  private static void apply(UnaryFunction function, float[] a, float[] y, int n) {
    switch (function) {
      case NEG -> {
        for (int i = 0; i < n; i++) {
          y[i] = -a[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < n; i++) {
          y[i] = Math.abs(a[i]);
        }
      }
      case SQRT -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) Math.sqrt(a[i]);
        }
      }
      case RSQRT -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) (1 / Math.sqrt(a[i]));
        }
      }
      case RECIPROCAL -> {
        for (int i = 0; i < n; i++) {
          y[i] = 1 / a[i];
        }
      }
      default -> throw new IllegalStateException(function.name());
    }
  }

  /** f(a, b) for each a and b. */
  record Binary(Walk walk, BinaryFunction function) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long sa = walk.step(0);
      long sb = walk.step(1);
      long a = walk.start(0, row) + from * sa;
      long b = walk.start(1, row) + from * sb;
      long y = walk.start(2, row) + from;
      for (long i = 0; i < count; i += PIECE) {
        int n = (int) Math.min(PIECE, count - i);
        float[] u = load(call.in(0), a + i * sa, sa, n, i == 0, A, scratch);
        float[] v = load(call.in(1), b + i * sb, sb, n, i == 0, B, scratch);
        float[] to = scratch.floats(Y, PIECE);
        apply(function, u, v, to, n);
        MemorySegment.copy(to, 0, call.out(0), F, (y + i) * Float.BYTES, n);
      }
    }
  }

  private static void apply(BinaryFunction function, float[] a, float[] b, float[] y, int n) {
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[i] = a[i] + b[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          y[i] = a[i] - b[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          y[i] = a[i] * b[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          y[i] = a[i] / b[i];
        }
      }
      case MIN -> {
        for (int i = 0; i < n; i++) {
          y[i] = Math.min(a[i], b[i]);
        }
      }
      case MAX -> {
        for (int i = 0; i < n; i++) {
          y[i] = Math.max(a[i], b[i]);
        }
      }
    }
  }

  /** 1 where a and b compare so, otherwise 0. */
  record Compare(Walk walk, Comparison comparison) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long sa = walk.step(0);
      long sb = walk.step(1);
      long a = walk.start(0, row) + from * sa;
      long b = walk.start(1, row) + from * sb;
      long y = walk.start(2, row) + from;
      byte[] to = scratch.bytes(PIECE);
      for (long i = 0; i < count; i += PIECE) {
        int n = (int) Math.min(PIECE, count - i);
        float[] u = load(call.in(0), a + i * sa, sa, n, i == 0, A, scratch);
        float[] v = load(call.in(1), b + i * sb, sb, n, i == 0, B, scratch);
        MaskKernels.compare(comparison, u, v, to, n);
        MemorySegment.copy(to, 0, call.out(0), ValueLayout.JAVA_BYTE, y + i, n);
      }
    }
  }

  /** a where the mask is not 0, otherwise b. */
  record Select(Walk walk) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long sm = walk.step(0);
      long sa = walk.step(1);
      long sb = walk.step(2);
      long m = walk.start(0, row) + from * sm;
      long a = walk.start(1, row) + from * sa;
      long b = walk.start(2, row) + from * sb;
      long y = walk.start(3, row) + from;
      byte[] mask = scratch.bytes(PIECE);
      for (long i = 0; i < count; i += PIECE) {
        int n = (int) Math.min(PIECE, count - i);
        if (sm == 1) {
          MemorySegment.copy(call.in(0), ValueLayout.JAVA_BYTE, m + i, mask, 0, n);
        } else {
          for (int k = 0; k < n; k++) {
            mask[k] = call.in(0).get(ValueLayout.JAVA_BYTE, m + (i + k) * sm);
          }
        }
        float[] u = load(call.in(1), a + i * sa, sa, n, i == 0, A, scratch);
        float[] v = load(call.in(2), b + i * sb, sb, n, i == 0, B, scratch);
        float[] to = scratch.floats(Y, PIECE);
        MaskKernels.select(mask, u, v, to, n);
        MemorySegment.copy(to, 0, call.out(0), F, (y + i) * Float.BYTES, n);
      }
    }
  }
}
