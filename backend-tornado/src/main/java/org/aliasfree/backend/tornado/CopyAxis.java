package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis of an output whose elements come from an input.
 *
 * @param size of the output
 * @param stride in the input, from one index to the next; negative where the order is reversed
 * @param from first index at which there is something in the input
 * @param to index below which there is
 */
record CopyAxis(int size, int stride, int from, int to) {

  private boolean isBounded() {
    return from > 0 || to < size;
  }

  /** The same elements by fewer axes, the innermost first. Takes them the outermost first. */
  static List<CopyAxis> merged(List<CopyAxis> axes) {
    List<CopyAxis> merged = new ArrayList<>();
    for (CopyAxis outer : axes.reversed()) {
      CopyAxis inner = merged.isEmpty() ? null : merged.getLast();
      if (outer.size == 1 && !outer.isBounded()) {
        continue;
      }
      if (inner != null && !inner.isBounded() && outer.stride == inner.stride * inner.size) {
        int n = inner.size;
        merged.removeLast();
        merged.add(
            new CopyAxis(
                Math.multiplyExact(outer.size, n), inner.stride, outer.from * n, outer.to * n));
      } else {
        merged.add(outer);
      }
    }
    return List.copyOf(merged);
  }

  /** Whether nothing comes from outside the input. */
  static boolean areUnbounded(List<CopyAxis> axes) {
    return axes.stream().noneMatch(CopyAxis::isBounded);
  }

  /** Parameters of a task: {@code head}, then size and stride of each axis, and its range. */
  static int[] after(List<CopyAxis> axes, boolean ranges, int... head) {
    int width = ranges ? 4 : 2;
    int[] p = java.util.Arrays.copyOf(head, head.length + axes.size() * width);
    for (int k = 0; k < axes.size(); k++) {
      CopyAxis axis = axes.get(k);
      int at = head.length + k * width;
      p[at] = axis.size;
      p[at + 1] = axis.stride;
      if (ranges) {
        p[at + 2] = axis.from;
        p[at + 3] = axis.to;
      }
    }
    return p;
  }
}
