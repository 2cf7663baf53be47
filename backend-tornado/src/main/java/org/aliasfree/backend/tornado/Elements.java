package org.aliasfree.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;

/** Copies elements between tensors of the host and the arrays that the device knows. */
final class Elements {
  private Elements() {}

  /** Copies a tensor to its place. */
  static void put(HostTensor from, Place to) {
    if (from.dtype() == DType.U8) {
      int[] array = to.ints();
      int n = Math.toIntExact(from.type().elements());
      for (int i = 0; i < n; i++) {
        array[to.offset() + i] = from.data().get(ValueLayout.JAVA_BYTE, i) & 0xff;
      }
    } else {
      segment(to, from.type().bytes()).copyFrom(from.data());
    }
  }

  /** Copies the elements at a place into a tensor. */
  static void get(Place from, HostTensor to) {
    if (to.dtype() == DType.U8) {
      int[] array = from.ints();
      int n = Math.toIntExact(to.type().elements());
      for (int i = 0; i < n; i++) {
        to.data().set(ValueLayout.JAVA_BYTE, i, (byte) array[from.offset() + i]);
      }
    } else {
      to.data().copyFrom(segment(from, to.type().bytes()));
    }
  }

  private static MemorySegment segment(Place place, long bytes) {
    MemorySegment whole =
        place.array() instanceof float[] floats
            ? MemorySegment.ofArray(floats)
            : MemorySegment.ofArray(place.ints());
    return whole.asSlice(4L * place.offset(), bytes);
  }
}
