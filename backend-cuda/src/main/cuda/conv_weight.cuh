// Gradients of convolutions in the weight on tensor cores:
//
//   w[o, i, u, v] = Σ_{n,p,q} y[n, o, p, q] · x[n, i, p·sy + u·ey − top, q·sx + v·ex − left]
//
// a product of matrices with rows o, columns (tap, i), and pixels as inner axis. A block of threads computes 64 output
// channels × some input channels × some taps over its share of the pixels, tile by tile of an image: y as rows of pixels
// and the patch of x as conv_tile.cuh has it, of which each tap reads other rows. The shares are added by
// conv_weight_sum in order, so that the result is the same every time.
#pragma once
#include "conv_tile.cuh"

struct ConvWeightArgs {
  const void* x;  // [images, groups · inputs, height, width]
  const void* y;  // [images, groups · outputs, y_height, y_width]
  void* w;        // [groups · outputs, inputs, taps], or f32 [shares, …]
  int is_partial;
  int images, groups, inputs, outputs;
  int height, width, y_height, y_width;
  int tile_rows, tile_columns, tiles_across, tiles;
  int patch_rows, patch_columns;
  int stride_y, stride_x, origin_y, origin_x;
  int taps, taps_at_once, chunks_at_once, tiles_of_share;  // of the images one after the other
  int tap[CONV_TAPS];
};

constexpr int WEIGHT_ROWS = 64;         // output channels of a block
constexpr int WEIGHT_ROW_BYTES = 144;   // 128 of pixels, and 16 so that rows lie in different banks
constexpr int WEIGHT_PLANE = WEIGHT_ROWS * WEIGHT_ROW_BYTES;

template <class T, int PIXELS>
struct ConvWeight {
  static constexpr int THREADS = 128, WARPS = 4, M_TILES = 4, JOBS = 5, STEPS = 4;
  static constexpr bool IS_HALF = sizeof(T) == 2;
  static constexpr int CHUNK = IS_HALF ? 32 : 8;               // channels of a patch
  static constexpr int N_TILES = IS_HALF ? 2 : 1;              // of a job: eight channels each, of one tap
  static constexpr int COLUMNS = CHUNK / 8 / N_TILES;          // jobs of a patch and tap
  static constexpr int TILE = 128 / sizeof(T);                 // pixels
  static constexpr int Y_BYTES = IS_HALF ? WEIGHT_PLANE : 2 * WEIGHT_PLANE;  // f32: high parts, low parts
  using Part = Portion<T, PIXELS>;

  const ConvWeightArgs& a;
  const SmallDivisor by_portions, by_patch_columns, by_tile_columns;
  int patch_bytes, x_portions, unit_portions, group, first_output, first_input;
  int* places;  // of a tile's pixels in the patch, bytes
  // Of the tile that is fetched:
  int tile_row, tile_column;
  const T *x_image, *y_image;

  __device__ __forceinline__ explicit ConvWeight(const ConvWeightArgs& args)
      : a(args),
        by_portions(args.patch_rows * args.patch_columns / PIXELS),
        by_patch_columns(args.patch_columns / PIXELS),
        by_tile_columns(args.tile_columns) {
    unit_portions = by_portions.n;
    x_portions = unit_portions * Part::UNITS * a.chunks_at_once;
    patch_bytes = a.patch_rows * a.patch_columns * PIXEL_BYTES;
  }

  __device__ __forceinline__ void go_to(int tile) {
    int image = tile / a.tiles, at = tile % a.tiles;
    tile_row = at / a.tiles_across * a.tile_rows;
    tile_column = at % a.tiles_across * a.tile_columns;
    x_image = (const T*)a.x + ((long long)image * a.groups + group) * a.inputs * a.height * a.width;
    y_image = (const T*)a.y + ((long long)image * a.groups + group) * a.outputs * a.y_height * a.y_width;
  }
  __device__ __forceinline__ void fetch_x(Part& part, int number) const {
    int unit = by_portions(number), pixels = number - unit * unit_portions;
    int row = by_patch_columns(pixels), column = (pixels - row * by_patch_columns.n) * PIXELS;
    int h = tile_row * a.stride_y + a.origin_y + row, w = tile_column * a.stride_x + a.origin_x + column;
    int channel = first_input + unit * Part::CHANNELS;
    bool valid = number < x_portions && h >= 0 && h < a.height && w >= 0 && w < a.width;
    long long plane = (long long)a.height * a.width;
    part.load(x_image + channel * plane + (long long)h * a.width + w, plane, a.inputs - channel, valid);
  }
  __device__ __forceinline__ void put_x(const Part& part, int number, unsigned char* patches) const {
    int unit = by_portions(number), pixels = number - unit * unit_portions;
    if (number < x_portions) {
      unsigned char* patch = patches + unit / Part::UNITS * patch_bytes;
      part.store(patch + pixels * PIXELS * PIXEL_BYTES + 16 * (unit % Part::UNITS), PIXEL_BYTES, 32, nullptr);
    }
  }
  // Portions of y: the channels of a portion, PIXELS neighbours of the tile.
  static constexpr int Y_ACROSS = TILE / PIXELS, Y_PORTIONS = WEIGHT_ROWS / Part::CHANNELS * Y_ACROSS;

