// Convolutions on tensor cores, as a product of matrices that is never written: rows are output channels, columns pixels,
// and the inner axis runs over blocks of input channels, and within them over the taps of the kernel.
//
// A block of threads computes rows × columns of one image. For a block of channels it holds the patch of x under its
// pixels in shared memory, channels innermost, so that for each tap the fragments lie at the same addresses moved by a
// constant; the next patch is fetched while this one is used. Fragments of the weight were put in the order in which lanes
// load them by conv_pack.cu and go straight from global memory to registers.
//
// A pixel of the patch takes 80 bytes: 64 of data, and 16 so that eight pixels in a row lie in different banks.
//   f16: 32 channels; two halves of 16 channels, each for one mma_f16.
//   f32: 8 channels as high and low tf32 (split.cuh); the halves of a step are low and high fragments of the weight.
#pragma once
#include "conv_parts.cuh"

constexpr int PIXEL_BYTES = 80;  // of the patch

struct ConvTileArgs {
  const void* x;               // [images, groups · inputs, height, width]
  const uint4* w;              // by conv_pack
  void* y;                     // [images, groups · outputs, y_height, y_width]
  const void *styles, *scales; // [images, channels] of weight_type, or none
  const float* weight_scales;  // [groups · outputs], what conv_pack divided by, or none
  int weight_type, images, groups, inputs, outputs;
  int height, width, y_height, y_width;
  int rows, columns;                                  // computed here, and where they go
  int y_row, y_column, y_row_step, y_column_step;
  int tile_rows, tile_columns, tiles_across, tiles;
  int patch_rows, patch_columns;
  int stride_y, stride_x, origin_y, origin_x;         // first element under output (0, 0)
  int taps, chunks;
  int tap[CONV_TAPS];                                 // pixels from the patch's element under an output
};

// i / n for i · n < 2²⁰, by a product.
struct SmallDivisor {
  uint32_t n, factor;
  __device__ __forceinline__ explicit SmallDivisor(int of) : n(of), factor(((1u << 20) + of - 1) / of) {}
  __device__ __forceinline__ int operator()(int i) const { return (int)((uint32_t)i * factor >> 20); }
};

// Warps of a block: WARPS_M × WARPS_N, each computing 16 M_TILES channels of 8 N_TILES pixels.
template <class T, int WARPS_M, int WARPS_N, int M_TILES, int N_TILES, int PIXELS>
struct ConvTile {
  static constexpr int THREADS = 32 * WARPS_M * WARPS_N;
  static constexpr bool IS_HALF = sizeof(T) == 2;
  static constexpr int CHUNK = IS_HALF ? 32 : 8;  // channels
  static constexpr int AT_ONCE = !IS_HALF && M_TILES * N_TILES >= 32 ? 1 : 2;  // portions of a thread on their way
  using Part = Portion<T, PIXELS>;

  const ConvTileArgs& a;
  const SmallDivisor by_portions, by_patch_columns, by_tile_columns;
  int portions, first_row, first_column, unit_portions;  // of the patch
  const T* image;
  float* styles;

  __device__ __forceinline__ explicit ConvTile(const ConvTileArgs& args)
      : a(args),
        by_portions(args.patch_rows * args.patch_columns / PIXELS),
        by_patch_columns(args.patch_columns / PIXELS),
        by_tile_columns(args.tile_columns) {
    unit_portions = by_portions.n;
    portions = unit_portions * Part::UNITS;
  }

  // Where a portion comes from; its place in the patch comes out.
  __device__ __forceinline__ void fetch(Part& part, int number, int chunk) const {
    int unit = by_portions(number), pixels = number - unit * unit_portions;
    int row = by_patch_columns(pixels), column = (pixels - row * by_patch_columns.n) * PIXELS;
    int h = first_row + row, w = first_column + column, channel = chunk * CHUNK + unit * Part::CHANNELS;
    bool valid = number < portions && h >= 0 && h < a.height && w >= 0 && w < a.width;
    long long plane = (long long)a.height * a.width;
    part.load(image + channel * plane + (long long)h * a.width + w, plane, a.inputs - channel, valid);
  }
  __device__ __forceinline__ void put(const Part& part, int number, int chunk, unsigned char* patch) const {
    int unit = by_portions(number), pixels = number - unit * unit_portions;
    if (number < portions) {
      int channel = chunk * CHUNK + unit * Part::CHANNELS;
      bool styled = AT_ONCE > 1 ? styles != nullptr : a.styles != nullptr;  // as registers are fewest there
      part.store(patch + pixels * PIXELS * PIXEL_BYTES + 16 * unit, PIXEL_BYTES, 32, styled ? styles + channel : nullptr);
    }
  }

