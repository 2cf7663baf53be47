// Filter up, do something to each sample at the high rate, filter down, in one kernel:
//
//   y = down filter * act(up filter * (x + bias)).
//
// A block makes a tile of outputs of one plane. It goes down the tile in chunks of CHUNK rows at the high rate; a thread has
// one column at the high rate, COLUMNS in all. With filters along the axes, for each chunk
//
//   load       rows of x, with bias and gain, zero outside the image        x -> image
//   widen      filter up along x                                            image -> wide
//   columns    filter up along y, act, filter down along y, all in          wide -> narrow
//              registers: the last 6 rows of `wide` and the 6 outputs
//              under way; what is at the high rate is nowhere else
//   outputs    filter down along x                                          narrow -> y.
//
// Six rows of `wide` lie under the taps of the up filter for each of its UP phases, so that inserted zeros are never met; each
// sample at the high rate is part of six outputs. A filter of two axes takes the place of two steps; see filter_flat.cuh.
//
// Threads keep what they need of the next chunk in registers while they work on one; filter_tile.cuh says how tiles lie.
#pragma once
#include "filter_tile.cuh"

// The up filter along x: a warp makes rows, a lane four columns.
template <int UP, int DOWN>
__device__ __forceinline__ void widen_rows(
    const float (&up)[UP][6], int rows, const float (*image)[FilterShape<UP, DOWN>::PIXELS], float (*wide)[COLUMNS]) {
  constexpr int GROUPS = 4 / UP;
  int lane = (int)threadIdx.x % 32;
  for (int r = (int)threadIdx.x / 32; r < rows; r += WARPS) {
    float in[8], out[4];
    if (GROUPS == 2) {
#pragma unroll
      for (int k = 0; k < 4; k++) {
        float2 pair = *(const float2*)&image[r][2 * lane + 2 * k];
        in[2 * k] = pair.x;
        in[2 * k + 1] = pair.y;
      }
    } else {
#pragma unroll
      for (int k = 0; k < 6; k++) in[k] = image[r][lane + k];
    }
#pragma unroll
    for (int h = 0; h < 4; h++) {
      out[h] = 0.0f;
#pragma unroll
      for (int j = 0; j < 6; j++) out[h] += up[h % UP][j] * in[h / UP + j];
    }
    *(float4*)&wide[r][4 * lane] = make_float4(out[0], out[1], out[2], out[3]);
  }
}

// What is done to sample `hi` of the chunk; w are the column's signs.
template <int MODE>
__device__ __forceinline__ float act(const FilterArgs& a, float v, int hi, unsigned (&w)[CHUNK / WORD]) {
  unsigned bit = 1u << (2 * (hi % WORD));
  if (MODE == FOLLOW_MAP) {
    float scaled = w[hi / WORD] & bit ? v * a.slope : v;
    return w[hi / WORD] & (bit << 1) ? 0.0f : scaled;
  }
  bool negative = v < 0.0f;
  float s = negative ? v * a.slope : v;
  bool clamped = fabsf(s) > a.clamp;
  if (MODE == ACTIVATE_AND_MAP) {
    if (negative) w[hi / WORD] |= bit;
    if (clamped) w[hi / WORD] |= bit << 1;
  }
  return clamped ? copysignf(a.clamp, s) : s;
}

// Two outputs of the down filter along x, or one: four columns for a lane, a row for a warp.
template <int UP, int DOWN>
__device__ __forceinline__ void narrow_rows(
    const FilterArgs& a, const FilterTile& tile, const float (&down)[6 * DOWN], int first, int skip,
    const float (*narrow)[FilterShape<UP, DOWN>::STRIDE]) {
  constexpr int OUTPUTS = 4 / DOWN;
  constexpr int SPAN = (OUTPUTS - 1) * DOWN + 6 * DOWN;
  int lane = (int)threadIdx.x % 32;
  if (OUTPUTS * lane >= tile.outputs_x || !a.y) return;
  for (int r = (int)threadIdx.x / 32; r < FilterShape<UP, DOWN>::ROWS_OUT; r += WARPS) {
    int row = first + r;
    if (row < 0 || row >= tile.outputs_y) continue;
    float in[(SPAN + 3) / 4 * 4];
#pragma unroll
    for (int k = 0; k < SPAN; k += 4) {
      float4 four = *(const float4*)&narrow[r][skip + 4 * lane + k];
      in[k] = four.x;
      in[k + 1] = four.y;
      in[k + 2] = four.z;
      in[k + 3] = four.w;
    }
    long long to = ((long long)tile.plane * a.out_height + tile.y + row) * a.out_width + tile.x + OUTPUTS * lane;
    float out[OUTPUTS];
#pragma unroll
    for (int o = 0; o < OUTPUTS; o++) {
      out[o] = 0.0f;
#pragma unroll
      for (int k = 0; k < 6 * DOWN; k++) out[o] += down[k] * in[o * DOWN + k];
    }
    if (OUTPUTS == 2 && a.out_width % 2 == 0) {  // and so is the tile's width
      if (a.type == F16) {
        unsigned low = __half_as_ushort(__float2half(out[0])), high = __half_as_ushort(__float2half(out[OUTPUTS - 1]));
        *(unsigned*)((__half*)a.y + to) = low | high << 16;
      } else {
        *(float2*)((float*)a.y + to) = make_float2(out[0], out[OUTPUTS - 1]);
      }
    } else {
#pragma unroll
      for (int o = 0; o < OUTPUTS; o++) {
        if (OUTPUTS * lane + o < tile.outputs_x) store_element(a.y, to + o, a.type, out[o]);
      }
    }
  }
}

