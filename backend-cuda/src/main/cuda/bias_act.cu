// y = clamp(gain · f(x + b)), where b has one number for each index of an axis: x is [outer, channels, inner]. Computed in
// f32 and rounded once.
#pragma once
#include "index.cuh"

// As op.Activation.
enum ActivationFunction : int { ACT_LINEAR, ACT_RELU, ACT_LRELU, ACT_TANH, ACT_SIGMOID, ACT_ELU, ACT_SELU, ACT_SOFTPLUS, ACT_SWISH };

struct BiasActArgs {
  const void* x;
  const void* bias;
  void* y;
  Divisor inner, channels;  // in groups; inner is 1 and channels counts groups where neighbours are channels
  unsigned n;               // groups
  int type, activation;
  int across;  // neighbours are channels
  float alpha, gain, clamp;
};

// 1 / (1 + e^−t) by an exponential that never overflows.
__device__ __forceinline__ float logistic(float t) {
  float e = expf(-fabsf(t));
  return (t < 0 ? e : 1.0f) / (1.0f + e);
}
__device__ __forceinline__ float activation(int function, float alpha, float t) {
  const float lambda = 1.0507009873554805f, lambda_a = 1.7580993408473769f;  // λ and λ·a of selu
  switch (function) {
    case ACT_RELU: return t <= 0 ? 0.0f : t;
    case ACT_LRELU: return t > 0 ? t : alpha * t;
    case ACT_TANH: return tanhf(t);
    case ACT_SIGMOID: return logistic(t);
    case ACT_ELU: return t >= 0 ? t : expm1f(t);
    case ACT_SELU: return t >= 0 ? lambda * t : lambda_a * expm1f(t);
    case ACT_SOFTPLUS: return (t <= 0 ? 0.0f : t) + log1pf(expf(-fabsf(t)));
    case ACT_SWISH: return t * logistic(t);
    default: return t;
  }
}

template <int N>
__device__ __forceinline__ void bias_act(const BiasActArgs& a) {
  unsigned group = (unsigned)global_thread();
  if (group >= a.n) return;
  long long at = (long long)group * N;
  unsigned line = divide(group, a.inner);
  unsigned channel = line - divide(line, a.channels) * a.channels.divisor;
  unsigned x[N], bias[N];
  load_group<N>(a.x, at, a.type, x);
  if (N > 1 && a.across) {
    load_group<N>(a.bias, (long long)channel * N, a.type, bias);
  } else {
    unsigned one[1];
    load_group<1>(a.bias, channel, a.type, one);
#pragma unroll
    for (int i = 0; i < N; i++) bias[i] = one[0];
  }
#pragma unroll
  for (int i = 0; i < N; i++) {
    float v = a.gain * activation(a.activation, a.alpha, __uint_as_float(x[i]) + __uint_as_float(bias[i]));
    v = v < -a.clamp ? -a.clamp : v > a.clamp ? a.clamp : v;
    x[i] = __float_as_uint(v);
  }
  store_group<N>(a.y, at, a.type, x);
}
FLAT_KERNEL(bias_act_1, BiasActArgs, 256) { bias_act<1>(a); }
FLAT_KERNEL(bias_act_4, BiasActArgs, 256) { bias_act<4>(a); }
FLAT_KERNEL(bias_act_8, BiasActArgs, 256) { bias_act<8>(a); }
