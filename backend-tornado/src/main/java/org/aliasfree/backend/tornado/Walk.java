package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a convolution goes along one axis, when the input is cut into windows: sample r of phase f is
 * the input at r·step + phases[f] − before, and output k is a sum over taps of sample k + shift.
 *
 * @param size samples of a window
 * @param outputs how many are computed; output k is number {@code first + k · spacing} of the
 *     result
 * @param taps of the kernel that take part
 */
record Walk(
    int step,
    int before,
    int size,
    List<Integer> phases,
    int outputs,
    int first,
    int spacing,
    List<Tap> taps) {

  /**
   * A tap of the kernel.
   *
   * @param index in the kernel
   * @param phase index of the window
   */
  record Tap(int index, int phase, int shift) {}

  /** Of the convolution itself: tap u lies over input p · stride + u · dilation − before. */
  static Walk forward(int stride, int dilation, int before, int outputs, int kernel) {
    List<Integer> phases =
        java.util.stream.IntStream.range(0, kernel)
            .map(u -> u * dilation % stride)
            .distinct()
            .sorted()
            .boxed()
            .toList();
    List<Tap> taps = new ArrayList<>();
    for (int u = 0; u < kernel; u++) {
      taps.add(new Tap(u, phases.indexOf(u * dilation % stride), u * dilation / stride));
    }
    int most = (kernel - 1) * dilation / stride;
    return new Walk(stride, before, outputs + most, phases, outputs, 0, 1, taps);
  }

  /**
   * Of the adjoint: one walk for each remainder of outputs by the stride, as they have different
   * taps. All have the same window.
   *
   * @param outputs size of the result
   */
  static List<Walk> adjoint(int stride, int dilation, int before, int outputs, int kernel) {
    int least = Integer.MAX_VALUE;
    int end = Integer.MIN_VALUE;
    List<Walk> walks = new ArrayList<>();
    for (int first = 0; first < Math.min(stride, outputs); first++) {
      int count = (outputs - 1 - first) / stride + 1;
      List<Tap> taps = new ArrayList<>();
      for (int u = 0; u < kernel; u++) {
        int from = first + before - u * dilation;
        if (Math.floorMod(from, stride) == 0) {
          taps.add(new Tap(u, 0, from / stride));
          least = Math.min(least, from / stride);
          end = Math.max(end, from / stride + count);
        }
      }
      walks.add(new Walk(1, 0, 0, List.of(0), count, first, stride, taps));
    }
    int lowest = least > end ? 0 : least;
    int size = least > end ? 1 : end - least;
    return walks.stream().map(w -> w.over(lowest, size)).toList();
  }

  private Walk over(int lowest, int window) {
    List<Tap> moved = taps.stream().map(t -> new Tap(t.index, 0, t.shift - lowest)).toList();
    return new Walk(step, -lowest, window, phases, outputs, first, spacing, moved);
  }

  /** A window of another size at the same place, with no taps: for an image that goes along. */
  static Walk plain(int size) {
    return new Walk(1, 0, size, List.of(0), size, 0, 1, List.of());
  }

  /** Parameters of the cutting of windows from planes of {@code height} by {@code width}. */
  static int[] window(
      Walk y, Walk x, int planes, int height, int width, int slack, Place from, Place to) {
    int fy = y.phases.size();
    int fx = x.phases.size();
    int[] p = new int[20 + fy + fx];
    int[] head = {
      Math.multiplyExact(planes, fy * fx * y.size),
      from.offset(),
      height,
      width,
      to.offset(),
      y.size,
      x.size,
      slack,
      y.step,
      x.step,
      y.before,
      x.before,
      fy,
      fx
    };
    System.arraycopy(head, 0, p, 0, head.length);
    for (int i = 0; i < fy; i++) {
      p[20 + i] = y.phases.get(i);
    }
    for (int i = 0; i < fx; i++) {
      p[20 + fy + i] = x.phases.get(i);
    }
    return p;
  }

  /** Elements of the windows of a plane. */
  static int plane(Walk y, Walk x, int slack) {
    return Math.toIntExact((long) y.phases.size() * x.phases.size() * y.size * x.size + slack);
  }

  /** Shift of each pair of taps in the windows of a plane, then their places in the kernel. */
  static int[] taps(Walk y, Walk x, int kernelX) {
    int count = y.taps.size() * x.taps.size();
    int[] table = new int[2 * count];
    int i = 0;
    for (Tap v : y.taps) {
      for (Tap h : x.taps) {
        int window = v.phase * x.phases.size() + h.phase;
        table[i] = (window * y.size + v.shift) * x.size + h.shift;
        table[count + i++] = v.index * kernelX + h.index;
      }
    }
    return table;
  }

  /** {@code head}, zeros up to {@code at}, then {@code table}. */
  static int[] parameters(int at, int[] head, int[] table) {
    int[] p = Arrays.copyOf(head, at + table.length);
    System.arraycopy(table, 0, p, at, table.length);
    return p;
  }
}
