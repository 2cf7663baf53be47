// Tiles of the fused filters (filter_march.cuh, filter_flat.cuh): where they lie, the rows of x that they are made from, and
// their part of the sign map.
//
// A tile begins `extra` samples at the high rate before the first under its first output, where a group of UP samples begins
// that are made from the same pixels. Signs are kept as words of a column, 12 rows of two bits, which are bytes of a row
// transposed.
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
  int rows;               // at the high rate, for the outputs and the signs
  int pixels_x, pixels_y;  // of x under them
  template <int UP, int DOWN>
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
    int columns = a.extra_x + max((t.outputs_x + 5) * DOWN, t.high_x - t.x * DOWN);
    t.rows = a.extra_y + max((t.outputs_y + 5) * DOWN, t.high_y - t.y * DOWN);
    t.pixels_x = (columns + UP - 1) / UP + 5;
    t.pixels_y = (t.rows + UP - 1) / UP + 5;
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

  // `rows` rows from `from` on, counted from the first under the tile.
  __device__ __forceinline__ void fetch(const FilterArgs& a, const FilterTile& tile, int from, int rows = ROWS) {
    long long plane = (long long)tile.plane * a.height * a.width;
    inside = 0;
    if (a.type == F16) {
      fetch((const unsigned short*)a.x + plane, a, tile, from, rows);
    } else {
      fetch((const unsigned*)a.x + plane, a, tile, from, rows);
    }
  }
  template <class T>
  __device__ __forceinline__ void fetch(const T* plane, const FilterArgs& a, const FilterTile& tile, int from, int rows) {
    int first_x = a.first_x + tile.x * DOWN / UP, first_y = a.first_y + tile.y * DOWN / UP;
    int end_x = min(a.width, first_x + tile.pixels_x), end_y = min(a.height, first_y + min(tile.pixels_y, from + rows));
#pragma unroll
    for (int k = 0; k < EACH; k++) {
      int i = (int)threadIdx.x + k * COLUMNS;
      int row = first_y + from + i / PIXELS, column = first_x + i % PIXELS;
      bool in = row >= 0 && row < end_y && column >= 0 && column < end_x;
      bits[k] = in ? plane[row * a.width + column] : 0;
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
  constexpr int ITEMS = (COLUMNS / 4 + 1) * (CHUNK / WORD);
  static_assert(ITEMS <= COLUMNS, "one for a thread, as a loop takes registers");
  int item = (int)threadIdx.x;
  if (item < ITEMS) {
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
