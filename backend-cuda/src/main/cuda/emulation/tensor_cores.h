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
  collective(&address, 1, [&](const Words& shown) {
    int l = current->lane;
    for (int m = 0; m < count; m++) {
      for (int half = 0; half < 2; half++) {
        int i = transposed ? 2 * (l % 4) + half : l / 4;
        int j = transposed ? l / 4 : 2 * (l % 4) + half;
        memcpy((char*)&r[m] + 2 * half, (const char*)shown[m * 8 + i][0] + 2 * j, 2);
      }
    }
  });
}
}  // namespace cusim

static inline void load_matrices_4(uint32_t (&r)[4], const void* row) { cusim::load_matrices(r, row, 4, false); }
static inline void load_matrices_2(uint32_t (&r)[2], const void* row) { cusim::load_matrices(r, row, 2, false); }
static inline void load_matrices_4_transposed(uint32_t (&r)[4], const void* row) { cusim::load_matrices(r, row, 4, true); }

namespace cusim {
// c += a · b, in the order of k.
template <int K>
inline void multiply(float (&c)[16][8], const float (&a)[16][K], const float (&b)[K][8]) {
  for (int row = 0; row < 16; row++) {
    float sum[8];
    for (int column = 0; column < 8; column++) sum[column] = c[row][column];
    for (int k = 0; k < K; k++) {
      for (int column = 0; column < 8; column++) sum[column] += a[row][k] * b[k][column];
    }
    for (int column = 0; column < 8; column++) c[row][column] = sum[column];
  }
}
// Where lanes have their sums.
inline int row_of(int lane, int q) { return lane / 4 + (q >= 2 ? 8 : 0); }
inline int column_of(int lane, int q) { return lane % 4 * 2 + (q & 1); }

// c += a · b; `spread` makes matrices of what the lanes show: a in words 0 to 3, b in 4 and 5.
template <int K, class Spread>
inline void multiply(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2], Spread spread) {
  uint64_t in[8] = {a[0], a[1], a[2], a[3], b[0], b[1]};
  memcpy(&in[6], c, sizeof c);
  collective(
      in, 8,
      [&](Words& shown) {
        float rows[16][K], columns[K][8], product[16][8];
        spread(shown, rows, columns);
        for (int lane = 0; lane < 32; lane++) {
          float before[4];
          memcpy(before, &shown[lane][6], sizeof before);
          for (int q = 0; q < 4; q++) product[row_of(lane, q)][column_of(lane, q)] = before[q];
        }
        multiply<K>(product, rows, columns);
        // Each lane takes its own from where nobody writes before all have come to the next meeting but one.
        for (int lane = 0; lane < 32; lane++) {
          float after[4];
          for (int q = 0; q < 4; q++) after[q] = product[row_of(lane, q)][column_of(lane, q)];
          memcpy(&shown[lane][6], after, sizeof after);
        }
      },
      [&](const Words& shown) { memcpy(c, &shown[current->lane][6], sizeof c); });
}
}  // namespace cusim

static inline void mma_f16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  cusim::multiply<16>(c, a, b, [](const cusim::Words& shown, float (&rows)[16][16], float (&columns)[16][8]) {
    for (int lane = 0; lane < 32; lane++) {
      int g = lane / 4, t = lane % 4;
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 4; i++) rows[g + i % 2 * 8][2 * t + half + i / 2 * 8] = cusim::half_bits((uint32_t)shown[lane][i], half);
        for (int i = 0; i < 2; i++) columns[2 * t + half + i * 8][g] = cusim::half_bits((uint32_t)shown[lane][4 + i], half);
      }
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
  cusim::multiply<8>(c, a, b, [](const cusim::Words& shown, float (&rows)[16][8], float (&columns)[8][8]) {
    for (int lane = 0; lane < 32; lane++) {
      int g = lane / 4, t = lane % 4;
      for (int i = 0; i < 4; i++) rows[g + i % 2 * 8][t + i / 2 * 4] = __uint_as_float((uint32_t)shown[lane][i] & ~0x1fffu);
      for (int i = 0; i < 2; i++) columns[t + i * 4][g] = __uint_as_float((uint32_t)shown[lane][4 + i] & ~0x1fffu);
    }
  });
}
