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
// Sample t of a tile, counted from the first under its first output, is made from the group of UP samples that shares its
// pixels; a tile begins `extra` samples early, where such a group does. Signs are kept as words of a column, 12 rows of two
// bits, which are bytes of a row transposed.
#pragma once
#include "filtered_activation.cuh"

struct FilterArgs {
  const void* x;
  const void* bias;   // or none
  const float* up;    // taps
  const float* down;
  void* y;                // or none
  unsigned char* signs;   // the map to be written or read, or none
  int type, flip;
  int tiles_x, tiles_y, tile_width, tile_height;  // the last two in outputs
  int channels, height, width;                    // of x
  int out_height, out_width;                      // of y
  int high_height, high_width;                    // after the up filter
  int extra_x, extra_y;                           // 0 ... UP - 1
  int first_x, first_y;                           // the pixel under the first tap at the tile's first sample, for tile 0
  int sign_height, sign_width, offset_x, offset_y;  // of the map that is read
  float gain, slope, clamp;                         // gain: with UP squared
};

enum FilterMode : int { ACTIVATE = 0, ACTIVATE_AND_MAP = 1, FOLLOW_MAP = 2 };

constexpr int COLUMNS = 128;  // threads of a block
constexpr int CHUNK = 24;
constexpr int WORD = 12;  // rows of a word of signs
constexpr int WARPS = COLUMNS / 32;

// Rows 4 k + i of four columns, as byte k of word i, become words of columns, and the reverse.
__device__ __forceinline__ void transpose_codes(unsigned (&w)[4]) {
#pragma unroll
  for (int i = 0; i < 4; i += 2) {
    unsigned t = ((w[i] >> 2) ^ w[i + 1]) & 0x33333333u;
    w[i + 1] ^= t;
    w[i] ^= t << 2;
  }
#pragma unroll
  for (int i = 0; i < 2; i++) {
    unsigned t = ((w[i] >> 4) ^ w[i + 2]) & 0x0f0f0f0fu;
    w[i + 2] ^= t;
    w[i] ^= t << 4;
  }
}

// Where the block's tile lies.
struct FilterTile {
  int plane, x, y;        // the first output
  int outputs_x, outputs_y;
  int high_x, high_y;     // the end of the samples at the high rate whose signs are this tile's
  template <int DOWN>
  __device__ __forceinline__ static FilterTile of(const FilterArgs& a) {
    FilterTile t;
    int tiles = a.tiles_x * a.tiles_y;
    t.plane = (int)(blockIdx.x / (unsigned)tiles);
    int tile = (int)(blockIdx.x % (unsigned)tiles);
    int column = tile % a.tiles_x, row = tile / a.tiles_x;
    t.x = column * a.tile_width;
    t.y = row * a.tile_height;
    t.outputs_x = min(a.tile_width, a.out_width - t.x);
    t.outputs_y = min(a.tile_height, a.out_height - t.y);
    t.high_x = column == a.tiles_x - 1 ? a.high_width : (t.x + a.tile_width) * DOWN;
    t.high_y = row == a.tiles_y - 1 ? a.high_height : (t.y + a.tile_height) * DOWN;
    return t;
  }
};

template <int UP, int DOWN>
struct FilterShape {
  static constexpr int ROWS_IN = CHUNK / UP;      // rows of x for a chunk
  static constexpr int ROWS_OUT = CHUNK / DOWN;   // rows of outputs
  static constexpr int PIXELS = COLUMNS / UP + 8;  // of a row of x: COLUMNS / UP + 5, and what is read beside them
  static constexpr int TAPS_DOWN = 6 * DOWN;
  static constexpr int STRIDE = COLUMNS + 8;
};

// Rows of x on their way to shared memory: asked for before other work, and put down after it.
template <int UP, int DOWN, int ROWS>
struct FilterRows {
  static constexpr int PIXELS = FilterShape<UP, DOWN>::PIXELS;
  static constexpr int EACH = (ROWS * PIXELS + COLUMNS - 1) / COLUMNS;  // pixels of a thread
  unsigned bits[EACH];
  unsigned inside;  // which of them are in the image

  // Rows from `from` on, counted from the first under the tile.
  __device__ __forceinline__ void fetch(const FilterArgs& a, const FilterTile& tile, int from) {
    int first_x = a.first_x + tile.x * DOWN / UP, first_y = a.first_y + tile.y * DOWN / UP + from;
    long long plane = (long long)tile.plane * a.height * a.width;
    inside = 0;
    if (a.type == F16) {
      fetch((const unsigned short*)a.x + plane, a, first_x, first_y);
    } else {
      fetch((const unsigned*)a.x + plane, a, first_x, first_y);
    }
  }
  template <class T>
  __device__ __forceinline__ void fetch(const T* plane, const FilterArgs& a, int first_x, int first_y) {
#pragma unroll
    for (int k = 0; k < EACH; k++) {
      int i = (int)threadIdx.x + k * COLUMNS;
      int row = first_y + i / PIXELS, column = first_x + i % PIXELS;
      bool in = (unsigned)row < (unsigned)a.height && (unsigned)column < (unsigned)a.width;
      bits[k] = plane[in ? row * a.width + column : 0];
      inside |= in ? 1u << k : 0u;
    }
  }
  // `rows` rows with bias and gain; zero outside the image.
  __device__ __forceinline__ void place(const FilterArgs& a, float bias, int rows, float (*image)[PIXELS]) const {
#pragma unroll
    for (int k = 0; k < EACH; k++) {
      int i = (int)threadIdx.x + k * COLUMNS;
      float v = a.type == F16 ? __half2float(__ushort_as_half((unsigned short)bits[k])) : __uint_as_float(bits[k]);
      if (i < rows * PIXELS) image[i / PIXELS][i % PIXELS] = inside >> k & 1 ? (v + bias) * a.gain : 0.0f;
    }
  }
};

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