  __device__ __forceinline__ void fetch_y(Part& part, int number) const {
    int pixel = number % Y_ACROSS * PIXELS, channel = first_output + number / Y_ACROSS * Part::CHANNELS;
    int row = by_tile_columns(pixel), column = pixel - row * a.tile_columns;
    bool valid = row < a.tile_rows && tile_row + row < a.y_height && tile_column + column < a.y_width;
    long long plane = (long long)a.y_height * a.y_width;
    const T* from = y_image + channel * plane + (long long)(tile_row + row) * a.y_width + tile_column + column;
    part.load(from, plane, a.outputs - channel, valid);
  }
  __device__ __forceinline__ static void put_y(const Part& part, int number, unsigned char* y) {
    unsigned char* to = y + number / Y_ACROSS * Part::CHANNELS * WEIGHT_ROW_BYTES + number % Y_ACROSS * PIXELS * sizeof(T);
#pragma unroll
    for (int c = 0; c < Part::CHANNELS; c++) {
      if constexpr (!IS_HALF) {
        uint32_t high, low;
        split_tf32(part.v[c], high, low);
        *(uint32_t*)(to + c * WEIGHT_ROW_BYTES) = high;
        *(uint32_t*)(to + c * WEIGHT_ROW_BYTES + WEIGHT_PLANE) = low;
      } else if constexpr (PIXELS == 2) {
        *(uint32_t*)(to + c * WEIGHT_ROW_BYTES) = part.word(c, 0);
      } else {
        *(unsigned short*)(to + c * WEIGHT_ROW_BYTES) = (unsigned short)part.word(c, 0);
      }
    }
  }

  __device__ __forceinline__ void run(unsigned char* shared) {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    int tap_blocks = (a.taps + a.taps_at_once - 1) / a.taps_at_once, block = blockIdx.x;
    int first_tap = block % tap_blocks * a.taps_at_once;
    block /= tap_blocks;
    int input_blocks = (a.inputs + CHUNK * a.chunks_at_once - 1) / (CHUNK * a.chunks_at_once);
    first_input = block % input_blocks * CHUNK * a.chunks_at_once;
    block /= input_blocks;
    int output_blocks = (a.outputs + WEIGHT_ROWS - 1) / WEIGHT_ROWS;
    first_output = block % output_blocks * WEIGHT_ROWS;
    group = block / output_blocks;
    int across = a.chunks_at_once * COLUMNS, jobs = min(a.taps_at_once, a.taps - first_tap) * across;
    places = (int*)shared;
    unsigned char* stage = shared + TILE * sizeof(int);
    int stage_bytes = Y_BYTES + a.chunks_at_once * patch_bytes;
    for (int p = threadIdx.x; p < TILE; p += THREADS) {
      int row = by_tile_columns(p), column = p - row * a.tile_columns;
      places[p] = row < a.tile_rows ? (row * a.stride_y * a.patch_columns + column * a.stride_x) * PIXEL_BYTES : 0;
    }
    int job_places[JOBS];
#pragma unroll
    for (int j = 0; j < JOBS; j++) {
      int job = min(warp + j * WARPS, jobs - 1), column = job % across;
      job_places[j] = column / COLUMNS * patch_bytes + column % COLUMNS * 32 + a.tap[first_tap + job / across] * PIXEL_BYTES;
    }
    float sum[JOBS][M_TILES][N_TILES][4] = {};
    int tile = blockIdx.z * a.tiles_of_share, last = min(tile + a.tiles_of_share, a.tiles * a.images);
    go_to(tile);
    for (int number = threadIdx.x; number < x_portions; number += THREADS) {
      Part part;
      fetch_x(part, number);
      put_x(part, number, stage + Y_BYTES);
    }
    for (int number = threadIdx.x; number < Y_PORTIONS; number += THREADS) {
      Part part;
      fetch_y(part, number);
      put_y(part, number, stage);
    }
    __syncthreads();
    for (int s = 0; tile < last; tile++, s ^= 1) {
      unsigned char *current = stage + s * stage_bytes, *other = stage + (s ^ 1) * stage_bytes;
      bool more = tile + 1 < last;
      if (more) go_to(tile + 1);
      int x_number = more ? (int)threadIdx.x : x_portions, y_number = more ? (int)threadIdx.x : Y_PORTIONS;
#pragma unroll
      for (int step = 0; step < STEPS; step++) {
        Part x_part, y_part;
        if (x_number < x_portions) fetch_x(x_part, x_number);
        if (y_number < Y_PORTIONS) fetch_y(y_part, y_number);
        multiply(sum, current, current + Y_BYTES, job_places, jobs - warp, step, lane);
        if (x_number < x_portions) put_x(x_part, x_number, other + Y_BYTES);
        if (y_number < Y_PORTIONS) put_y(y_part, y_number, other);
        x_number += THREADS;
        y_number += THREADS;
      }
      for (; x_number < x_portions; x_number += THREADS) {
        Part part;
        fetch_x(part, x_number);
        put_x(part, x_number, other + Y_BYTES);
      }
      __syncthreads();
    }
    store(sum, first_tap, across, jobs);
  }

