package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.tensor.Shape;

/**
 * Axes along which tensors are walked through by strides, the innermost first. Axes of size 1 are
 * left out, and neighbours that all tensors walk through alike are merged.
 *
 * @param sizes of the axes
 * @param strides of each tensor along the axes, in elements; 0 repeats
 */
record Axes(List<Integer> sizes, List<List<Integer>> strides) {
  /** No axes, walked along by one tensor: one element. */
  static final Axes NONE = new Axes(List.of(), List.of(List.of()));

  /** Copies the lists. */
  Axes {
    sizes = List.copyOf(sizes);
    strides = strides.stream().map(List::copyOf).toList();
  }

  /**
   * Merges the axes of a shape.
   *
   * @param strides of each tensor along each axis of the shape
   */
  static Axes of(Shape shape, long[]... strides) {
    List<Integer> sizes = new ArrayList<>();
    List<List<Integer>> merged = new ArrayList<>();
    for (int t = 0; t < strides.length; t++) {
      merged.add(new ArrayList<>());
    }
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (shape.dim(axis) == 1) {
        continue;
      }
      int last = sizes.size() - 1;
      if (last >= 0 && continues(sizes.get(last), merged, strides, axis)) {
        sizes.set(last, Math.multiplyExact(sizes.get(last), shape.intDim(axis)));
      } else {
        sizes.add(shape.intDim(axis));
        for (int t = 0; t < strides.length; t++) {
          merged.get(t).add(Math.toIntExact(strides[t][axis]));
        }
      }
    }
    return new Axes(sizes, merged);
  }

  private static boolean continues(
      int size, List<List<Integer>> merged, long[][] strides, int axis) {
    for (int t = 0; t < strides.length; t++) {
      if (strides[t][axis] != (long) merged.get(t).getLast() * size) {
        return false;
      }
    }
    return true;
  }

  /** Strides by which a tensor is seen as a larger shape that it broadcasts to. */
  static long[] broadcast(Shape from, Shape to) {
    long[] own = from.strides();
    long[] strides = new long[to.rank()];
    for (int i = 0; i < from.rank(); i++) {
      strides[to.rank() - from.rank() + i] = from.dim(i) == 1 ? 0 : own[i];
    }
    return strides;
  }

  /** One axis, walked along by one tensor. */
  static Axes line(int size, int stride) {
    return size == 1 ? NONE : new Axes(List.of(size), List.of(List.of(stride)));
  }

  /** The axes of both. */
  static Axes joined(Axes inner, Axes outer) {
    List<Integer> sizes = new ArrayList<>(inner.sizes);
    sizes.addAll(outer.sizes);
    List<Integer> strides = new ArrayList<>(inner.strides.getFirst());
    strides.addAll(outer.strides.getFirst());
    return new Axes(sizes, List.of(strides));
  }

  /** All axes but the innermost. */
  Axes outer() {
    return new Axes(
        sizes.subList(1, rank()), strides.stream().map(s -> s.subList(1, rank())).toList());
  }

  /** Number of axes. */
  int rank() {
    return sizes.size();
  }

  /** Number of indices. */
  int count() {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  /** Begins parameters of a task: {@code head}, then for each axis its size and all strides. */
  int[] after(int... head) {
    int width = 1 + strides.size();
    int[] p = java.util.Arrays.copyOf(head, head.length + rank() * width);
    for (int k = 0; k < rank(); k++) {
      int at = head.length + k * width;
      p[at] = sizes.get(k);
      for (int t = 0; t < strides.size(); t++) {
        p[at + 1 + t] = strides.get(t).get(k);
      }
    }
    return p;
  }
}