  // Styles of the image in shared memory, zeros behind them; the factor that takes their common power of two back.
  __device__ __forceinline__ float prepare_styles(int first_channel) {
    if (!a.styles) {
      if (AT_ONCE > 1) styles = nullptr;
      return 1;
    }
    __shared__ uint32_t largest[THREADS / 32];
    uint32_t most = 0;
    for (int i = threadIdx.x; i < a.chunks * CHUNK; i += THREADS) {
      float s = 0;
      if (i < a.inputs) {
        s = a.weight_type == F32 ? ((const float*)a.styles)[first_channel + i]
                                 : __half2float(((const __half*)a.styles)[first_channel + i]);
      }
      styles[i] = s;
      most = max(most, finite_magnitude(s));
    }
    float inverse = 1;
    if constexpr (IS_HALF) {
      for (int step = 16; step > 0; step /= 2) most = max(most, __shfl_xor_sync(~0u, most, step));
      if (threadIdx.x % 32 == 0) largest[threadIdx.x / 32] = most;
      __syncthreads();
      for (int w = 0; w < THREADS / 32; w++) most = max(most, largest[w]);
      float factor = below_one(most, inverse);
      for (int i = threadIdx.x; i < a.chunks * CHUNK; i += THREADS) styles[i] *= factor;
    }
    __syncthreads();
    return inverse;
  }

  __device__ __forceinline__ void run(unsigned char* shared) {
    int m_blocks = (a.outputs + 16 * WARPS_M * M_TILES - 1) / (16 * WARPS_M * M_TILES);
    int tile = blockIdx.x / m_blocks, m_block = blockIdx.x % m_blocks;
    int tile_row = tile / a.tiles_across * a.tile_rows, tile_column = tile % a.tiles_across * a.tile_columns;
    first_row = tile_row * a.stride_y + a.origin_y;
    first_column = tile_column * a.stride_x + a.origin_x;
    int patch_bytes = a.patch_rows * a.patch_columns * PIXEL_BYTES;
    for (int z = blockIdx.z; z < a.images * a.groups; z += gridDim.z) {
      styles = (float*)(shared + 2 * patch_bytes);
      image = (const T*)a.x + (long long)z * a.inputs * a.height * a.width;
      __syncthreads();
      float factor = prepare_styles(z * a.inputs);
      compute(shared, patch_bytes, z, m_block, tile_row, tile_column, factor);
    }
  }

  __device__ __forceinline__ void compute(unsigned char* shared, int patch_bytes, int z, int m_block, int tile_row,
                                          int tile_column, float factor) {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warp_n = warp % WARPS_N;
    int m_tiles = (a.outputs + 15) / 16, first_m = (m_block * WARPS_M + warp / WARPS_N) * M_TILES;
    int halves = 2 * a.chunks * a.taps;
    // This lane's fragments; of the last ones again where there are no more channels.
    const uint4* w = a.w + ((long long)(z % a.groups) * m_tiles + min(first_m, m_tiles - 1)) * halves * 32 + lane;
    int more = max(m_tiles - 1 - first_m, 0);
    uint32_t columns[N_TILES / 2];  // where this lane's pixels lie in the patch
#pragma unroll
    for (int j = 0; j < N_TILES / 2; j++) {
      int pixel = warp_n * 8 * N_TILES + j * 16 + lane / 16 * 8 + lane % 8;
      int row = min(by_tile_columns(pixel), a.tile_rows - 1);
      int column = min(pixel - row * a.tile_columns, a.tile_columns - 1);
      columns[j] = (row * a.stride_y * a.patch_columns + column * a.stride_x) * PIXEL_BYTES + lane / 8 % 2 * 16;
    }
    float sum[M_TILES][N_TILES][4] = {};
    uint4 next[M_TILES];
    if (halves > 0) {
#pragma unroll
      for (int m = 0; m < M_TILES; m++) next[m] = w[(uint32_t)min(m, more) * halves * 32];
    }
    for (int number = threadIdx.x; number < portions; number += THREADS) {
      Part part;
      fetch(part, number, 0);
      put(part, number, 0, shared);
    }
    __syncthreads();
    int half = 0;
    for (int chunk = 0; chunk < a.chunks; chunk++) {
      const unsigned char* patch = shared + chunk % 2 * patch_bytes;
      unsigned char* other = shared + (chunk + 1) % 2 * patch_bytes;
      int number = chunk + 1 < a.chunks ? (int)threadIdx.x : portions;
      for (int tap = 0; tap < a.taps; tap++) {
        const unsigned char* moved = patch + a.tap[tap] * PIXEL_BYTES;
#pragma unroll
        for (int side = 0; side < 2; side++) {
          uint32_t fragment[M_TILES][4];
#pragma unroll
          for (int m = 0; m < M_TILES; m++) {
            fragment[m][0] = next[m].x;
            fragment[m][1] = next[m].y;
            fragment[m][2] = next[m].z;
            fragment[m][3] = next[m].w;
          }
          half++;
          if (half < halves) {
#pragma unroll
            for (int m = 0; m < M_TILES; m++) next[m] = w[(uint32_t)(min(m, more) * halves + half) * 32];
          }
          Part parts[AT_ONCE];
          if (number < portions) {
#pragma unroll
            for (int p = 0; p < AT_ONCE; p++) fetch(parts[p], number + p * THREADS, chunk + 1);
          }
          bool empty = IS_HALF && side == 1 && chunk * CHUNK + CHUNK / 2 >= a.inputs;  // half of the last block
          if (!empty) multiply(sum, fragment, moved, columns, side);
          if (number < portions) {
#pragma unroll
            for (int p = 0; p < AT_ONCE; p++) put(parts[p], number + p * THREADS, chunk + 1, other);
            number += AT_ONCE * THREADS;
          }
        }
      }
      for (; number < portions; number += THREADS) {
        Part part;
        fetch(part, number, chunk + 1);
        put(part, number, chunk + 1, other);
      }
      __syncthreads();
    }
    store(sum, z, (m_block * WARPS_M + warp / WARPS_N) * M_TILES * 16, warp_n * 8 * N_TILES, tile_row, tile_column, factor);
  }

