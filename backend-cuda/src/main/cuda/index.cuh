// How kernels find elements along axes: division by numbers that are known at launch, and groups of neighbouring elements.
#pragma once
#include "kernel.cuh"

// Divides numbers below 2^31 by multiplying (Granlund and Montgomery 1994). With s = ceil(log2 d), magic is
// floor(2^32 · (2^s − d) / d) + 1 and shift is s; Divisor.java works them out.
struct Divisor {
  unsigned divisor, magic, shift;
};
__device__ __forceinline__ unsigned divide(unsigned n, const Divisor& d) {
  unsigned high = (unsigned)(((unsigned long long)n * d.magic) >> 32);
  return (high + n) >> d.shift;
}

// Splits an index into those along axes, the innermost first; along axes that are not there it is 0.
template <int MOST>
__device__ __forceinline__ void split(unsigned index, const Divisor (&sizes)[MOST], int rank, unsigned (&at)[MOST]) {
#pragma unroll
  for (int k = 0; k < MOST; k++) {
    if (k < rank - 1) {
      unsigned rest = divide(index, sizes[k]);
      at[k] = index - rest * sizes[k].divisor;
      index = rest;
    } else {
      at[k] = index;
      index = 0;
    }
  }
}

__device__ __forceinline__ float half_of(unsigned pair, int high) {
  return __half2float(__ushort_as_half((unsigned short)(high ? pair >> 16 : pair & 0xffff)));
}
__device__ __forceinline__ unsigned half_bits_of(float v) { return __half_as_ushort(__float2half(v)); }

// Elements are held as words: the bits of an f32 for f32 and f16, an i32 for i32 and u8. A group of N of them lies at a
// multiple of N elements.
template <int N>
__device__ __forceinline__ void load_group(const void* p, long long at, int type, unsigned (&v)[N]) {
  static_assert(N == 1 || N == 4 || N == 8, "sizes of groups");
  if (type == F32 || type == I32) {
    const unsigned* x = (const unsigned*)p + at;
    if constexpr (N == 1) {
      v[0] = *x;
    } else {
#pragma unroll
      for (int i = 0; i < N; i += 4) {
        uint4 q = *(const uint4*)(x + i);
        v[i] = q.x, v[i + 1] = q.y, v[i + 2] = q.z, v[i + 3] = q.w;
      }
    }
  } else if (type == F16) {
    const unsigned short* x = (const unsigned short*)p + at;
    if constexpr (N == 1) {
      v[0] = __float_as_uint(__half2float(__ushort_as_half(*x)));
    } else {
      unsigned pairs[N / 2];
      if constexpr (N == 4) {
        uint2 q = *(const uint2*)x;
        pairs[0] = q.x, pairs[1] = q.y;
      } else {
        uint4 q = *(const uint4*)x;
        pairs[0] = q.x, pairs[1] = q.y, pairs[2] = q.z, pairs[3] = q.w;
      }
#pragma unroll
      for (int i = 0; i < N; i++) v[i] = __float_as_uint(half_of(pairs[i / 2], i & 1));
    }
  } else {
    const unsigned char* x = (const unsigned char*)p + at;
    if constexpr (N == 1) {
      v[0] = *x;
    } else {
#pragma unroll
      for (int i = 0; i < N; i += 4) {
        unsigned q = *(const unsigned*)(x + i);
#pragma unroll
        for (int j = 0; j < 4; j++) v[i + j] = q >> 8 * j & 0xff;
      }
    }
  }
}

template <int N>
__device__ __forceinline__ void store_group(void* p, long long at, int type, const unsigned (&v)[N]) {
  static_assert(N == 1 || N == 4 || N == 8, "sizes of groups");
  if (type == F32 || type == I32) {
    unsigned* y = (unsigned*)p + at;
    if constexpr (N == 1) {
      *y = v[0];
    } else {
#pragma unroll
      for (int i = 0; i < N; i += 4) *(uint4*)(y + i) = uint4{v[i], v[i + 1], v[i + 2], v[i + 3]};
    }
  } else if (type == F16) {
    unsigned short* y = (unsigned short*)p + at;
    if constexpr (N == 1) {
      *y = (unsigned short)half_bits_of(__uint_as_float(v[0]));
    } else {
      unsigned pairs[N / 2];
#pragma unroll
      for (int i = 0; i < N; i += 2) {
        pairs[i / 2] = half_bits_of(__uint_as_float(v[i])) | half_bits_of(__uint_as_float(v[i + 1])) << 16;
      }
      if constexpr (N == 4) {
        *(uint2*)y = uint2{pairs[0], pairs[1]};
      } else {
        *(uint4*)y = uint4{pairs[0], pairs[1], pairs[2], pairs[3]};
      }
    }
  } else {
    unsigned char* y = (unsigned char*)p + at;
    if constexpr (N == 1) {
      *y = (unsigned char)v[0];
    } else {
#pragma unroll
      for (int i = 0; i < N; i += 4) {
        *(unsigned*)(y + i) =
            (v[i] & 0xff) | (v[i + 1] & 0xff) << 8 | (v[i + 2] & 0xff) << 16 | (v[i + 3] & 0xff) << 24;
      }
    }
  }
}