  // One step of 16 pixels of f16, or 8 of f32. `jobs`: those of this warp are 0, WARPS, … below it.
  __device__ __forceinline__ void multiply(float (&sum)[JOBS][M_TILES][N_TILES][4], const unsigned char* y, const unsigned char* x,
                                           const int (&job_places)[JOBS], int jobs, int step, int lane) const {
    uint32_t high[M_TILES][4], low[M_TILES][4];
#pragma unroll
    for (int m = 0; m < M_TILES; m++) {
      const unsigned char* row = y + (m * 16 + lane % 16) * WEIGHT_ROW_BYTES + step * 32 + lane / 16 * 16;
      load_matrices_4(high[m], row);
      if (!IS_HALF) load_matrices_4(low[m], row + WEIGHT_PLANE);
    }
    if constexpr (IS_HALF) {
      const unsigned char* pixel = x + places[step * 16 + lane % 16] + lane / 16 * 16;
#pragma unroll
      for (int j = 0; j < JOBS; j++) {
        if (j * WARPS >= jobs) break;
        uint32_t v[4];
        load_matrices_4_transposed(v, pixel + job_places[j]);
        uint32_t left[2] = {v[0], v[1]}, right[2] = {v[2], v[3]};
#pragma unroll
        for (int m = 0; m < M_TILES; m++) {
          mma_f16(sum[j][m][0], high[m], left);
          mma_f16(sum[j][m][N_TILES - 1], high[m], right);
        }
      }
    } else {
      const unsigned char* first = x + places[step * 8 + lane % 4] + lane / 4 * 4;
      const unsigned char* second = x + places[step * 8 + 4 + lane % 4] + lane / 4 * 4;
#pragma unroll
      for (int j = 0; j < JOBS; j++) {
        if (j * WARPS >= jobs) break;
        uint32_t big[2] = {*(const uint32_t*)(first + job_places[j]), *(const uint32_t*)(second + job_places[j])};
        uint32_t small[2] = {*(const uint32_t*)(first + job_places[j] + 32), *(const uint32_t*)(second + job_places[j] + 32)};
#pragma unroll
        for (int m = 0; m < M_TILES; m++) {
          mma_tf32(sum[j][m][0], low[m], big);
          mma_tf32(sum[j][m][0], high[m], small);
          mma_tf32(sum[j][m][0], high[m], big);
        }
      }
    }
  }

  __device__ __forceinline__ void store(const float (&sum)[JOBS][M_TILES][N_TILES][4], int first_tap, int across, int jobs) const {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    long long share = (long long)blockIdx.z * a.groups * a.outputs * a.inputs * a.taps;
#pragma unroll
    for (int j = 0; j < JOBS; j++) {
      int job = warp + j * WARPS, tap = first_tap + job / across, column = job % across;
      if (job >= jobs) break;
#pragma unroll
      for (int m = 0; m < M_TILES; m++) {
#pragma unroll
        for (int n = 0; n < N_TILES; n++) {
#pragma unroll
          for (int q = 0; q < 4; q++) {
            int output = first_output + m * 16 + lane / 4 + q / 2 * 8;
            int input = first_input + (column * N_TILES + n) * 8 + lane % 4 * 2 + q % 2;
            if (output < a.outputs && input < a.inputs) {
              long long at = (((long long)group * a.outputs + output) * a.inputs + input) * a.taps + tap;
              if (a.is_partial) {
                ((float*)a.w)[share + at] = sum[j][m][n][q];
              } else {
                ((T*)a.w)[at] = from_float<T>(sum[j][m][n][q]);
              }
            }
          }
        }
      }
    }
  }
};