// The taps in the order in which they meet samples; those of the up filter by phase.
template <int UP>
__device__ __forceinline__ int up_tap(const FilterArgs& a, int phase, int j) {
  int k = UP - 1 - phase + UP * j;
  return a.flip ? k : 6 * UP - 1 - k;
}
template <int UP>
__device__ __forceinline__ void load_up_taps(const FilterArgs& a, float (&up)[UP][6]) {
#pragma unroll
  for (int p = 0; p < UP; p++) {
#pragma unroll
    for (int j = 0; j < 6; j++) up[p][j] = a.up[up_tap<UP>(a, p, j)];
  }
}
template <int DOWN>
__device__ __forceinline__ void load_down_taps(const FilterArgs& a, float (&down)[6 * DOWN]) {
#pragma unroll
  for (int k = 0; k < 6 * DOWN; k++) down[k] = a.down[a.flip ? k : 6 * DOWN - 1 - k];
}

// Filters along the axes. SHIFT is extra_y modulo DOWN.
template <int UP, int DOWN, int SHIFT, int MODE>
__device__ __forceinline__ void filter_march(const FilterArgs& a) {
  using Shape = FilterShape<UP, DOWN>;
  constexpr int UNIT = 6 * (UP > DOWN ? UP : DOWN);  // rows after which registers have the same parts again
  __shared__ __align__(16) float image[Shape::ROWS_IN][Shape::PIXELS];
  __shared__ __align__(16) float wide[Shape::ROWS_IN][COLUMNS];
  __shared__ __align__(16) float narrow[Shape::ROWS_OUT][Shape::STRIDE];
  __shared__ unsigned codes[CHUNK / WORD][COLUMNS];
  FilterTile tile = FilterTile::of<UP, DOWN>(a);
  int column = (int)threadIdx.x;
  float up[UP][6], down[6 * DOWN];
  load_up_taps<UP>(a, up);
  load_down_taps<DOWN>(a, down);
  float bias = a.bias ? load_element(a.bias, tile.plane % a.channels, a.type) : 0.0f;
  int chunks = (tile.rows + CHUNK - 1) / CHUNK;
  int shift = -a.extra_x & 3;  // so that what a lane reads of `narrow` begins at 16 bytes
  int first_output = -5 - (SHIFT > 0) - a.extra_y / DOWN;  // outputs begun before the tile are made of less and left out
  float window[6], sums[6];
#pragma unroll
  for (int j = 0; j < 6; j++) sums[j] = 0.0f;
  FilterRows<UP, DOWN, Shape::ROWS_IN> rows;

  rows.fetch(a, tile, 0, 5);
  rows.place(a, bias, 5, image);
  __syncthreads();
  widen_rows<UP, DOWN>(up, 5, image, wide);
  __syncthreads();
#pragma unroll
  for (int j = 0; j < 5; j++) window[j] = wide[j][column];
  rows.fetch(a, tile, 5);
  rows.place(a, bias, Shape::ROWS_IN, image);
  for (int chunk = 0; chunk < chunks; chunk++) {
    int first = tile.y * DOWN - a.extra_y + chunk * CHUNK;
    if (MODE == FOLLOW_MAP) read_map<DOWN>(a, tile, first, codes);
    __syncthreads();
    widen_rows<UP, DOWN>(up, Shape::ROWS_IN, image, wide);
    __syncthreads();
    if (chunk + 1 < chunks) rows.fetch(a, tile, 5 + (chunk + 1) * Shape::ROWS_IN);
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
          int hi = n * UP + p;
          float v = 0.0f;
#pragma unroll
          for (int j = 0; j < 6; j++) v += up[p][j] * window[(n + j) % 6];
          v = act<MODE>(a, v, hi, w);
          int t = hi - SHIFT + 6 * DOWN;  // the samples before the tile are not below zero, either
#pragma unroll
          for (int j = 0; j < 6; j++) {
            int slot = (t / DOWN - j) % 6, k = t % DOWN + j * DOWN;
            sums[slot] = k == 0 ? down[k] * v : sums[slot] + down[k] * v;
          }
          if (t % DOWN == DOWN - 1) narrow[(unit * UNIT + hi) / DOWN][column + shift] = sums[(t / DOWN - 5) % 6];
        }
      }
      if (MODE == ACTIVATE_AND_MAP) {
#pragma unroll
        for (int k = 0; k < UNIT / WORD; k++) codes[unit * (UNIT / WORD) + k][column] = w[k];
      }
    }
    __syncthreads();
    if (chunk + 1 < chunks) rows.place(a, bias, Shape::ROWS_IN, image);
    narrow_rows<UP, DOWN>(a, tile, down, chunk * Shape::ROWS_OUT + first_output, a.extra_x + shift, narrow);
    if (MODE == ACTIVATE_AND_MAP) write_map<DOWN>(a, tile, first, codes);
  }
}
