package org.aliasfree.op;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Ops that move elements without changing them. */
public sealed interface Movement extends Op {

  /** The same elements in row-major order under another shape. */
  record Reshape(Shape shape) implements Movement {
    @Override
    public String name() {
      return "reshape";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      Check.that(
          in.getFirst().elements() == shape.elements(),
          name(),
          in.getFirst()
              + " has "
              + in.getFirst().elements()
              + " elements, but the shape "
              + shape
              + " has "
              + shape.elements()
              + ".");
      return List.of(in.getFirst().withShape(shape));
    }
  }

  /** Axis i of the output is axis {@code axes.get(i)} of the input. */
  record Permute(List<Integer> axes) implements Movement {
    /** Copies the axes. */
    public Permute {
      axes = List.copyOf(axes);
    }

    @Override
    public String name() {
      return "permute";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      Shape s = in.getFirst().shape();
      Check.that(
          axes.stream()
              .sorted()
              .toList()
              .equals(java.util.stream.IntStream.range(0, s.rank()).boxed().toList()),
          name(),
          "the axes " + axes + " must name each axis of " + in.getFirst() + " once.");
      return List.of(in.getFirst().withShape(Shape.of(axes.stream().mapToLong(s::dim).toArray())));
    }
  }

  /** Repeats along axes of size 1; of the same rank. */
  record Expand(Shape shape) implements Movement {
    @Override
    public String name() {
      return "expand";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      Shape s = in.getFirst().shape();
      boolean fits = s.rank() == shape.rank();
      for (int i = 0; fits && i < s.rank(); i++) {
        fits = s.dim(i) == 1 || s.dim(i) == shape.dim(i);
      }
      Check.that(
          fits,
          name(),
          in.getFirst() + " does not expand to " + shape + ": sizes must be equal or 1.");
      return List.of(in.getFirst().withShape(shape));
    }
  }

  /** What a positive padding is filled with. */
  enum PadMode {
    /** Zeros. */
    ZERO,
    /**
     * The image mirrored about its edge elements, which are not repeated; less than the size on
     * each side.
     */
    REFLECT
  }

  /** Adds (or, where negative, removes) elements before and after each axis. */
  record Pad(List<Long> before, List<Long> after, PadMode mode) implements Movement {
    /** Copies the lists. */
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    @Override
    public String name() {
      return "pad";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      Shape s = in.getFirst().shape();
      Check.that(
          before.size() == s.rank() && after.size() == s.rank(),
          name(),
          in.getFirst()
              + " has "
              + s.rank()
              + " axes, but padding is given for "
              + before.size()
              + " and "
              + after.size()
              + ".");
      long[] sizes = s.toArray();
      for (int i = 0; i < sizes.length; i++) {
        Check.that(
            mode == PadMode.ZERO
                || (before.get(i) < sizes[i] && after.get(i) < sizes[i])
                || (before.get(i) <= 0 && after.get(i) <= 0),
            name(),
            "reflection by "
                + before.get(i)
                + " and "
                + after.get(i)
                + " needs more elements than axis "
                + i
                + " of "
                + in.getFirst()
                + " has.");
        sizes[i] += before.get(i) + after.get(i);
        Check.that(
            sizes[i] >= 0,
            name(),
            "padding "
                + before
                + ", "
                + after
                + " removes more than "
                + in.getFirst()
                + " has on axis "
                + i
                + ".");
      }
      return List.of(in.getFirst().withShape(Shape.of(sizes)));
    }
  }

  /** Reverses the order along axes. */
  record Flip(List<Integer> axes) implements Movement {
    /** Copies the axes. */
    public Flip {
      axes = List.copyOf(axes);
    }

    @Override
    public String name() {
      return "flip";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      axes.forEach(a -> in.getFirst().shape().axis(a));
      return List.of(in.getFirst());
    }
  }

  /**
   * Element i of an output axis is element {@code start + i·step} of the input axis; steps are 1 or
   * more.
   */
  record Slice(List<Long> starts, Shape sizes, List<Long> steps) implements Movement {
    /** Copies the lists. */
    public Slice {
      starts = List.copyOf(starts);
      steps = List.copyOf(steps);
    }

    @Override
    public String name() {
      return "slice";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      Shape s = in.getFirst().shape();
      boolean fits =
          starts.size() == s.rank() && steps.size() == s.rank() && sizes.rank() == s.rank();
      for (int i = 0; fits && i < s.rank(); i++) {
        long last = starts.get(i) + (sizes.dim(i) - 1) * steps.get(i);
        fits = starts.get(i) >= 0 && steps.get(i) >= 1 && (sizes.dim(i) == 0 || last < s.dim(i));
      }
      Check.that(
          fits,
          name(),
          "starts "
              + starts
              + ", sizes "
              + sizes
              + " and steps "
              + steps
              + " reach outside "
              + in.getFirst()
              + ".");
      return List.of(in.getFirst().withShape(sizes));
    }
  }

  /** Joins tensors along an axis, in the order given. */
  record Concat(int axis) implements Movement {
    @Override
    public String name() {
      return "concat";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.that(!in.isEmpty(), name(), "it needs at least one input.");
      TensorType first = in.getFirst();
      int a = first.shape().axis(axis);
      long size = 0;
      for (TensorType t : in) {
        Check.sameDType(name(), "the first input", first, "another", t);
        Check.that(
            t.shape().rank() == first.shape().rank()
                && t.shape().with(a, 0).equals(first.shape().with(a, 0)),
            name(),
            "inputs must agree in all axes but axis " + a + ", but they are " + in + ".");
        size += t.shape().dim(a);
      }
      return List.of(first.withShape(first.shape().with(a, size)));
    }
  }

  /**
   * Picks elements along an axis: inputs x and i32 indices [n]; y[…, k, …] = x[…, indices[k], …].
   * Indices must be in range.
   */
  record Gather(int axis) implements Movement {
    @Override
    public String name() {
      return "gather";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      Check.dtype(name(), "indices", in.get(1), DType.I32);
      Check.rank(name(), "indices", in.get(1), 1);
      return List.of(in.get(0).withShape(in.get(0).shape().with(axis, in.get(1).elements())));
    }
  }

  /**
   * The adjoint of {@link Gather}: inputs x and i32 indices [n]; y[…, j, …] is the sum of x[…, k,
   * …] over all k with indices[k] = j, in ascending order of k.
   *
   * @param size of the axis in the output
   */
  record ScatterAdd(int axis, long size) implements Movement {
    @Override
    public String name() {
      return "scatter_add";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      Check.isFloat(name(), "x", in.get(0));
      Check.dtype(name(), "indices", in.get(1), DType.I32);
      Check.type(
          name(),
          "indices",
          in.get(1),
          Shape.of(in.get(0).shape().dim(axis)),
          "(one for each element of the axis)");
      return List.of(in.get(0).withShape(in.get(0).shape().with(axis, size)));
    }

    @Override
    public boolean isCore() {
      return false;
    }
  }

  @Override
  default boolean isCore() {
    return !(this instanceof Flip)
        && !(this instanceof Concat)
        && !(this instanceof Pad p && p.mode() == PadMode.REFLECT);
  }

  /** A list with one value for each axis. */
  static List<Long> perAxis(int rank, long value) {
    return new ArrayList<>(java.util.Collections.nCopies(rank, value));
  }
}