// The words of a chunk to bytes of the map that is written; `first` is the chunk's first row at the high rate.
template <int DOWN>
__device__ __forceinline__ void write_map(const FilterArgs& a, const FilterTile& tile, int first, const unsigned (*codes)[COLUMNS]) {
  int quad = (int)threadIdx.x % 32, word = (int)threadIdx.x / 32;
  int column = tile.x * DOWN + 4 * quad;
  if (word >= CHUNK / WORD || column >= tile.high_x) return;
  unsigned w[4];
#pragma unroll
  for (int k = 0; k < 4; k++) {
    w[k] = column + k < a.high_width ? codes[word][min(a.extra_x + 4 * quad + k, COLUMNS - 1)] : 0u;
    w[k] &= ~((w[k] >> 1) & 0x55555555u);  // 3: negative and clamped, which is 2
  }
  transpose_codes(w);
  int bytes = (a.high_width + 3) / 4;
#pragma unroll
  for (int r = 0; r < WORD; r++) {
    int row = first + word * WORD + r;
    if (row >= tile.y * DOWN && row < tile.high_y) {
      a.signs[((long long)tile.plane * a.high_height + row) * bytes + column / 4] = (unsigned char)(w[r % 4] >> (r / 4 * 8));
    }
  }
}

// The bytes of the map that is read to words of a chunk.
template <int DOWN>
__device__ __forceinline__ void read_map(const FilterArgs& a, const FilterTile& tile, int first, unsigned (*codes)[COLUMNS]) {
  int bytes = (a.sign_width + 3) / 4;
  int from = tile.x * DOWN - a.extra_x + a.offset_x;  // the column of the map that is the tile's first
  int skip = from & 3, first_byte = (from - skip) / 4;
  const unsigned char* map = a.signs + (long long)tile.plane * a.sign_height * bytes;
  for (int item = (int)threadIdx.x; item < (COLUMNS / 4 + 1) * (CHUNK / WORD); item += COLUMNS) {
    int quad = item % (COLUMNS / 4 + 1), word = item / (COLUMNS / 4 + 1);
    int byte = first_byte + quad;
    unsigned w[4] = {0u, 0u, 0u, 0u};
    if (byte >= 0 && byte < bytes) {
#pragma unroll
      for (int r = 0; r < WORD; r++) {
        int row = first + a.offset_y + word * WORD + r;
        bool inside = (unsigned)row < (unsigned)a.sign_height;
        unsigned codes_of_row = map[(inside ? row : 0) * bytes + byte];
        w[r % 4] |= (inside ? codes_of_row : 0u) << (r / 4 * 8);
      }
    }
    transpose_codes(w);
#pragma unroll
    for (int k = 0; k < 4; k++) {
      int column = 4 * quad + k - skip;
      if (column >= 0 && column < COLUMNS) codes[word][column] = 4 * byte + k < a.sign_width ? w[k] : 0u;
    }
  }
}

// The taps in the order in which they meet samples; those of the up filter by phase.
template <int UP>
__device__ __forceinline__ void load_up_taps(const FilterArgs& a, float (&up)[UP][6]) {
#pragma unroll
  for (int p = 0; p < UP; p++) {
#pragma unroll
    for (int j = 0; j < 6; j++) {
      int k = UP - 1 - p + UP * j;
      up[p][j] = a.up[a.flip ? k : 6 * UP - 1 - k];
    }
  }
}
template <int DOWN>
__device__ __forceinline__ void load_down_taps(const FilterArgs& a, float (&down)[6 * DOWN]) {
#pragma unroll
  for (int k = 0; k < 6 * DOWN; k++) down[k] = a.down[a.flip ? k : 6 * DOWN - 1 - k];
}

// Chunks that have all rows at the high rate that the tile's outputs, and its part of the map, are made from.
template <int DOWN>
__device__ __forceinline__ int chunks_of(const FilterArgs& a, const FilterTile& tile) {
  int rows = max((tile.outputs_y - 1) * DOWN + 6 * DOWN, tile.high_y - tile.y * DOWN);
  return (a.extra_y + rows + CHUNK - 1) / CHUNK;
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
  FilterTile tile = FilterTile::of<DOWN>(a);
  int column = (int)threadIdx.x;
  float up[UP][6], down[6 * DOWN];
  load_up_taps<UP>(a, up);
  load_down_taps<DOWN>(a, down);
  float bias = a.bias ? load_element(a.bias, tile.plane % a.channels, a.type) : 0.0f;
  int chunks = chunks_of<DOWN>(a, tile);
  int shift = -a.extra_x & 3;  // so that what a lane reads of `narrow` begins at 16 bytes
  int first_output = -5 - (SHIFT > 0) - a.extra_y / DOWN;  // outputs begun before the tile are made of less and left out
  float window[6], sums[6];
#pragma unroll
  for (int j = 0; j < 6; j++) sums[j] = 0.0f;
  FilterRows<UP, DOWN, Shape::ROWS_IN> rows;

  rows.fetch(a, tile, 0);
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
