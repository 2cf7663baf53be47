package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * Kernels of the elementwise ops. Arithmetic on f32 is done in f32, see {@link FloatElementwise};
 * functions are computed in double and rounded once.
 */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static Kernel<Scratch> of(Elementwise op, Node node) {
    Shape out = node.outputs().getFirst().shape();
    long[][] strides = new long[node.inputs().size() + 1][];
    for (int i = 0; i < node.inputs().size(); i++) {
      strides[i] = node.inputs().get(i).shape().broadcastStrides(out);
    }
    strides[node.inputs().size()] = out.strides();
    Walk walk = new Walk(out, strides);
    DType in = node.inputs().getLast().dtype();
    boolean floats = in == DType.F32;
    return switch (op) {
      case Elementwise.Unary u ->
          floats && FloatElementwise.has(u.function())
              ? new FloatElementwise.Unary(walk, u.function())
              : new Unary(walk, Elements.of(in), u.function());
      case Elementwise.Binary b ->
          floats
              ? new FloatElementwise.Binary(walk, b.function())
              : new Binary(walk, Elements.of(in), b.function());
      case Elementwise.Compare c ->
          floats
              ? new FloatElementwise.Compare(walk, c.comparison())
              : new Compare(walk, Elements.of(in), c.comparison());
      case Elementwise.Select s ->
          floats ? new FloatElementwise.Select(walk) : new Select(walk, Elements.of(in));
      case Elementwise.Cast c -> new Cast(walk, Elements.of(in), Elements.of(c.dtype()));
      case Elementwise.StopGradient s ->
          throw new IllegalArgumentException("an alias, not computed");
    };
  }

  private record Unary(Walk walk, Elements type, UnaryFunction function) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long a = walk.start(0, row) + from * walk.step(0);
      long y = walk.start(1, row) + from;
      MemorySegment in = call.in(0);
      MemorySegment out = call.out(0);
      for (long i = 0; i < count; i++) {
        type.set(out, y + i, apply(function, type.get(in, a + i * walk.step(0))));
      }
    }
  }

  static double apply(UnaryFunction f, double x) {
    return switch (f) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case EXP -> Math.exp(x);
      case EXPM1 -> Math.expm1(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TANH -> Math.tanh(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case FLOOR -> Math.floor(x);
      case ROUND -> Math.rint(x);
    };
  }

  private record Binary(Walk walk, Elements type, BinaryFunction function) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long a = walk.start(0, row) + from * walk.step(0);
      long b = walk.start(1, row) + from * walk.step(1);
      long y = walk.start(2, row) + from;
      for (long i = 0; i < count; i++) {
        double u = type.get(call.in(0), a + i * walk.step(0));
        double v = type.get(call.in(1), b + i * walk.step(1));
        double r =
            switch (function) {
              case ADD -> u + v;
              case SUB -> u - v;
              case MUL -> u * v;
              case DIV -> u / v;
              case MIN -> Math.min(u, v);
              case MAX -> Math.max(u, v);
            };
        type.set(call.out(0), y + i, r);
      }
    }
  }

  private record Compare(Walk walk, Elements type, Comparison comparison) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long a = walk.start(0, row) + from * walk.step(0);
      long b = walk.start(1, row) + from * walk.step(1);
      long y = walk.start(2, row) + from;
      for (long i = 0; i < count; i++) {
        double u = type.get(call.in(0), a + i * walk.step(0));
        double v = type.get(call.in(1), b + i * walk.step(1));
        boolean holds =
            switch (comparison) {
              case LT -> u < v;
              case LE -> u <= v;
              case EQ -> u == v;
              case NE -> u != v;
            };
        call.out(0).set(ValueLayout.JAVA_BYTE, y + i, holds ? (byte) 1 : 0);
      }
    }
  }

  private record Select(Walk walk, Elements type) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long from, long count, Scratch scratch) {
      long m = walk.start(0, row) + from * walk.step(0);
      long a = walk.start(1, row) + from * walk.step(1);
      long b = walk.start(2, row) + from * walk.step(2);
      long y = walk.start(3, row) + from;
      for (long i = 0; i < count; i++) {
        boolean first = call.in(0).get(ValueLayout.JAVA_BYTE, m + i * walk.step(0)) != 0;
        double value =
            first
                ? type.get(call.in(1), a + i * walk.step(1))
                : type.get(call.in(2), b + i * walk.step(2));
        type.set(call.out(0), y + i, value);
      }
    }
  }

  private record Cast(Walk walk, Elements from, Elements to) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long start, long count, Scratch scratch) {
      long a = walk.start(0, row) + start * walk.step(0);
      long y = walk.start(1, row) + start;
      for (long i = 0; i < count; i++) {
        to.set(call.out(0), y + i, from.get(call.in(0), a + i * walk.step(0)));
      }
    }
  }
}
