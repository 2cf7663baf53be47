// What the instructions of ptx.cuh do, for the host.
#pragma once
#include "cusim.h"

static inline void copy_async_16(void* shared, const void* global, bool valid = true) {
  if (((uintptr_t)shared | (valid ? (uintptr_t)global : 0)) & 15) abort();  // a device would fault as well
  if (valid) {
    memcpy(shared, global, 16);
  } else {
    memset(shared, 0, 16);
  }
}
static inline void copy_async_4(void* shared, const void* global, bool valid = true) {
  if (((uintptr_t)shared | (valid ? (uintptr_t)global : 0)) & 3) abort();
  if (valid) {
    memcpy(shared, global, 4);
  } else {
    memset(shared, 0, 4);
  }
}
static inline void copy_async_commit() {}
template <int N>
static inline void copy_async_wait() {}

namespace cusim {
inline void load_matrices(uint32_t* r, const void* row, int count, bool transposed) {
  if ((uintptr_t)row & 15) abort();
  uint64_t address = (uint64_t)row;
  collective(&address, 1, [&](Warp& w) {
    int l = current->lane;
    for (int m = 0; m < count; m++) {
      for (int half = 0; half < 2; half++) {
        int i = transposed ? 2 * (l % 4) + half : l / 4;
        int j = transposed ? l / 4 : 2 * (l % 4) + half;
        memcpy((char*)&r[m] + 2 * half, (const char*)w.in[m * 8 + i][0] + 2 * j, 2);
      }
    }
  });
}
}  // namespace cusim

static inline void load_matrices_4(uint32_t (&r)[4], const void* row) { cusim::load_matrices(r, row, 4, false); }
static inline void load_matrices_2(uint32_t (&r)[2], const void* row) { cusim::load_matrices(r, row, 2, false); }
static inline void load_matrices_4_transposed(uint32_t (&r)[4], const void* row) { cusim::load_matrices(r, row, 4, true); }

static inline void mma_f16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  uint64_t in[6] = {a[0], a[1], a[2], a[3], b[0], b[1]};
  cusim::collective(in, 6, [&](cusim::Warp& w) {
    int g = cusim::current->lane / 4, t = cusim::current->lane % 4;
    for (int q = 0; q < 4; q++) {
      int row = g + (q >= 2 ? 8 : 0), column = t * 2 + (q & 1);
      float sum = c[q];
      for (int k = 0; k < 16; k++) {
        int of_a = (row % 8) * 4 + (k % 8) / 2, of_b = column * 4 + (k % 8) / 2;
        sum += cusim::half_bits((uint32_t)w.in[of_a][(k / 8) * 2 + row / 8], k & 1) *
               cusim::half_bits((uint32_t)w.in[of_b][4 + k / 8], k & 1);
      }
      c[q] = sum;
    }
  });
}

static inline uint32_t to_tf32(float v) {
  uint32_t u;
  memcpy(&u, &v, 4);
  if ((u & 0x7f800000) == 0x7f800000) return u;
  return (u + 0x1000) & ~0x1fffu;  // to nearest, halves away from zero
}

static inline void mma_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  uint64_t in[6] = {a[0], a[1], a[2], a[3], b[0], b[1]};
  cusim::collective(in, 6, [&](cusim::Warp& w) {
    int g = cusim::current->lane / 4, t = cusim::current->lane % 4;
    for (int q = 0; q < 4; q++) {
      int row = g + (q >= 2 ? 8 : 0), column = t * 2 + (q & 1);
      float sum = c[q];
      for (int k = 0; k < 8; k++) {
        uint32_t x = (uint32_t)w.in[(row % 8) * 4 + k % 4][(k / 4) * 2 + row / 8] & ~0x1fffu;
        uint32_t y = (uint32_t)w.in[column * 4 + k % 4][4 + k / 4] & ~0x1fffu;
        sum += __uint_as_float(x) * __uint_as_float(y);
      }
      c[q] = sum;
    }
  });
}
