// As filter_march.cuh where one of the filters has two axes, 12 x 12 taps for a factor of 2. Such filters are symmetric in the
// networks (they are radial), which halves the multiplications:
//
//   down   taps k and 11 - k along x meet the sum of their two samples;
//   up     with A_j the taps of one phase along x, the other has A_(5-j), so that the two samples of a group are P + Q and
//          P - Q, where P is made from sums of two pixels and Q from differences: the thread of one column makes P, that of
//          the other Q, and they exchange them. The two phases along y have the same taps in reverse.
//
// Filters that are not symmetric are computed as they are, slowly.
#pragma once
#include "filter_march.cuh"

constexpr int FLAT_TAPS = 12;

// Taps of a flat filter, in the order in which they meet samples, and whether they are symmetric along both axes.
__device__ __forceinline__ bool load_flat_taps(const float* filter, int flip, float (*taps)[FLAT_TAPS]) {
  __shared__ int asymmetric;
  constexpr int COUNT = FLAT_TAPS * FLAT_TAPS;
  if (threadIdx.x == 0) asymmetric = 0;
  __syncthreads();
  for (int i = (int)threadIdx.x; i < COUNT; i += COLUMNS) {
    float tap = filter[i];
    int row = i / FLAT_TAPS, column = i % FLAT_TAPS;
    bool same = tap == filter[row * FLAT_TAPS + FLAT_TAPS - 1 - column] && tap == filter[COUNT - 1 - i];
    if (!same) asymmetric = 1;
    int to = flip ? i : COUNT - 1 - i;
    taps[to / FLAT_TAPS][to % FLAT_TAPS] = tap;
  }
  __syncthreads();
  return !asymmetric;
}

constexpr int HISTORY = 11;       // rows at the high rate that the next chunk's outputs need as well
constexpr int OUTPUTS_EACH = 6;   // outputs of a column that a thread makes from a chunk
constexpr int FLAT_ROWS = 2 * OUTPUTS_EACH + FLAT_TAPS - 2;  // rows at the high rate under them

using HighRow = float[FilterShape<2, 2>::STRIDE];

// Six outputs, one below the other, from the rows at the high rate from `high` on.
__device__ __forceinline__ void filter_flat_symmetric(const float (&taps)[6][6], const HighRow* high, int column, float (&out)[OUTPUTS_EACH]) {
#pragma unroll
  for (int r = 0; r < FLAT_ROWS; r++) {
    float in[FLAT_TAPS];
#pragma unroll
    for (int k = 0; k < FLAT_TAPS; k += 2) {
      float2 pair = *(const float2*)&high[r][column + k];
      in[k] = pair.x;
      in[k + 1] = pair.y;
    }
#pragma unroll
    for (int k = 0; k < 6; k++) in[k] += in[FLAT_TAPS - 1 - k];
#pragma unroll
    for (int o = 0; o < OUTPUTS_EACH; o++) {
      int tap = r - 2 * o;
      if (tap < 0 || tap >= FLAT_TAPS) continue;
#pragma unroll
      for (int k = 0; k < 6; k++) out[o] += taps[tap < 6 ? tap : FLAT_TAPS - 1 - tap][k] * in[k];
    }
  }
}

__device__ __forceinline__ void filter_flat_any(const float (*taps)[FLAT_TAPS], const HighRow* high, int column, float (&out)[OUTPUTS_EACH]) {
#pragma unroll
  for (int o = 0; o < OUTPUTS_EACH; o++) {
#pragma unroll 1
    for (int i = 0; i < FLAT_TAPS * FLAT_TAPS; i++) {
      int row = i / FLAT_TAPS, k = i % FLAT_TAPS;
      out[o] += taps[row][k] * high[2 * o + row][column + k];
    }
  }
}

template <int UP>
__device__ __forceinline__ void copy_taps(const float (*from)[6], float (&to)[UP][6]) {
#pragma unroll
  for (int i = 0; i < 6 * UP; i++) to[i / 6][i % 6] = from[i / 6][i % 6];
}

