// Kernels for compute capability 9.0 with all its features, which are loaded beside those of kernels.cu: convolutions, named
// by the pixels and channels of a block.
#include "conv_hopper.cuh"

#define CONV_HOPPER(name, ...)                                          \
  KERNEL_SHARED_BY(1, name, ConvHopperArgs, HOPPER_THREADS) {           \
    DYNAMIC_SHARED(unsigned char, shared);                              \
    ConvHopper<__VA_ARGS__>(a, shared).run();                           \
  }

CONV_HOPPER(conv_hopper_256_128_f16, __half, 2, 128)
CONV_HOPPER(conv_hopper_256_112_f16, __half, 2, 112)
CONV_HOPPER(conv_hopper_256_96_f16, __half, 2, 96)
CONV_HOPPER(conv_hopper_256_64_f16, __half, 2, 64)
CONV_HOPPER(conv_hopper_128_128_f16, __half, 1, 128)
CONV_HOPPER(conv_hopper_128_64_f16, __half, 1, 64)
