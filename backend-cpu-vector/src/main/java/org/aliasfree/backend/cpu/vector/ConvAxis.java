package org.aliasfree.backend.cpu.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One axis of a convolution whose output advances by one as its input does: a strided convolution
 * becomes one by cutting the input into planes (every stride-th element), a transposed one by
 * cutting the output. Then {@code out[q] = sum over taps t of w[kernel(t)] * plane(t)[q +
 * offset(t)]} where element X of plane b is input element {@code inStride*X + b - pad}, or zero
 * outside the input, and {@code out[q]} is element {@code outStart + q*outStride} of the output.
 */
final class ConvAxis {
  /** Elements of the input. */
  final int in;

  /** Input elements from one element of a plane to the next. */
  final int inStride;

  /** Zeros before the input; negative crops. */
  final int pad;

  /** First input element of each plane, before the padding is taken off. */
  final int[] planes;

  /** Kernel element of each tap. */
  final int[] kernel;

  /** Index into {@link #planes} of each tap. */
  final int[] plane;

  /** Offset of each tap in its plane, 0 or more. */
  final int[] offset;

  /** Output elements. */
  final int out;

  /** Place of the first one. */
  final int outStart;

  /** Places from one to the next. */
  final int outStride;

  private ConvAxis(
      int in, int inStride, int pad, int[][] taps, int out, int outStart, int outStride) {
    this.in = in;
    this.inStride = inStride;
    this.pad = pad;
    this.out = out;
    this.outStart = outStart;
    this.outStride = outStride;
    kernel = column(taps, 0);
    offset = column(taps, 2);
    int[] starts = column(taps, 1);
    planes = Arrays.stream(starts).distinct().sorted().toArray();
    plane = new int[taps.length];
    for (int t = 0; t < taps.length; t++) {
      plane[t] = Arrays.binarySearch(planes, starts[t]);
    }
  }

  /** The single axis of a forward convolution. */
  static ConvAxis forward(int in, int out, int kernel, int stride, int dilation, int pad) {
    int[][] taps = new int[kernel][];
    for (int k = 0; k < kernel; k++) {
      taps[k] = new int[] {k, k * dilation % stride, k * dilation / stride};
    }
    return new ConvAxis(in, stride, pad, taps, out, 0, 1);
  }

  /**
   * The axes of a transposed convolution, one for each remainder of the output place by the stride.
   */
  static List<ConvAxis> transposed(int in, int out, int kernel, int stride, int dilation, int pad) {
    List<ConvAxis> axes = new ArrayList<>();
    for (int r = 0; r < Math.min(stride, out); r++) {
      List<int[]> taps = new ArrayList<>();
      int least = Integer.MAX_VALUE;
      for (int k = 0; k < kernel; k++) {
        int reach = r + pad - k * dilation;
        if (Math.floorMod(reach, stride) == 0) {
          int offset = Math.floorDiv(reach, stride);
          taps.add(new int[] {k, 0, offset});
          least = Math.min(least, offset);
        }
      }
      for (int[] tap : taps) {
        tap[2] -= least;
      }
      int origin = taps.isEmpty() ? 0 : -least;
      int count = (out - r + stride - 1) / stride;
      axes.add(new ConvAxis(in, 1, origin, taps.toArray(int[][]::new), count, r, stride));
    }
    return axes;
  }

  /** Whether a single tap takes each element to the same place. */
  boolean isIdentity() {
    return taps() == 1
        && in == out
        && inStride == 1
        && outStride == 1
        && pad == planes[0]
        && outStart == 0;
  }

  /** The number of taps. */
  int taps() {
    return kernel.length;
  }

  /** The largest offset of a tap. */
  int reach() {
    int most = 0;
    for (int o : offset) {
      most = Math.max(most, o);
    }
    return most;
  }

  /** First element of plane {@code b} that lies in the input. */
  int first(int b) {
    return Math.max(0, Math.ceilDiv(pad - planes[b], inStride));
  }

  /** One past the last element of plane {@code b} that lies in the input. */
  int end(int b) {
    return Math.max(0, Math.floorDiv(in - 1 + pad - planes[b], inStride) + 1);
  }

  /**
   * How many elements rows laid one after the other may overlap: the zeros after a row then serve
   * as those before the next.
   */
  int sharedZeros() {
    int reach = reach();
    int shared = reach;
    for (int b = 0; b < planes.length; b++) {
      shared = Math.min(shared, Math.min(first(b), out + reach - end(b)));
    }
    return Math.max(0, shared);
  }

  private static int[] column(int[][] taps, int which) {
    int[] all = new int[taps.length];
    for (int t = 0; t < taps.length; t++) {
      all[t] = taps[t][which];
    }
    return all;
  }
}
