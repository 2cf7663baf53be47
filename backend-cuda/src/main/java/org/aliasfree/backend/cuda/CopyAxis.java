package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis along which elements are copied.
 *
 * @param size how many indices there are
 * @param from stride in the source; negative where the order is reversed
 * @param to stride in the target
 * @param first first index at which the source has something; the target becomes 0 elsewhere
 * @param end index below which it has
 */
record CopyAxis(long size, long from, long to, long first, long end) {
  /** An axis along which the source has something at every index. */
  static CopyAxis of(long size, long from, long to) {
    return new CopyAxis(size, from, to, 0, size);
  }

  /** Whether the source has something at every index. */
  boolean isWhole() {
    return first <= 0 && end >= size;
  }

  /** The same elements by fewer axes, the innermost first. Takes them the outermost first. */
  static List<CopyAxis> merged(List<CopyAxis> axes) {
    List<CopyAxis> merged = new ArrayList<>();
    for (CopyAxis outer : axes.reversed()) {
      if (outer.size == 1 && outer.isWhole()) {
        continue;
      }
      CopyAxis inner = merged.isEmpty() ? null : merged.getLast();
      if (inner != null
          && inner.isWhole()
          && outer.from == inner.from * inner.size
          && outer.to == inner.to * inner.size) {
        long n = inner.size;
        merged.removeLast();
        merged.add(
            new CopyAxis(outer.size * n, inner.from, inner.to, outer.first * n, outer.end * n));
      } else {
        merged.add(outer);
      }
    }
    return List.copyOf(merged);
  }

  /** Whether the axis can be walked along in groups of elements; the innermost axis is. */
  boolean fits(boolean innermost, long group) {
    return innermost
        ? from == 1 && to == 1 && size % group == 0 && first % group == 0 && end % group == 0
        : from % group == 0 && to % group == 0;
  }

  /** The same in groups of elements. */
  CopyAxis inGroups(boolean innermost, long group) {
    return innermost
        ? new CopyAxis(size / group, 1, 1, first / group, end / group)
        : new CopyAxis(size, from / group, to / group, first, end);
  }
}