// The down filter has two axes. ODD is extra_y modulo 2.
template <int UP, int ODD, int MODE>
__device__ __forceinline__ void filter_flat_down(const FilterArgs& a) {
  constexpr int DOWN = 2;
  using Shape = FilterShape<UP, DOWN>;
  constexpr int UNIT = 6 * UP;
  __shared__ __align__(16) float image[Shape::ROWS_IN][Shape::PIXELS];
  __shared__ __align__(16) float wide[Shape::ROWS_IN][COLUMNS];
  __shared__ __align__(16) HighRow high[HISTORY + CHUNK];
  __shared__ unsigned codes[CHUNK / WORD][COLUMNS];
  __shared__ float taps[FLAT_TAPS][FLAT_TAPS];
  FilterTile tile = FilterTile::of<UP, DOWN>(a);
  int column = (int)threadIdx.x;
  bool symmetric = load_flat_taps(a.down, a.flip, taps);
  __shared__ float up_taps[UP][6];
  if (column < 6 * UP) up_taps[column / 6][column % 6] = a.up[up_tap<UP>(a, column / 6, column % 6)];
  float bias = a.bias ? load_element(a.bias, tile.plane % a.channels, a.type) : 0.0f;
  int chunks = (tile.rows + CHUNK - 1) / CHUNK;
  int shift = -a.extra_x & 3;
  float up[UP][6], window[6];
  FilterRows<UP, DOWN, Shape::ROWS_IN> rows;

  rows.fetch(a, tile, 0, 5);
  rows.place(a, bias, 5, image);
  __syncthreads();
  copy_taps(up_taps, up);
  widen_rows<UP, DOWN>(up, 5, image, wide);
  __syncthreads();
#pragma unroll
  for (int j = 0; j < 5; j++) window[j] = wide[j][column];
  rows.fetch(a, tile, 5);
  rows.place(a, bias, Shape::ROWS_IN, image);
#pragma unroll
  for (int r = 0; r < HISTORY; r++) high[CHUNK + r][column + shift] = 0.0f;
  for (int chunk = 0; chunk < chunks; chunk++) {
    int first = tile.y * DOWN - a.extra_y + chunk * CHUNK;
    if (MODE == FOLLOW_MAP) read_map<DOWN>(a, tile, first, codes);
    __syncthreads();
    copy_taps(up_taps, up);  // again, as registers are short where they are not needed
    widen_rows<UP, DOWN>(up, Shape::ROWS_IN, image, wide);
    __syncthreads();
    if (chunk + 1 < chunks) rows.fetch(a, tile, 5 + (chunk + 1) * Shape::ROWS_IN);
#pragma unroll
    for (int r = 0; r < HISTORY; r++) high[r][column + shift] = high[CHUNK + r][column + shift];
#pragma unroll 1
    for (int unit = 0; unit < CHUNK / UNIT; unit++) {
      unsigned w[CHUNK / WORD];
#pragma unroll
      for (int k = 0; k < UNIT / WORD; k++) w[k] = MODE == FOLLOW_MAP ? codes[unit * (UNIT / WORD) + k][column] : 0u;
#pragma unroll
      for (int n = 0; n < UNIT / UP; n++) {
        window[(n + 5) % 6] = wide[unit * (UNIT / UP) + n][column];
#pragma unroll
        for (int p = 0; p < UP; p++) {
          float v = 0.0f;
#pragma unroll
          for (int j = 0; j < 6; j++) v += up[p][j] * window[(n + j) % 6];
          high[HISTORY + unit * UNIT + n * UP + p][column + shift] = act<MODE>(a, v, n * UP + p, w);
        }
      }
      if (MODE == ACTIVATE_AND_MAP) {
#pragma unroll
        for (int k = 0; k < UNIT / WORD; k++) codes[unit * (UNIT / WORD) + k][column] = w[k];
      }
    }
    __syncthreads();
    if (chunk + 1 < chunks) rows.place(a, bias, Shape::ROWS_IN, image);
    int output = (int)threadIdx.x % 64, part = (int)threadIdx.x / 64 * OUTPUTS_EACH;
    int row = chunk * Shape::ROWS_OUT + part - 5 - ODD - a.extra_y / DOWN;
    if (a.y && output < tile.outputs_x && row + OUTPUTS_EACH > 0 && row < tile.outputs_y) {
      float out[OUTPUTS_EACH];
#pragma unroll
      for (int o = 0; o < OUTPUTS_EACH; o++) out[o] = 0.0f;
      const HighRow* under = high + (HISTORY - 10 - ODD + 2 * part);
      int from = a.extra_x + shift + 2 * output;
      if (symmetric) {
        float quarter[6][6];
#pragma unroll
        for (int k = 0; k < 36; k++) quarter[k / 6][k % 6] = taps[k / 6][k % 6];
        filter_flat_symmetric(quarter, under, from, out);
      } else {
        filter_flat_any(taps, under, from, out);
      }
      long long to = ((long long)tile.plane * a.out_height + tile.y + row) * a.out_width + tile.x + output;
#pragma unroll
      for (int o = 0; o < OUTPUTS_EACH; o++) {
        if (row + o >= 0 && row + o < tile.outputs_y) store_element(a.y, to + (long long)o * a.out_width, a.type, out[o]);
      }
    }
    if (MODE == ACTIVATE_AND_MAP) write_map<DOWN>(a, tile, first, codes);
  }
}

