package org.aliasfree.backend.tornado;

import java.util.List;
import java.util.Optional;
import org.aliasfree.backend.tornado.device.BinaryLoops;
import org.aliasfree.backend.tornado.device.CompareLoops;
import org.aliasfree.backend.tornado.device.SelectLoops;
import org.aliasfree.backend.tornado.device.UnaryLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** Functions of each element alone. */
final class ElementwiseTasks {
  private static final int ALL_BITS = -1;
  private static final int BYTE = 0xff;

  private ElementwiseTasks() {}

  @SuppressWarnings("EnumOrdinal") // device code takes functions as numbers, in this order
  static OpKernel of(Elementwise op, Node node) {
    Tensor y = node.outputs().getFirst();
    if (y.type().elements() == 0) {
      return (at, tasks) -> {};
    }
    return switch (op) {
      case Elementwise.Unary o -> unary(o.function().ordinal(), y);
      case Elementwise.Cast o -> cast(node.inputs().getFirst().dtype(), y);
      case Elementwise.StopGradient o -> cast(y.dtype(), y);
      case Elementwise.Binary o -> pair(o.function().ordinal(), false, node);
      case Elementwise.Compare o -> pair(o.comparison().ordinal(), true, node);
      case Elementwise.Select o -> select(node);
    };
  }

  private static int bits(DType dtype) {
    return dtype == DType.U8 ? BYTE : ALL_BITS;
  }

  private static OpKernel unary(int function, Tensor y) {
    int count = Math.toIntExact(y.type().elements());
    int n = Spread.over(count);
    boolean floats = Place.isFloat(y.dtype());
    return (at, tasks) -> {
      Place from = at.in(0);
      Place to = at.out(0);
      int[] p = {count, to.offset(), from.offset()};
      if (floats) {
        tasks.task(UnaryLoops::floats, p, from.floats(), to.floats(), function, n);
      } else {
        tasks.task(UnaryLoops::ints, p, from.ints(), to.ints(), function, n);
      }
    };
  }

  private static OpKernel cast(DType type, Tensor y) {
    int count = Math.toIntExact(y.type().elements());
    int n = Spread.over(count);
    boolean fromFloats = Place.isFloat(type);
    boolean toFloats = Place.isFloat(y.dtype());
    int bits = bits(y.dtype());
    return (at, tasks) -> {
      Place from = at.in(0);
      Place to = at.out(0);
      int[] p = {count, to.offset(), from.offset(), bits};
      if (fromFloats && toFloats) {
        tasks.task(UnaryLoops::floatsToFloats, p, from.floats(), to.floats(), n);
      } else if (fromFloats) {
        tasks.task(UnaryLoops::floatsToInts, p, from.floats(), to.ints(), n);
      } else if (toFloats) {
        tasks.task(UnaryLoops::intsToFloats, p, from.ints(), to.floats(), n);
      } else {
        tasks.task(UnaryLoops::intsToInts, p, from.ints(), to.ints(), n);
      }
    };
  }

  /** A function of two operands, or a comparison. */
  private static OpKernel pair(int function, boolean compares, Node node) {
    Shape shape = node.outputs().getFirst().shape();
    Shape a = node.inputs().get(0).shape();
    Shape b = node.inputs().get(1).shape();
    boolean floats = Place.isFloat(node.inputs().getFirst().dtype());
    int count = Math.toIntExact(shape.elements());
    int bits = bits(node.outputs().getFirst().dtype());
    Optional<Repetition> ra = Repetition.of(a, shape);
    Optional<Repetition> rb = Repetition.of(b, shape);
    if (ra.isPresent() && rb.isPresent()) {
      Repetition ofA = ra.get();
      Repetition ofB = rb.get();
      return (at, tasks) -> {
        int[] p = {
          count,
          bits,
          at.out(0).offset(),
          at.in(0).offset(),
          ofA.inner(),
          ofA.period(),
          at.in(1).offset(),
          ofB.inner(),
          ofB.period()
        };
        repeated(function, compares, floats, p, at, ofA.way(), ofB.way(), tasks);
      };
    }
    Axes axes = Axes.of(shape, a.broadcastStrides(shape), b.broadcastStrides(shape));
    return (at, tasks) -> {
      int[] p = axes.after(count, bits, at.out(0).offset(), at.in(0).offset(), at.in(1).offset());
      strided(function, compares, floats, p, at, axes.rank(), tasks);
    };
  }