  __device__ __forceinline__ static void multiply(float (&sum)[M_TILES][N_TILES][4], const uint32_t (&fragment)[M_TILES][4],
                                                  const unsigned char* moved, const uint32_t (&columns)[N_TILES / 2], int side) {
#pragma unroll
    for (int j = 0; j < N_TILES / 2; j++) {
      uint32_t x[4];
      load_matrices_4(x, moved + columns[j] + (IS_HALF ? side * 32 : 0));
      uint32_t left[2] = {x[0], x[1]}, right[2] = {x[2], x[3]};
#pragma unroll
      for (int m = 0; m < M_TILES; m++) {
        if (IS_HALF) {
          mma_f16(sum[m][2 * j], fragment[m], left);
          mma_f16(sum[m][2 * j + 1], fragment[m], right);
        } else {
          mma_tf32(sum[m][2 * j], fragment[m], left);
          mma_tf32(sum[m][2 * j + 1], fragment[m], right);
        }
      }
      if (!IS_HALF && side == 1) {  // high parts of the weight with low parts of x
        load_matrices_4(x, moved + columns[j] + 32);
        uint32_t low_left[2] = {x[0], x[1]}, low_right[2] = {x[2], x[3]};
#pragma unroll
        for (int m = 0; m < M_TILES; m++) {
          mma_tf32(sum[m][2 * j], fragment[m], low_left);
          mma_tf32(sum[m][2 * j + 1], fragment[m], low_right);
        }
      }
    }
  }

  __device__ __forceinline__ void store(const float (&sum)[M_TILES][N_TILES][4], int z, int first_channel, int first_pixel,
                                        int tile_row, int tile_column, float factor) const {
    int lane = threadIdx.x % 32;
    long long plane = (long long)a.y_height * a.y_width;
#pragma unroll
    for (int n = 0; n < N_TILES; n++) {
      int at[2];
      bool in[2];
#pragma unroll
      for (int q = 0; q < 2; q++) {
        int pixel = first_pixel + n * 8 + lane % 4 * 2 + q;
        int row = by_tile_columns(pixel), column = pixel - row * a.tile_columns;
        in[q] = row < a.tile_rows && tile_row + row < a.rows && tile_column + column < a.columns;
        at[q] = ((tile_row + row) * a.y_row_step + a.y_row) * a.y_width + (tile_column + column) * a.y_column_step + a.y_column;
      }
#pragma unroll
      for (int m = 0; m < M_TILES; m++) {
#pragma unroll
        for (int side = 0; side < 2; side++) {
          int channel = first_channel + m * 16 + side * 8 + lane / 4;
          if (channel >= a.outputs) continue;
          long long output = (long long)z * a.outputs + channel;
          float v[2] = {sum[m][n][2 * side], sum[m][n][2 * side + 1]};
          if (a.weight_scales) {
            float by = a.weight_scales[z % a.groups * a.outputs + channel];
            v[0] *= by;
            v[1] *= by;
          }
          if (a.scales) {
            float by = number_of(a.scales, a.weight_type, output);
            v[0] = v[0] * factor * by;
            v[1] = v[1] * factor * by;
          }
          store_two((T*)a.y + output * plane, at, in, v);
        }
      }
    }
  }
};
