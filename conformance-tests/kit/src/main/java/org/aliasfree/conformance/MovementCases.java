package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Cases of the ops that move elements. */
final class MovementCases {
  private MovementCases() {}

  static void putInto(Map<String, CaseGenerators.Generator> all) {
    all.put("Reshape", MovementCases::reshape);
    all.put("Permute", MovementCases::permute);
    all.put("Expand", MovementCases::expand);
    all.put("Pad", MovementCases::pad);
    all.put("Flip", MovementCases::flip);
    all.put("Slice", MovementCases::slice);
    all.put("Concat", MovementCases::concat);
    all.put("Gather", MovementCases::gather);
    all.put("ScatterAdd", MovementCases::scatterAdd);
  }

  private static Argument x(Choices c, DType t, Shape shape) {
    return Argument.of(new TensorType(t, shape), c.of(Content.NORMAL, Content.SPECIAL));
  }

  private static Case of1(Op op, Choices c, Argument x) {
    return new Case(op, List.of(x.storedIf(c.below(4) == 1)), ElementwiseCases.seed(c));
  }

  private static Case reshape(Choices c, DType t) {
    Shape shape = c.shape(4);
    Shape to = c.coin() ? Shape.of(shape.elements(), 1) : Shape.of(1, shape.elements());
    return of1(new Movement.Reshape(to), c, x(c, t, shape));
  }

  private static Case permute(Choices c, DType t) {
    Shape shape = c.shape(4);
    List<Integer> left = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
    List<Integer> axes = new ArrayList<>();
    while (!left.isEmpty()) {
      axes.add(left.remove(/* index */ c.below(left.size())));
    }
    return of1(new Movement.Permute(axes), c, x(c, t, shape));
  }

  private static Case expand(Choices c, DType t) {
    Shape to = c.shape(4);
    Shape from = to;
    for (int axis = 0; axis < to.rank(); axis++) {
      from = c.coin() ? from.with(axis, 1) : from;
    }
    return of1(new Movement.Expand(to), c, x(c, t, from));
  }

  private static List<Long> each(int rank, IntSupplier value) {
    return IntStream.range(0, rank).mapToObj(i -> (long) value.getAsInt()).toList();
  }

  private static Case pad(Choices c, DType t) {
    Shape shape = c.shape(4);
    Movement.PadMode mode = c.of(Movement.PadMode.values());
    List<Long> before = each(shape.rank(), () -> c.between(-3, 4));
    List<Long> after = each(shape.rank(), () -> c.between(-3, 4));
    return of1(new Movement.Pad(before, after, mode), c, x(c, t, shape));
  }

  private static Case flip(Choices c, DType t) {
    Shape shape = c.shape(4);
    List<Integer> axes = IntStream.range(0, shape.rank()).filter(i -> c.coin()).boxed().toList();
    return of1(new Movement.Flip(axes), c, x(c, t, shape));
  }

  private static Case slice(Choices c, DType t) {
    Shape shape = c.shape(4);
    List<Long> starts = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    long[] sizes = new long[shape.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      int size = shape.intDim(axis);
      int start = c.below(size);
      int step = c.from(1, 3);
      starts.add((long) start);
      steps.add((long) step);
      int most = (size - start - 1) / step + 1;
      sizes[axis] = c.between(Math.max(1, most - 2), most);
    }
    return of1(new Movement.Slice(starts, Shape.of(sizes), steps), c, x(c, t, shape));
  }

  private static Case concat(Choices c, DType t) {
    Shape first = c.shape(3);
    int axis = c.below(first.rank());
    List<Argument> parts = new ArrayList<>(List.of(x(c, t, first)));
    for (int more = c.below(3); more >= 0; more--) {
      parts.add(x(c, t, first.with(axis, c.from(1, 5))));
    }
    return new Case(new Movement.Concat(axis), parts, ElementwiseCases.seed(c));
  }

  private static Case gather(Choices c, DType t) {
    Shape shape = c.shape(3);
    int axis = c.below(shape.rank());
    return new Case(
        new Movement.Gather(axis),
        List.of(
            x(c, t, shape), Argument.index(TensorType.of(DType.I32, c.size(100)), shape.dim(axis))),
        ElementwiseCases.seed(c));
  }

  private static Case scatterAdd(Choices c, DType t) {
    Shape shape = c.shape(3);
    int axis = c.below(shape.rank());
    long size = c.from(1, 20);
    return new Case(
        new Movement.ScatterAdd(axis, size),
        List.of(
            Argument.of(new TensorType(t, shape), Content.NORMAL),
            Argument.index(TensorType.of(DType.I32, shape.dim(axis)), size)),
        ElementwiseCases.seed(c));
  }
}
