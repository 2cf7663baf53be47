// What conv_hopper.cuh takes, and small parts of it.
#pragma once
#include "conv_parts.cuh"
#include "index.cuh"

constexpr int HOPPER_THREADS = 384;
constexpr int HOPPER_STAGES = 4;    // of weights
constexpr int HOPPER_UNITS = 8;     // of 16 bytes, of a stage or patch
constexpr int HOPPER_HEADER = 256;  // bytes before stages: barriers and a few numbers

struct ConvHopperArgs {
  const void* x;                // [images, groups · inputs, height, width]
  const unsigned char* w;       // by conv_pack_units
  void* y;                      // [images, groups · outputs, y_height, y_width]
  const void *styles, *scales;  // [images, channels] of weight_type, or none
  const float* weight_scales;   // [groups · outputs], what w was divided by, or none
  long long items;              // tiles of all planes, for each block of output channels
  int weight_type, groups, inputs, outputs;
  int height, width, y_height, y_width;
  int rows, columns;                           // computed here, and where they go
  int y_row, y_column, y_row_step, y_column_step;
  int origin_y, origin_x;                      // first element under output (0, 0)
  int strip, tiles;                            // columns of a strip; tiles of a plane
  int patch_rows, patch_columns, plane_bytes;  // of a unit of the patch
  int pixels;                                  // loaded at once: 1, 2, or 8
  int taps, chunks;
  Divisor by_length, by_unit, by_columns;      // rows of a strip with its taps; loads of a unit; loads of a patch's row
  int tap[CONV_TAPS];                          // bytes from the patch's element under an output
};

// Styles of an image in shared memory, zeros up to `padded`; the factor that takes the power of two back which they share
// for f16. By THREADS threads, whose barrier `meet` is; all of them must have left the last image's styles before. (As in
// conv_tile.cuh, whose largest kernels have no registers left for a function that suits both.)
template <bool IS_HALF, int THREADS, class Meet>
__device__ __forceinline__ float stage_styles(const void* from, int type, long long first, int inputs, int padded, float* styles,
                                              uint32_t* largest, int thread, Meet meet) {
  uint32_t most = 0;
  for (int i = thread; i < padded; i += THREADS) {
    float s = i < inputs ? number_of(from, type, first + i) : 0;
    styles[i] = s;
    most = max(most, finite_magnitude(s));
  }
  float inverse = 1;
  if constexpr (IS_HALF) {
    for (int step = 16; step > 0; step /= 2) most = max(most, __shfl_xor_sync(~0u, most, step));
    if (thread % 32 == 0) largest[thread / 32] = most;
    meet();
    for (int w = 0; w < THREADS / 32; w++) most = max(most, largest[w]);
    float factor = below_one(most, inverse);
    for (int i = thread; i < padded; i += THREADS) styles[i] *= factor;
  }
  meet();
  return inverse;
}

// What results are multiplied with: what weights were divided by, the styles' power of two, the output's scale. In this order,
// as a product of two of them could overflow.
struct ResultScale {
  float weight, output, styles;
  __device__ __forceinline__ float apply(float v) const { return v * weight * styles * output; }
};

// A turn through the places of a ring. Who waits for what the other side does first in a place waits for `parity`, who waits
// for the place to be free for the first time for the other one.
template <int PLACES>
struct RingTurn {
  int place = 0;
  uint32_t parity = 0;
  __device__ __forceinline__ void advance() {
    if (++place == PLACES) {
      place = 0;
      parity ^= 1;
    }
  }
};
