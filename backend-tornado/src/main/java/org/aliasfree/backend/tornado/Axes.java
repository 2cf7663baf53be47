package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.support.StridedAxes;
import org.aliasfree.tensor.Shape;

/**
 * {@link StridedAxes} as tasks take them, which compute with int.
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
    StridedAxes axes = StridedAxes.of(shape, List.of(strides));
    return new Axes(ints(axes.sizes()), axes.strides().stream().map(Axes::ints).toList());
  }

  private static List<Integer> ints(List<Long> values) {
    return values.stream().map(Math::toIntExact).toList();
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
