// Weights of convolutions in the order in which conv_tile.cuh loads them: for each group, 16 output channels, block of
// input channels, tap, and half of a step, the four registers of each lane. Channels beyond the last are 0.
#pragma once
#include "conv_tile.cuh"

struct ConvPackArgs {
  const void* w;
  uint4* packed;
  float* scales;  // [groups · outputs], powers of two that f32 weights in f16 are divided by, or none
  int type, is_half;
  int groups, inputs, outputs;  // channels of a group
  int transposed;               // whether w is [groups · inputs, outputs, …] rather than [groups · outputs, inputs, …]
  int kernel;                   // taps of w
  int taps, chunks;
  int tap[CONV_TAPS];           // which of w's
};

__device__ __forceinline__ float packed_weight(const ConvPackArgs& a, int group, int output, int input, int tap) {
  if (output >= a.outputs || input >= a.inputs) return 0;
  long long at = a.transposed ? ((long long)group * a.inputs + input) * a.outputs + output
                              : ((long long)group * a.outputs + output) * a.inputs + input;
  at = at * a.kernel + tap;
  return number_of(a.w, a.type, at);
}

__device__ __forceinline__ uint32_t packed_halves(float low, float high) {
  return __half_as_ushort(__float2half(low)) | (uint32_t)__half_as_ushort(__float2half(high)) << 16;
}

// A warp an output channel.
KERNEL(conv_pack_scales, ConvPackArgs, 256) {
  int channel = blockIdx.x * 8 + threadIdx.x / 32;
  if (channel >= a.groups * a.outputs) return;
  int group = channel / a.outputs, output = channel % a.outputs;
  uint32_t most = 0;
  for (long long i = threadIdx.x % 32; i < (long long)a.inputs * a.kernel; i += 32) {
    most = max(most, finite_magnitude(packed_weight(a, group, output, (int)(i / a.kernel), (int)(i % a.kernel))));
  }
  for (int step = 16; step > 0; step /= 2) most = max(most, __shfl_xor_sync(~0u, most, step));
  float inverse;
  below_one(most, inverse);
  if (threadIdx.x % 32 == 0) a.scales[channel] = inverse;
}

FLAT_KERNEL(conv_pack, ConvPackArgs, 256) {
  int m_tiles = (a.outputs + 15) / 16;
  long long total = (long long)a.groups * m_tiles * a.chunks * a.taps * 64;
  for (long long i = global_thread(); i < total; i += global_threads()) {
    int lane = (int)(i % 32), half = (int)(i / 32 % 2);
    long long rest = i / 64;
    int tap = a.tap[rest % a.taps];
    rest /= a.taps;
    int chunk = (int)(rest % a.chunks), m = (int)(rest / a.chunks % m_tiles), group = (int)(rest / a.chunks / m_tiles);
    uint32_t r[4];
    for (int q = 0; q < 4; q++) {
      int output = m * 16 + lane / 4 + q % 2 * 8;
      if (a.is_half) {
        int input = chunk * 32 + half * 16 + lane % 4 * 2 + q / 2 * 8;
        float by = a.scales && output < a.outputs ? a.scales[group * a.outputs + output] : 1;
        r[q] = packed_halves(packed_weight(a, group, output, input, tap) / by, packed_weight(a, group, output, input + 1, tap) / by);
      } else {
        uint32_t high, low;
        split_tf32(packed_weight(a, group, output, chunk * 8 + lane % 4 + q / 2 * 4, tap), high, low);
        r[q] = half == 0 ? low : high;
      }
    }
    a.packed[i] = make_uint4(r[0], r[1], r[2], r[3]);
  }
}

// In the order of conv_hopper.cuh: for each group, block of input channels, tap, and 8 output channels, units of 16 bytes for
// each of these channels: 8 units of 8 input channels of f16, or 4 units of 4 as high tf32 and 4 as low ones.
FLAT_KERNEL(conv_pack_units, ConvPackArgs, 256) {
  int pieces = (a.outputs + 7) / 8;
  long long total = (long long)a.groups * a.chunks * a.taps * pieces * 64;
  for (long long i = global_thread(); i < total; i += global_threads()) {
    int row = (int)(i % 8), unit = (int)(i / 8 % 8);
    long long rest = i / 64;
    int output = (int)(rest % pieces) * 8 + row;
    rest /= pieces;
    int tap = a.tap[rest % a.taps];
    rest /= a.taps;
    int chunk = (int)(rest % a.chunks), group = (int)(rest / a.chunks);
    uint32_t r[4];
    for (int q = 0; q < 4; q++) {
      if (a.is_half) {
        int input = chunk * 64 + unit * 8 + q * 2;
        float by = a.scales && output < a.outputs ? a.scales[group * a.outputs + output] : 1;
        r[q] = packed_halves(packed_weight(a, group, output, input, tap) / by, packed_weight(a, group, output, input + 1, tap) / by);
      } else {
        uint32_t high, low;
        split_tf32(packed_weight(a, group, output, chunk * 16 + unit % 4 * 4 + q, tap), high, low);
        r[q] = unit < 4 ? high : low;
      }
    }
    a.packed[i] = make_uint4(r[0], r[1], r[2], r[3]);
  }
}
