// f32 as the sum of two tf32 for tensor cores: v = high + low to 2⁻²² of v, so that high·high + high·low + low·high is the
// product to f32's accuracy.
//
// Both parts have the sign of v, and the low one is never 0 where v is not tiny: a product with an infinity would be NaN
// otherwise, where f32 gives an infinity. For an infinite v the low part is the smallest normal number; NaN stays NaN.
// high is v with digits cut off, as rounding up could overflow.
#pragma once
#include "kernel.cuh"

__device__ __forceinline__ void split_tf32(float v, uint32_t& high, uint32_t& low) {
  const float least = __uint_as_float(0x00800000), tiny = __uint_as_float(27u << 23);  // 2⁻¹²⁶, 2⁻¹⁰⁰
  uint32_t bits = __float_as_uint(v), magnitude = bits & 0x7fffffff;
  high = magnitude > 0x7f800000 ? 0x7fffe000 : bits & 0xffffe000;
  float rest = v - __uint_as_float(high);
  bool finite = magnitude < 0x7f800000;
  // Of the largest numbers the low part is cut off too, so that the sum of both is no more than v.
  low = magnitude < 0x7f000000 ? to_tf32(rest) : __float_as_uint(rest) & 0xffffe000;
  uint32_t tail = low & 0x7fffffff;
  if (magnitude <= 0x7f800000 && (!finite || (magnitude >= __float_as_uint(tiny) && tail < 0x00800000))) {
    low = (bits & 0x80000000) | __float_as_uint(least);
  }
}
