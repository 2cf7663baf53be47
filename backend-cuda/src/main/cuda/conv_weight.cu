// The forms in which conv_weight.cuh is compiled, and the sum of the shares.
#pragma once
#include "conv_weight.cuh"

#define CONV_WEIGHT_KERNEL(name, ...)       \
  KERNEL(name, ConvWeightArgs, 128) {       \
    DYNAMIC_SHARED(unsigned char, shared);  \
    ConvWeight<__VA_ARGS__>(a).run(shared); \
  }

CONV_WEIGHT_KERNEL(conv_weight_f16, __half, 1)
CONV_WEIGHT_KERNEL(conv_weight_f16_pairs, __half, 2)
CONV_WEIGHT_KERNEL(conv_weight_f32, float, 1)

struct ConvWeightSumArgs {
  const float* shares;  // [count, n]
  void* w;
  long long n;
  int count, type;
};

FLAT_KERNEL(conv_weight_sum, ConvWeightSumArgs, 256) {
  for (long long i = global_thread(); i < a.n; i += global_threads()) {
    float sum = a.shares[i];
    for (int s = 1; s < a.count; s++) sum += a.shares[s * a.n + i];
    if (a.type == F32) {
      ((float*)a.w)[i] = sum;
    } else {
      ((__half*)a.w)[i] = __float2half(sum);
    }
  }
}