// The up filter has two axes, its factor is 2. SHIFT is extra_y modulo DOWN. Chunks load the five rows before them again.
template <int DOWN, int SHIFT, int MODE>
__device__ __forceinline__ void filter_flat_up(const FilterArgs& a) {
  constexpr int UP = 2;
  using Shape = FilterShape<UP, DOWN>;
  constexpr int UNIT = 6 * DOWN;
  __shared__ __align__(16) float image[Shape::ROWS_IN + 5][Shape::PIXELS];
  __shared__ __align__(16) float narrow[Shape::ROWS_OUT][Shape::STRIDE];
  __shared__ unsigned codes[CHUNK / WORD][COLUMNS];
  __shared__ float taps[FLAT_TAPS][FLAT_TAPS];
  FilterTile tile = FilterTile::of<UP, DOWN>(a);
  int column = (int)threadIdx.x;
  bool symmetric = load_flat_taps(a.up, a.flip, taps);
  float sign = column % 2 ? -1.0f : 1.0f;
  float half[6][3], down[6 * DOWN];
#pragma unroll
  for (int i = 0; i < 18; i++) {
    int j = i % 3, row = 2 * (i / 3) + 1;
    half[i / 3][j] = 0.5f * (taps[row][2 * j + 1] + sign * taps[row][11 - 2 * j]);
  }
  load_down_taps<DOWN>(a, down);
  float bias = a.bias ? load_element(a.bias, tile.plane % a.channels, a.type) : 0.0f;
  int chunks = (tile.rows + CHUNK - 1) / CHUNK;
  int shift = -a.extra_x & 3;
  int first_output = -5 - (SHIFT > 0) - a.extra_y / DOWN;
  float window[6][3], sums[6];
#pragma unroll
  for (int j = 0; j < 6; j++) sums[j] = 0.0f;

  FilterRows<UP, DOWN, Shape::ROWS_IN + 5> rows;
  rows.fetch(a, tile, 0);
  rows.place(a, bias, Shape::ROWS_IN + 5, image);
  for (int chunk = 0; chunk < chunks; chunk++) {
    int first = tile.y * DOWN - a.extra_y + chunk * CHUNK;
    if (MODE == FOLLOW_MAP) read_map<DOWN>(a, tile, first, codes);
    __syncthreads();
    if (chunk + 1 < chunks) rows.fetch(a, tile, (chunk + 1) * Shape::ROWS_IN);
#pragma unroll
    for (int i = 0; i < 15; i++) {
      const float* pixels = image[i / 3] + column / 2;
      window[i / 3][i % 3] = pixels[i % 3] + sign * pixels[5 - i % 3];
    }
#pragma unroll 1
    for (int unit = 0; unit < CHUNK / UNIT; unit++) {
      unsigned w[CHUNK / WORD];
#pragma unroll
      for (int k = 0; k < UNIT / WORD; k++) w[k] = MODE == FOLLOW_MAP ? codes[unit * (UNIT / WORD) + k][column] : 0u;
#pragma unroll
      for (int n = 0; n < UNIT / UP; n++) {
        const float* pixels = image[unit * (UNIT / UP) + n + 5] + column / 2;
#pragma unroll
        for (int j = 0; j < 3; j++) window[(n + 5) % 6][j] = pixels[j] + sign * pixels[5 - j];
#pragma unroll
        for (int p = 0; p < UP; p++) {
          int hi = n * UP + p;
          float v = 0.0f;
          if (symmetric) {
#pragma unroll
            for (int i = 0; i < 18; i++) v += half[p == 0 ? i / 3 : 5 - i / 3][i % 3] * window[(n + i / 3) % 6][i % 3];
            v = sign * v + __shfl_xor_sync(~0u, v, 1);
          } else {
#pragma unroll 1
            for (int i = 0; i < 36; i++) {
              float pixel = image[unit * (UNIT / UP) + n + i / 6][column / 2 + i % 6];
              v += taps[1 - p + i / 6 * 2][1 - column % 2 + i % 6 * 2] * pixel;
            }
          }
          v = act<MODE>(a, v, hi, w);
          int t = hi - SHIFT + 6 * DOWN;
#pragma unroll
          for (int j = 0; j < 6; j++) {
            int slot = (t / DOWN - j) % 6, k = t % DOWN + j * DOWN;
            sums[slot] = k == 0 ? down[k] * v : sums[slot] + down[k] * v;
          }
          if (t % DOWN == DOWN - 1) narrow[(unit * UNIT + hi) / DOWN][column + shift] = sums[(t / DOWN - 5) % 6];
        }
      }
    }
    __syncthreads();
    if (chunk + 1 < chunks) rows.place(a, bias, Shape::ROWS_IN + 5, image);
    narrow_rows<UP, DOWN>(a, tile, down, chunk * Shape::ROWS_OUT + first_output, a.extra_x + shift, narrow);
  }
}
