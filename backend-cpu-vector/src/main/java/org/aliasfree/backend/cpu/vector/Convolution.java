package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of a fixed shape, in the form that suits it: {@link ConvPlan} sums directly, {@link
 * WinogradPlan} is two to three times faster for 3x3 kernels of many channels and somewhat less
 * exact. The choice depends on the shape of one image alone, never on the batch or on threads.
 */
sealed interface Convolution permits ConvPlan, WinogradPlan {
  /**
   * Fewer input channels than this are not worth transforming with the small tile, and are summed
   * directly for their exactness.
   */
  int WINOGRAD_IN = 64;

  /** As {@link #WINOGRAD_IN} for output channels. */
  int WINOGRAD_OUT = 40;

  /**
   * With the large tile: the least number of products for each channel transformed, in or out. With
   * as many channels out as in that is 48 of each.
   */
  int WINOGRAD_PRODUCTS = 24;

  /** The convolution of shape {@code s}. */
  static Convolution forward(ConvShape s) {
    int height = s.outHeight();
    int width = s.outWidth();
    return suits(s, height, width)
        ? new WinogradPlan(s, WinogradTile.of(height, width), false, height, width)
        : ConvPlan.forward(s);
  }

  /** The transposed convolution, see {@link ConvPlan#transposed}. */
  static Convolution transposed(ConvShape s, int outHeight, int outWidth) {
    return suits(s, outHeight, outWidth)
        ? new WinogradPlan(s, WinogradTile.of(outHeight, outWidth), true, outHeight, outWidth)
        : ConvPlan.transposed(s, outHeight, outWidth);
  }

  private static boolean suits(ConvShape s, int outHeight, int outWidth) {
    boolean plain =
        s.strideY() == 1 && s.strideX() == 1 && s.dilationY() == 1 && s.dilationX() == 1;
    return VectorSupport.used()
        && WinogradTile.allowed()
        && plain
        && s.groups() == 1
        && s.kernelHeight() == 3
        && s.kernelWidth() == 3
        && hasChannels(s, WinogradTile.of(outHeight, outWidth))
        && outHeight >= 12
        && outWidth >= 12;
  }

  private static boolean hasChannels(ConvShape s, WinogradTile tile) {
    long in = s.inChannels();
    long out = s.outChannels();
    return tile == WinogradTile.SIX
        ? in * out >= WINOGRAD_PRODUCTS * (in + out)
        : in >= WINOGRAD_IN && out >= WINOGRAD_OUT;
  }

  /** Names the order of packed weights: plans of equal layouts can share them. */
  Object layout();

  /** The number of packed weights. */
  int packedFloats();

  /**
   * Packing of the weights, once for any number of runs.
   *
   * @param weights dense f32
   * @param packed {@link #packedFloats} zeros, which receive the packed weights
   */
  Work packing(MemorySegment weights, float[] packed);

  /** Says what the tasks of {@link #bind} will ask of the memory that they share. */
  default void announce(SharedScratch shared) {}

  /** Packs on the calling thread. */
  default float[] pack(MemorySegment weights) {
    float[] packed = new float[packedFloats()];
    packing(weights, packed).runAll(new Scratch());
    return packed;
  }

  /**
   * Joins the plan to its operands.
   *
   * @param x input, dense f32
   * @param packed packed weights of this layout
   * @param y output, dense f32, every element is written
   * @param inScale multiplies input channel {@code [n, c]}, or null
   * @param outScale multiplies output channel {@code [n, o]}, or null
   * @param shared memory that the tasks share; no other work may use it during the run, any may
   *     before and after
   */
  Work bind(
      MemorySegment x,
      float[] packed,
      MemorySegment y,
      @Nullable MemorySegment inScale,
      @Nullable MemorySegment outScale,
      Scratch shared);
}
