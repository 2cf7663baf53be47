// Images whose planes may be f32 or f16, and how kernels go through them.
#pragma once
#include "kernel.cuh"

// An element of a tensor of type F32 or F16.
__device__ __forceinline__ float load_element(const void* tensor, long long at, int type) {
  return type == F16 ? __half2float(((const __half*)tensor)[at]) : ((const float*)tensor)[at];
}
__device__ __forceinline__ void store_element(void* tensor, long long at, int type, float v) {
  if (type == F16) {
    ((__half*)tensor)[at] = __float2half(v);
  } else {
    ((float*)tensor)[at] = v;
  }
}

// i modulo n, 0 ... n - 1 for negative i as well.
__device__ __forceinline__ int floor_mod(int i, int n) {
  int r = i % n;
  return r < 0 ? r + n : r;
}

// The largest whole number that is not above i / n.
__device__ __forceinline__ int floor_div(int i, int n) { return (i - floor_mod(i, n)) / n; }
