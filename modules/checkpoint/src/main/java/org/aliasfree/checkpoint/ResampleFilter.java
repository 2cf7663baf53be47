package org.aliasfree.checkpoint;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * The low-pass filter that the modules of StyleGAN2 keep for resampling: the outer product of the
 * taps given, or the taps themselves from 8 on, so scaled that the sum is 1.
 */
final class ResampleFilter {
  private static final int SEPARABLE_FROM = 8;

  /** The taps that a module has when it is given none. */
  static final List<Long> USUAL = List.of(1L, 3L, 3L, 1L);

  private ResampleFilter() {}

  /**
   * The filter of a keyword.
   *
   * @param taps a list of numbers, or null for no filtering
   */
  static HostTensor of(@Nullable Object taps, long offset) {
    float[] values = values(taps == null ? List.of(1L) : taps, offset);
    int n = values.length;
    boolean separable = n >= SEPARABLE_FROM;
    HostTensor filter = HostTensor.allocate(separable ? TensorType.f32(n) : TensorType.f32(n, n));
    double sum = 0;
    for (int i = 0; i < filter.type().elements(); i++) {
      float value = separable ? values[i] : values[i / n] * values[i % n];
      filter.set(i, value);
      sum += value;
    }
    for (int i = 0; i < filter.type().elements(); i++) {
      filter.set(i, (float) filter.get(i) / (float) sum);
    }
    return filter;
  }

  private static float[] values(Object taps, long offset) {
    List<Float> values = new ArrayList<>();
    if (taps instanceof List<?> list) {
      for (Object tap : list) {
        if (tap instanceof Long || tap instanceof Double) {
          values.add(((Number) tap).floatValue());
        }
      }
      if (!list.isEmpty() && values.size() == list.size()) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
          array[i] = values.get(i);
        }
        return array;
      }
    }
    throw new Malformed(
        offset,
        "the keyword resample_kernel is "
            + Quoted.bare(String.valueOf(taps))
            + "; a list of numbers or None is expected.");
  }
}
