// Steps of Adam (Kingma and Ba 2015) of any number of parameters, after gradients were cleaned: NaN → 0, ±∞ → ±1e5.
//
//   m′ = β₁ m + (1 − β₁) g      v′ = β₂ v + (1 − β₂) g²      θ′ = θ − step · m′ / (√v′ / √(1 − β₂ᵗ) + ε)
#pragma once
#include "index.cuh"

struct AdamParameter {
  const void *parameter, *gradient, *first, *second;
  const void* rates;  // β₁, 1 − β₁, β₂, 1 − β₂, step, √(1 − β₂ᵗ), ε
  void *new_parameter, *new_first, *new_second;  // or none
  unsigned n;
  int type;
};
struct AdamBlock {
  int parameter;   // its number
  unsigned start;  // element
};
struct AdamArgs {
  const AdamParameter* parameters;
  const AdamBlock* blocks;
};

__device__ __forceinline__ float rate(const AdamParameter& p, int i) {
  unsigned one[1];
  load_group<1>(p.rates, i, p.type, one);
  return __uint_as_float(one[0]);
}
__device__ __forceinline__ float cleaned(float g) {
  return g != g ? 0.0f : g == INFINITY ? 1e5f : g == -INFINITY ? -1e5f : g;
}

template <int N>
__device__ __forceinline__ void adam_group(const AdamParameter& p, const float (&rates)[7], unsigned at) {
  unsigned parameter[N], gradient[N], first[N], second[N];
  load_group<N>(p.parameter, at, p.type, parameter);
  load_group<N>(p.gradient, at, p.type, gradient);
  load_group<N>(p.first, at, p.type, first);
  load_group<N>(p.second, at, p.type, second);
#pragma unroll
  for (int i = 0; i < N; i++) {
    float g = cleaned(__uint_as_float(gradient[i]));
    float m = rates[0] * __uint_as_float(first[i]) + rates[1] * g;
    float v = rates[2] * __uint_as_float(second[i]) + rates[3] * g * g;
    float step = rates[4] * m / (sqrtf(v) / rates[5] + rates[6]);
    parameter[i] = __float_as_uint(__uint_as_float(parameter[i]) - step);
    first[i] = __float_as_uint(m);
    second[i] = __float_as_uint(v);
  }
  if (p.new_parameter) store_group<N>(p.new_parameter, at, p.type, parameter);
  if (p.new_first) store_group<N>(p.new_first, at, p.type, first);
  if (p.new_second) store_group<N>(p.new_second, at, p.type, second);
}

// A block takes 1024 elements of one parameter, a thread four neighbours.
FLAT_KERNEL_SHARED_BY(4, adam_steps, AdamArgs, 256) {
  AdamBlock block = a.blocks[blockIdx.x];
  AdamParameter p = a.parameters[block.parameter];
  unsigned at = block.start + 4 * threadIdx.x;
  if (at >= p.n) return;
  float rates[7];
#pragma unroll
  for (int i = 0; i < 7; i++) rates[i] = rate(p, i);
  if (p.n - at >= 4) {
    adam_group<4>(p, rates, at);
    return;
  }
  for (; at < p.n; at++) adam_group<1>(p, rates, at);
}
