// What the kernels of convolutions on tensor cores have in common (conv_tile.cuh, conv_hopper.cuh): how x gets into shared
// memory with its channels innermost, multiplied by styles, and how results are scaled and stored.
//
// Styles multiply x as it is staged. For f16 the product is rounded to f16 after a power of two, the same for the image,
// has brought all styles below 1: it cannot overflow, and what it loses below is small against the largest channel.
#pragma once
#include "kernel.cuh"
#include "split.cuh"

constexpr int CONV_TAPS = 64;  // most

// A part of a patch on its way from global to shared memory: 16 bytes for each of PIXELS neighbours.
template <class T, int PIXELS>
struct Portion;

template <int PIXELS>
struct Portion<__half, PIXELS> {
  static constexpr int CHANNELS = 8, UNITS = 4, WORDS = (PIXELS + 1) / 2;
  uint32_t v[8][WORDS];

  __device__ __forceinline__ uint32_t word(int channel, int pixel) const { return v[channel][pixel / 2]; }
  __device__ __forceinline__ void load(const __half* x, long long plane, int channels, bool valid) {
    static_assert(PIXELS == 1 || PIXELS == 2 || PIXELS == 8, "sizes of loads");
#pragma unroll
    for (int c = 0; c < 8; c++) {
      bool in = valid && c < channels;
      if constexpr (PIXELS == 8) {
        uint4 all = in ? *(const uint4*)(x + c * plane) : make_uint4(0, 0, 0, 0);
        v[c][0] = all.x, v[c][1] = all.y, v[c][2] = all.z, v[c][3] = all.w;
      } else if constexpr (PIXELS == 2) {
        v[c][0] = in ? *(const uint32_t*)(x + c * plane) : 0;
      } else {
        v[c][0] = in ? *(const unsigned short*)(x + c * plane) : 0;
      }
    }
  }
  __device__ __forceinline__ static uint32_t pair(uint32_t low, uint32_t high, const float* styles) {
    if (!styles) return (low & 0xffff) | high << 16;
    __half a = __float2half(__half2float(__ushort_as_half((unsigned short)low)) * styles[0]);
    __half b = __float2half(__half2float(__ushort_as_half((unsigned short)high)) * styles[1]);
    return __half_as_ushort(a) | (uint32_t)__half_as_ushort(b) << 16;
  }
  // The first pixel goes to `to`, the others behind it in steps; both multiples of 16 bytes.
  __device__ __forceinline__ void store(unsigned char* to, int step, int, const float* styles) const {
#pragma unroll
    for (int p = 0; p < PIXELS; p++) {
      uint32_t r[4];
#pragma unroll
      for (int c = 0; c < 4; c++) {
        r[c] = pair(word(2 * c, p) >> 16 * (p % 2), word(2 * c + 1, p) >> 16 * (p % 2), styles ? styles + 2 * c : nullptr);
      }
      *(uint4*)(to + p * step) = make_uint4(r[0], r[1], r[2], r[3]);
    }
  }
};

template <>
struct Portion<float, 1> {
  static constexpr int CHANNELS = 4, UNITS = 2;
  float v[4];

  __device__ __forceinline__ void load(const float* x, long long plane, int channels, bool valid) {
#pragma unroll
    for (int c = 0; c < 4; c++) v[c] = valid && c < channels ? x[c * plane] : 0;
  }
  // High parts go to `to`, low ones `low_at` bytes behind.
  __device__ __forceinline__ void store(unsigned char* to, int, int low_at, const float* styles) const {
    uint32_t high[4], low[4];
#pragma unroll
    for (int c = 0; c < 4; c++) split_tf32(styles ? v[c] * styles[c] : v[c], high[c], low[c]);
    *(uint4*)to = make_uint4(high[0], high[1], high[2], high[3]);
    *(uint4*)(to + low_at) = make_uint4(low[0], low[1], low[2], low[3]);
  }
};

__device__ __forceinline__ float number_of(const void* p, int type, long long i) {
  return type == F32 ? ((const float*)p)[i] : __half2float(((const __half*)p)[i]);
}
// The power of two that brings all finite numbers below 1, and its inverse.
__device__ __forceinline__ float below_one(uint32_t largest, float& inverse) {
  uint32_t exponent = min(max(largest >> 23, 3u), 250u);
  inverse = __uint_as_float((exponent + 1) << 23);
  return __uint_as_float((253 - exponent) << 23);
}
__device__ __forceinline__ uint32_t finite_magnitude(float v) {
  uint32_t bits = __float_as_uint(v) & 0x7fffffff;
  return bits < 0x7f800000 ? bits : 0;
}

// Two results, by one access if they are neighbours and lie well.
template <class T>
__device__ __forceinline__ void store_two(T* y, const int (&at)[2], const bool (&in)[2], const float (&v)[2]) {
  if (in[0] && in[1] && at[1] == at[0] + 1 && ((size_t)(y + at[0]) & (2 * sizeof(T) - 1)) == 0) {
    if constexpr (sizeof(T) == 2) {
      *(uint32_t*)(y + at[0]) = __half_as_ushort(__float2half(v[0])) | (uint32_t)__half_as_ushort(__float2half(v[1])) << 16;
    } else {
      *(float2*)(y + at[0]) = make_float2(v[0], v[1]);
    }
  } else {
    if (in[0]) y[at[0]] = from_float<T>(v[0]);
    if (in[1]) y[at[1]] = from_float<T>(v[1]);
  }
}