  private static void repeated(
      int function,
      boolean compares,
      boolean floats,
      int[] p,
      Operands at,
      int wayA,
      int wayB,
      Tasks tasks) {
    int n = Spread.over(p[0]);
    Place a = at.in(0);
    Place b = at.in(1);
    Place y = at.out(0);
    if (floats && compares) {
      tasks.task(
          CompareLoops::floats, p, a.floats(), b.floats(), y.ints(), function, wayA, wayB, n);
    } else if (floats) {
      tasks.task(
          BinaryLoops::floats, p, a.floats(), b.floats(), y.floats(), function, wayA, wayB, n);
    } else if (compares) {
      tasks.task(CompareLoops::ints, p, a.ints(), b.ints(), y.ints(), function, wayA, wayB, n);
    } else {
      tasks.task(BinaryLoops::ints, p, a.ints(), b.ints(), y.ints(), function, wayA, wayB, n);
    }
  }

  private static void strided(
      int function, boolean compares, boolean floats, int[] p, Operands at, int rank, Tasks tasks) {
    int n = Spread.over(p[0]);
    Place a = at.in(0);
    Place b = at.in(1);
    Place y = at.out(0);
    if (floats && compares) {
      tasks.task(
          CompareLoops::stridedFloats, p, a.floats(), b.floats(), y.ints(), function, rank, n);
    } else if (floats) {
      tasks.task(
          BinaryLoops::stridedFloats, p, a.floats(), b.floats(), y.floats(), function, rank, n);
    } else if (compares) {
      tasks.task(CompareLoops::stridedInts, p, a.ints(), b.ints(), y.ints(), function, rank, n);
    } else {
      tasks.task(BinaryLoops::stridedInts, p, a.ints(), b.ints(), y.ints(), function, rank, n);
    }
  }

  private static OpKernel select(Node node) {
    Tensor y = node.outputs().getFirst();
    Shape shape = y.shape();
    boolean floats = Place.isFloat(y.dtype());
    List<Shape> in = node.inputs().stream().map(Tensor::shape).toList();
    List<Repetition> of = in.stream().flatMap(s -> Repetition.of(s, shape).stream()).toList();
    int count = Math.toIntExact(shape.elements());
    if (of.size() == in.size()) {
      return (at, tasks) -> chosen(count, floats, of, at, tasks);
    }
    Axes axes =
        Axes.of(shape, in.stream().map(s -> s.broadcastStrides(shape)).toArray(long[][]::new));
    return (at, tasks) -> chosenByStrides(count, floats, axes, at, tasks);
  }

  private static void chosen(
      int count, boolean floats, List<Repetition> of, Operands at, Tasks tasks) {
    int n = Spread.over(count);
    Place m = at.in(0);
    Place a = at.in(1);
    Place b = at.in(2);
    Place y = at.out(0);
    int[] p = {
      count,
      y.offset(),
      m.offset(),
      of.get(0).inner(),
      of.get(0).period(),
      a.offset(),
      of.get(1).inner(),
      of.get(1).period(),
      b.offset(),
      of.get(2).inner(),
      of.get(2).period()
    };
    int wm = of.get(0).way();
    int wa = of.get(1).way();
    int wb = of.get(2).way();
    if (floats) {
      tasks.task(
          SelectLoops::floats, p, m.ints(), a.floats(), b.floats(), y.floats(), wm, wa, wb, n);
    } else {
      tasks.task(SelectLoops::ints, p, m.ints(), a.ints(), b.ints(), y.ints(), wm, wa, wb, n);
    }
  }

  private static void chosenByStrides(
      int count, boolean floats, Axes axes, Operands at, Tasks tasks) {
    int n = Spread.over(count);
    Place m = at.in(0);
    Place a = at.in(1);
    Place b = at.in(2);
    Place y = at.out(0);
    int[] p = axes.after(count, y.offset(), m.offset(), a.offset(), b.offset());
    if (floats) {
      tasks.task(
          SelectLoops::stridedFloats,
          p,
          m.ints(),
          a.floats(),
          b.floats(),
          y.floats(),
          axes.rank(),
          n);
    } else {
      tasks.task(
          SelectLoops::stridedInts, p, m.ints(), a.ints(), b.ints(), y.ints(), axes.rank(), n);
    }
  }
}
