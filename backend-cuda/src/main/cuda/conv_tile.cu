// The sizes in which conv_tile.cuh is compiled, channels × pixels of a block: large 128 × 128, wide 64, 48 or 32 × 256, small
// 64 × 64 for small images, narrow 16 × 256 for few output channels. "pairs" fetches two neighbouring elements of f16 at once.
#pragma once
#include "conv_tile.cuh"

#define CONV_KERNEL(name, ...)                \
  KERNEL(name, ConvTileArgs, 128) {           \
    DYNAMIC_SHARED(unsigned char, shared);    \
    ConvTile<__VA_ARGS__>(a).run(shared);     \
  }

CONV_KERNEL(conv_large_f16, __half, 2, 2, 4, 8, 1)
CONV_KERNEL(conv_large_f16_pairs, __half, 2, 2, 4, 8, 2)
CONV_KERNEL(conv_large_f32, float, 2, 2, 4, 8, 1)
CONV_KERNEL(conv_wide_f16, __half, 1, 4, 4, 8, 1)
CONV_KERNEL(conv_wide_f16_pairs, __half, 1, 4, 4, 8, 2)
CONV_KERNEL(conv_wide_f32, float, 1, 4, 4, 8, 1)
CONV_KERNEL(conv_wide48_f16, __half, 1, 4, 3, 8, 1)
CONV_KERNEL(conv_wide48_f16_pairs, __half, 1, 4, 3, 8, 2)
CONV_KERNEL(conv_wide48_f32, float, 1, 4, 3, 8, 1)
CONV_KERNEL(conv_wide32_f16, __half, 1, 4, 2, 8, 1)
CONV_KERNEL(conv_wide32_f16_pairs, __half, 1, 4, 2, 8, 2)
CONV_KERNEL(conv_wide32_f32, float, 1, 4, 2, 8, 1)
CONV_KERNEL(conv_small_f16, __half, 2, 2, 2, 4, 1)
CONV_KERNEL(conv_small_f16_pairs, __half, 2, 2, 2, 4, 2)
CONV_KERNEL(conv_small_f32, float, 2, 2, 2, 4, 1)
CONV_KERNEL(conv_narrow_f16, __half, 1, 4, 1, 8, 1)
CONV_KERNEL(conv_narrow_f16_pairs, __half, 1, 4, 1, 8, 2)
CONV_KERNEL(conv_narrow_f32, float, 1, 4, 1, 8, 1)
