// Leaky ReLU with a clamp, and what a map remembers of it: 0 where the slope is 1, 1 where it is `slope`, 2 where the value
// was clamped.
#pragma once
#include "images.cuh"

// clamp(lrelu(t)) and its code. NaN passes.
__device__ __forceinline__ float activated(float t, float slope, float clamp, unsigned& code) {
  bool negative = t < 0.0f;
  float v = negative ? t * slope : t;
  bool clamped = fabsf(v) > clamp;
  code = clamped ? 2u : negative ? 1u : 0u;
  return clamped ? copysignf(clamp, v) : v;
}

// t times the slope of a code; 0 for one that was clamped, whatever t is.
__device__ __forceinline__ float sloped(float t, unsigned code, float slope) {
  return code == 0 ? t : code == 1 ? t * slope : 0.0f;
}
