// Elements that are picked along an axis by indices, and the adjoint. x is [outer, size, inner]; an index that is out of
// range is followed nowhere.
#pragma once
#include "index.cuh"

struct GatherArgs {
  const void* x;
  const int* indices;
  void* y;
  Divisor inner, count;  // units after the axis, indices
  long long size;        // of the axis in x
  unsigned n;            // units of y
};

// y[o, k, r] = x[o, indices[k], r]; 0 for an index out of range.
template <class Unit>
__device__ __forceinline__ void gather(const GatherArgs& a) {
  unsigned i = (unsigned)global_thread();
  if (i >= a.n) return;
  unsigned line = divide(i, a.inner);
  unsigned r = i - line * a.inner.divisor;
  unsigned outer = divide(line, a.count);
  long long j = a.indices[line - outer * a.count.divisor];
  Unit v = {};
  if (j >= 0 && j < a.size) v = ((const Unit*)a.x)[(outer * a.size + j) * a.inner.divisor + r];
  ((Unit*)a.y)[i] = v;
}
FLAT_KERNEL(gather_1, GatherArgs, 256) { gather<unsigned char>(a); }
FLAT_KERNEL(gather_2, GatherArgs, 256) { gather<unsigned short>(a); }
FLAT_KERNEL(gather_4, GatherArgs, 256) { gather<unsigned>(a); }
FLAT_KERNEL(gather_8, GatherArgs, 256) { gather<uint2>(a); }
FLAT_KERNEL(gather_16, GatherArgs, 256) { gather<uint4>(a); }

struct ScatterAddArgs {
  const void* x;
  const int* indices;
  void* y;
  Divisor inner, size;  // elements after the axis, and of the axis in y
  int count;            // indices
  unsigned n;           // elements of y
};

// y[o, j, r] = Σ x[o, k, r] over the k with indices[k] = j, in ascending order, in blocks of 64 that are summed apart.
template <class T>
__device__ __forceinline__ void scatter_add(const ScatterAddArgs& a) {
  unsigned i = (unsigned)global_thread();
  if (i >= a.n) return;
  unsigned line = divide(i, a.inner);
  unsigned r = i - line * a.inner.divisor;
  unsigned outer = divide(line, a.size);
  int j = (int)(line - outer * a.size.divisor);
  const T* x = (const T*)a.x + (long long)outer * a.count * a.inner.divisor + r;
  float sum = 0;
  for (int start = 0; start < a.count; start += 64) {
    int end = start + 64 < a.count ? start + 64 : a.count;
    float part = 0;
    for (int k = start; k < end; k++) {
      if (a.indices[k] == j) part += to_float(x[(long long)k * a.inner.divisor]);
    }
    sum += part;
  }
  ((T*)a.y)[i] = from_float<T>(sum);
}
FLAT_KERNEL(scatter_add_f32, ScatterAddArgs, 256) { scatter_add<float>(a); }
FLAT_KERNEL(scatter_add_f16, ScatterAddArgs, 256) { scatter_add<__half>(a); }
