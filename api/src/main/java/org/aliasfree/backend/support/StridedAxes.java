package org.aliasfree.backend.support;

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
public record StridedAxes(List<Long> sizes, List<List<Long>> strides) {
  /** Copies the lists. */
  public StridedAxes {
    sizes = List.copyOf(sizes);
    strides = strides.stream().map(List::copyOf).toList();
  }

  /**
   * Merges the axes of a shape.
   *
   * @param strides of each tensor along each axis of the shape
   */
  public static StridedAxes of(Shape shape, List<long[]> strides) {
    List<Long> sizes = new ArrayList<>();
    List<List<Long>> merged = new ArrayList<>();
    strides.forEach(s -> merged.add(new ArrayList<>()));
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (shape.dim(axis) == 1) {
        continue;
      }
      int last = sizes.size() - 1;
      if (last >= 0 && continues(sizes.get(last), merged, strides, axis)) {
        sizes.set(last, sizes.get(last) * shape.dim(axis));
      } else {
        sizes.add(shape.dim(axis));
        for (int t = 0; t < strides.size(); t++) {
          merged.get(t).add(strides.get(t)[axis]);
        }
      }
    }
    return new StridedAxes(sizes, merged);
  }

  private static boolean continues(
      long size, List<List<Long>> merged, List<long[]> strides, int axis) {
    for (int t = 0; t < strides.size(); t++) {
      if (strides.get(t)[axis] != merged.get(t).getLast() * size) {
        return false;
      }
    }
    return true;
  }

  /** Number of axes. */
  public int rank() {
    return sizes.size();
  }

  /** Number of indices. */
  public long count() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** The stride of a tensor along an axis. */
  public long stride(int tensor, int axis) {
    return strides.get(tensor).get(axis);
  }

  /** The same with other many indices of the outermost axis, which goes where that is 1. */
  public StridedAxes withOutermost(long count) {
    int last = rank() - 1;
    List<Long> fewer = new ArrayList<>(sizes.subList(0, last));
    if (count == 1) {
      return new StridedAxes(fewer, strides.stream().map(s -> s.subList(0, last)).toList());
    }
    fewer.add(count);
    return new StridedAxes(fewer, strides);
  }
}
