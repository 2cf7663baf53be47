// upfirdn2d for filters of 4 x 4 taps, as the blocks of StyleGAN2 and of the discriminator have: for factors 1 and 1, 1 and 2,
// 2 and 1 (up, down). A block loads the pixels of a tile into shared memory; a thread makes 4 / DOWN outputs in each of two
// rows, from pixels in registers. With UP = 2 the tile begins `extra` outputs early, where a group of two outputs along an
// axis begins that have the same two pixels under their taps.
#pragma once
#include "images.cuh"

struct UpfirdnTileArgs {
  const void* x;
  void* y;
  const float* filter;
  int type, flip, tiles_x, tiles_y;
  int height, width, out_height, out_width;
  int extra_x, extra_y;
  int first_x, first_y;  // the pixel under the first tap at the first output, `extra` before 0
  float gain;
};

template <int UP, int DOWN>
struct UpfirdnTile {
  static constexpr int THREADS = 256, LANES = 16;  // of a row
  static constexpr int TAPS = 4, UNDER = TAPS / UP;  // pixels under the taps, along an axis
  static constexpr int ACROSS = 4 / DOWN, ROWS = 2;  // outputs of a thread
  static constexpr int WIDTH = LANES * ACROSS, HEIGHT = THREADS / LANES * ROWS;
  static constexpr int STEP = 4 / UP;  // pixels from one lane to the next
  static constexpr int PIXELS_X = LANES * STEP + 4;
  static constexpr int PIXELS_Y = (HEIGHT / UP - 1) * DOWN + UNDER;
};

template <int UP, int DOWN>
__device__ __forceinline__ void upfirdn_tile(const UpfirdnTileArgs& a) {
  using Tile = UpfirdnTile<UP, DOWN>;
  __shared__ __align__(16) float image[Tile::PIXELS_Y][Tile::PIXELS_X];
  int tiles = a.tiles_x * a.tiles_y;
  int plane = (int)(blockIdx.x / (unsigned)tiles), tile = (int)(blockIdx.x % (unsigned)tiles);
  int tile_x = tile % a.tiles_x * Tile::WIDTH, tile_y = tile / a.tiles_x * Tile::HEIGHT;
  int first_x = a.first_x + tile_x * DOWN / UP, first_y = a.first_y + tile_y * DOWN / UP;
  long long from = (long long)plane * a.height * a.width;
  for (int i = (int)threadIdx.x; i < Tile::PIXELS_Y * Tile::PIXELS_X; i += Tile::THREADS) {
    int y = i / Tile::PIXELS_X, x = i % Tile::PIXELS_X, row = first_y + y, column = first_x + x;
    bool inside = row >= 0 && row < a.height && column >= 0 && column < a.width;
    image[y][x] = inside ? load_element(a.x, from + (long long)row * a.width + column, a.type) : 0.0f;
  }
  float taps[Tile::TAPS][Tile::TAPS];
#pragma unroll
  for (int k = 0; k < 16; k++) taps[k / 4][k % 4] = a.filter[a.flip ? k : 15 - k] * a.gain;
  __syncthreads();

  int lane = (int)threadIdx.x % Tile::LANES, line = (int)threadIdx.x / Tile::LANES;
  constexpr int UNDER_X = (Tile::ACROSS / UP - 1) * DOWN + Tile::UNDER, UNDER_Y = (Tile::ROWS / UP - 1) * DOWN + Tile::UNDER;
  float out[Tile::ROWS][Tile::ACROSS] = {};
#pragma unroll
  for (int r = 0; r < UNDER_Y; r++) {
    const float* pixels = &image[line * (Tile::ROWS / UP) * DOWN + r][lane * Tile::STEP];
    float in[8];
    if (UP == 1) {
#pragma unroll
      for (int k = 0; k < UNDER_X; k += 4) {
        float4 four = *(const float4*)(pixels + k);
        in[k] = four.x;
        in[k + 1] = four.y;
        in[k + 2] = four.z;
        in[k + 3] = four.w;
      }
    } else {
#pragma unroll
      for (int k = 0; k < UNDER_X; k += 2) {
        float2 two = *(const float2*)(pixels + k);
        in[k] = two.x;
        in[k + 1] = two.y;
      }
    }
#pragma unroll
    for (int y = 0; y < Tile::ROWS; y++) {
      int under_y = r - y / UP * DOWN;
      if (under_y < 0 || under_y >= Tile::UNDER) continue;
#pragma unroll
      for (int x = 0; x < Tile::ACROSS; x++) {
#pragma unroll
        for (int j = 0; j < Tile::UNDER; j++) {
          out[y][x] += taps[UP - 1 - y % UP + UP * under_y][UP - 1 - x % UP + UP * j] * in[x / UP * DOWN + j];
        }
      }
    }
  }
  int column = tile_x - a.extra_x + lane * Tile::ACROSS;
  bool whole = a.type == F32 && Tile::ACROSS == 4 && a.extra_x == 0 && a.out_width % 4 == 0 && column < a.out_width;
#pragma unroll
  for (int y = 0; y < Tile::ROWS; y++) {
    int row = tile_y - a.extra_y + line * Tile::ROWS + y;
    if (row < 0 || row >= a.out_height) continue;
    long long to = ((long long)plane * a.out_height + row) * a.out_width + column;
    if (whole) {
      *(float4*)((float*)a.y + to) = make_float4(out[y][0], out[y][1], out[y][2 % Tile::ACROSS], out[y][3 % Tile::ACROSS]);
    } else {
#pragma unroll
      for (int x = 0; x < Tile::ACROSS; x++) {
        if (column + x >= 0 && column + x < a.out_width) store_element(a.y, to + x, a.type, out[y][x]);
      }
    }
  }
}

KERNEL(upfirdn_tile_11, UpfirdnTileArgs, 256) { upfirdn_tile<1, 1>(a); }
KERNEL(upfirdn_tile_12, UpfirdnTileArgs, 256) { upfirdn_tile<1, 2>(a); }
KERNEL(upfirdn_tile_21, UpfirdnTileArgs, 256) { upfirdn_tile<2, 1>(a); }
