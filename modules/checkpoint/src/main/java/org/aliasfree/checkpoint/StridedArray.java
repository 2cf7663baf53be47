package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * A view of elements that lie in a file: torch's tensors and numpy's arrays are both this. Checked
 * when made.
 */
final class StridedArray {
  private static final int HIGHEST_RANK = 16;

  private final ElementType element;
  private MemorySegment data;
  private final long first;
  private final long[] sizes;
  private final long[] strides;
  private final TensorType type;
  private final long offset;
  private final ReadingBudget budget;
  private @Nullable HostTensor dense;

  /**
   * @param element element type in the file
   * @param data all elements of the storage
   * @param first index of the first element
   * @param sizes shape
   * @param strides in elements, not negative
   * @param offset where in the file to report errors
   */
  StridedArray(
      ElementType element,
      MemorySegment data,
      long first,
      long[] sizes,
      long[] strides,
      long offset,
      ReadingBudget budget) {
    this.element = element;
    this.data = data;
    this.first = first;
    this.sizes = sizes;
    this.strides = strides;
    this.offset = offset;
    this.budget = budget;
    check(data.byteSize() / element.bytes());
    this.type = new TensorType(element.dtype(), Shape.of(sizes));
  }

  /**
   * Strides of a dense array, in elements; meaningless (but harmless) when the product of the sizes
   * overflows.
   */
  static long[] denseStrides(long[] sizes, boolean fortran) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int k = 0; k < sizes.length; k++) {
      int axis = fortran ? k : sizes.length - 1 - k;
      strides[axis] = stride;
      stride = saturatingProduct(stride, Math.max(sizes[axis], 1));
    }
    return strides;
  }

  /** The same elements with the axes in another order. */
  StridedArray permuted(long[] axes) {
    long[] sorted = axes.clone();
    Arrays.sort(sorted);
    long[] inOrder = new long[sizes.length];
    Arrays.setAll(inOrder, k -> k);
    if (!Arrays.equals(sorted, inOrder)) {
      throw new Malformed(
          offset,
          "the axes of an array, "
              + Quoted.bare(Arrays.toString(axes))
              + ", are no permutation of those of "
              + describe()
              + ".");
    }
    long[] permutedSizes = Arrays.stream(axes).map(axis -> sizes[(int) axis]).toArray();
    long[] permutedStrides = Arrays.stream(axes).map(axis -> strides[(int) axis]).toArray();
    return new StridedArray(element, data, first, permutedSizes, permutedStrides, offset, budget);
  }

  private static long saturatingProduct(long a, long b) {
    return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
  }

  private void check(long stored) {
    if (sizes.length > HIGHEST_RANK || strides.length != sizes.length) {
      throw new Malformed(
          offset,
          "an array has "
              + sizes.length
              + " sizes and "
              + strides.length
              + " strides; as many of each, 16 at most, are expected.");
    }
    long elements = 1;
    boolean empty = false;
    for (int k = 0; k < sizes.length; k++) {
      if (sizes[k] < 0 || strides[k] < 0) {
        throw new Malformed(offset, "an array has a negative size or stride: " + describe() + ".");
      }
      elements = saturatingProduct(elements, Math.max(sizes[k], 1));
      empty |= sizes[k] == 0;
    }
    if (elements > Math.max(stored, 1) && !(empty && elements < Long.MAX_VALUE)) {
      throw new Malformed(
          offset,
          "an array has more elements than its storage, which has "
              + stored
              + ": "
              + describe()
              + ".");
    }
    if (!empty && (first < 0 || first >= stored || reach() > stored - 1 - first)) {
      throw new Malformed(
          offset,
          "an array reaches beyond its storage, which has "
              + stored
              + " elements: "
              + describe()
              + ".");
    }
  }

  /** Distance from the first to the last element. */
  private long reach() {
    long reach = 0;
    for (int k = 0; k < sizes.length; k++) {
      long step = saturatingProduct(sizes[k] - 1, strides[k]);
      reach = reach > Long.MAX_VALUE - step ? Long.MAX_VALUE : reach + step;
    }
    return reach;
  }

  private String describe() {
    return "first element "
        + first
        + ", sizes "
        + Arrays.toString(sizes)
        + ", strides "
        + Arrays.toString(strides);
  }

  TensorType type() {
    return type;
  }

  ElementType element() {
    return element;
  }

  /**
   * The elements in row-major order: the file's own memory where they lie so already, otherwise a
   * copy made at the first call.
   */
  synchronized HostTensor toHostTensor() {
    HostTensor result = dense;
    if (result == null) {
      result = isDense() && element.isNative() ? slice() : copy();
      dense = result;
      // A storage that was decoded from text is freed when no other array needs it.
      data = MemorySegment.NULL;
    }
    return result;
  }

  private boolean isDense() {
    long[] expected = denseStrides(sizes, false);
    for (int k = 0; k < sizes.length; k++) {
      if (sizes[k] > 1 && strides[k] != expected[k]) {
        return false;
      }
    }
    return true;
  }

  private HostTensor slice() {
    long from = type.bytes() == 0 ? 0 : first * element.bytes();
    return new HostTensor(type, data.asSlice(from, type.bytes()));
  }

  private HostTensor copy() {
    budget.copy(type.bytes(), offset);
    HostTensor copy = HostTensor.allocate(type);
    int last = sizes.length - 1;
    long row = last < 0 ? 1 : sizes[last];
    long[] index = new long[sizes.length];
    long from = first;
    for (long to = 0; to < type.elements(); to += row) {
      element.copy(data, from, last < 0 ? 0 : strides[last], copy.data(), to, row);
      for (int axis = last - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        from -= strides[axis] * sizes[axis];
        index[axis] = 0;
      }
    }
    return copy;
  }
}
