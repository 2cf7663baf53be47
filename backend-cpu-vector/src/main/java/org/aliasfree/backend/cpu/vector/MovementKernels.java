package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.Shape;

/** Kernels of the ops that move elements: all but gathers are copies between two strided views. */
final class MovementKernels {
  private MovementKernels() {}

  static boolean has(Movement op) {
    return !(op instanceof Movement.Pad p && p.mode() == Movement.PadMode.REFLECT);
  }

  static Kernel<Scratch> of(Movement op, Node node) {
    Shape in = node.inputs().getFirst().shape();
    Shape out = node.outputs().getFirst().shape();
    int bytes = node.outputs().getFirst().dtype().bytes();
    return switch (op) {
      case Movement.Reshape r -> throw new IllegalArgumentException("an alias, not computed");
      case Movement.Permute p -> {
        long[] own = in.strides();
        yield copy(out, p.axes().stream().mapToLong(a -> own[a]).toArray(), 0, out, 0, bytes);
      }
      case Movement.Expand e -> copy(out, in.broadcastStrides(out), 0, out, 0, bytes);
      case Movement.Flip f -> {
        long[] strides = in.strides();
        long start = 0;
        for (int given : f.axes()) {
          int axis = in.axis(given);
          start += (in.dim(axis) - 1) * strides[axis];
          strides[axis] = -strides[axis];
        }
        yield copy(out, strides, start, out, 0, bytes);
      }
      case Movement.Slice s -> {
        long[] strides = in.strides();
        long start = 0;
        for (int i = 0; i < strides.length; i++) {
          start += s.starts().get(i) * strides[i];
          strides[i] *= s.steps().get(i);
        }
        yield copy(out, strides, start, out, 0, bytes);
      }
      case Movement.Pad p -> pad(p, in, out, bytes);
      case Movement.Concat c -> concat(c, node, out, bytes);
      case Movement.Gather g -> new Gather(axis(in, out, in.axis(g.axis())), bytes);
      case Movement.ScatterAdd s -> new ScatterAdd(axis(in, out, in.axis(s.axis())));
    };
  }

  private static Kernel<Scratch> pad(Movement.Pad p, Shape in, Shape out, int bytes) {
    long[] inStrides = in.strides();
    long[] outStrides = out.strides();
    long[] kept = new long[in.rank()];
    long from = 0;
    long to = 0;
    for (int i = 0; i < kept.length; i++) {
      long skipped = Math.max(0, -p.before().get(i));
      long start = Math.max(0, p.before().get(i));
      kept[i] = Math.max(0, Math.min(in.dim(i) - skipped, out.dim(i) - start));
      from += skipped * inStrides[i];
      to += start * outStrides[i];
    }
    Copy inner = new Copy(new Walk(Shape.of(kept), inStrides, outStrides), 0, from, to, bytes);
    return call -> {
      call.out(0).fill((byte) 0);
      inner.run(call);
    };
  }

  private static Kernel<Scratch> concat(Movement.Concat c, Node node, Shape out, int bytes) {
    List<Copy> copies = new ArrayList<>();
    long[] outStrides = out.strides();
    int axis = out.axis(c.axis());
    long start = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      Shape part = node.inputs().get(i).shape();
      copies.add(
          new Copy(
              new Walk(part, part.strides(), outStrides), i, 0, start * outStrides[axis], bytes));
      start += part.dim(axis);
    }
    return call -> copies.forEach(copy -> copy.run(call));
  }

  private static Copy copy(
      Shape region, long[] inStrides, long from, Shape out, long to, int bytes) {
    return new Copy(new Walk(region, inStrides, out.strides()), 0, from, to, bytes);
  }

  /** Copies a region between a strided view of an input and one of the output. */
  private record Copy(Walk walk, int input, long from, long to, int bytes) implements RowKernel {
    @Override
    public void row(Call<Scratch> call, long row, long first, long count, Scratch scratch) {
      MemorySegment in = call.in(input);
      MemorySegment out = call.out(0);
      long a = from + walk.start(0, row) + first * walk.step(0);
      long y = to + walk.start(1, row) + first * walk.step(1);
      if (walk.step(0) == 1 && walk.step(1) == 1) {
        MemorySegment.copy(in, a * bytes, out, y * bytes, count * bytes);
        return;
      }
      for (long i = 0; i < count; i++) {
        move(in, a + i * walk.step(0), out, y + i * walk.step(1), bytes);
      }
    }
  }

  private static void move(MemorySegment in, long from, MemorySegment out, long to, int bytes) {
    if (bytes == 4) {
      out.setAtIndex(ValueLayout.JAVA_INT, to, in.getAtIndex(ValueLayout.JAVA_INT, from));
    } else {
      out.set(ValueLayout.JAVA_BYTE, to, in.get(ValueLayout.JAVA_BYTE, from));
    }
  }

  /** A tensor seen as [outer, axis, inner] before and after an axis is resized. */
  private record Axis(long outer, long inSize, long outSize, long inner) {}

  private static Axis axis(Shape in, Shape out, int axis) {
    long outer = 1;
    for (int i = 0; i < axis; i++) {
      outer *= in.dim(i);
    }
    long inner = 1;
    for (int i = axis + 1; i < in.rank(); i++) {
      inner *= in.dim(i);
    }
    return new Axis(outer, in.dim(axis), out.dim(axis), inner);
  }

  private static long index(String op, MemorySegment indices, long k, long size) {
    int index = indices.getAtIndex(ValueLayout.JAVA_INT, k);
    if (index < 0 || index >= size) {
      throw new org.aliasfree.AliasFreeException(
          op + ": index " + k + " is " + index + ", outside the axis of " + size + " elements.");
    }
    return index;
  }

  private record Gather(Axis axis, int bytes) implements Kernel<Scratch> {
    @Override
    public void run(Call<Scratch> call) {
      long inner = axis.inner;
      call.parallel(
          Math.toIntExact(axis.outer),
          (outer, scratch) -> {
            for (long k = 0; k < axis.outSize; k++) {
              long from =
                  (outer * axis.inSize + index("gather", call.in(1), k, axis.inSize)) * inner;
              long to = (outer * axis.outSize + k) * inner;
              MemorySegment.copy(call.in(0), from * bytes, call.out(0), to * bytes, inner * bytes);
            }
          });
    }
  }

  private record ScatterAdd(Axis axis) implements Kernel<Scratch> {
    @Override
    public void run(Call<Scratch> call) {
      ValueLayout.OfFloat f = ValueLayout.JAVA_FLOAT;
      call.parallel(
          Math.toIntExact(axis.outer),
          (outer, scratch) -> {
            long inner = axis.inner;
            long base = outer * axis.outSize * inner;
            call.out(0).asSlice(base * 4, axis.outSize * inner * 4).fill((byte) 0);
            for (long k = 0; k < axis.inSize; k++) {
              long to = base + index("scatter_add", call.in(1), k, axis.outSize) * inner;
              long from = (outer * axis.inSize + k) * inner;
              for (long i = 0; i < inner; i++) {
                float sum = call.out(0).getAtIndex(f, to + i) + call.in(0).getAtIndex(f, from + i);
                call.out(0).setAtIndex(f, to + i, sum);
              }
            }
          });
    }
  }
}
