// Convolutions straight from their definitions, for shapes that tensor cores do not suit: few channels, large kernels.
//
//   forward     y[n, o, p, q] = d[n, o] · Σ_{i,u,v} w[o, i, u, v] · s[n, i] · x[n, i, p·sy + u·ey − top, q·sx + v·ex − left]
//   transposed  x[n, i, h, w] = Σ_{o,u,v} w[o, i, u, v] · y[n, o, p, q] over the p, q with h = p·sy + u·ey − top, w alike
//   weight      w[o, i, u, v] = Σ_{n,p,q} y[n, o, p, q] · x[n, i, …]
#pragma once
#include "kernel.cuh"

struct ConvPlainArgs {
  const void* x;            // the input; for the weight gradient too
  const void* w;            // the weight, or y for the weight gradient
  const void *s, *d;        // styles and scales of the weight's type, or none
  void* result;
  int type, weight_type;    // of x and the result; of w, s and d
  int images, inputs, outputs, groups;  // channels of the convolution, which for transposed ones goes from result to x
  int height, width, out_height, out_width;  // of the convolution's input and output
  int kernel_height, kernel_width, stride_y, stride_x, top, left, step_y, step_x;
};

__device__ __forceinline__ float element(const void* p, int type, long long i) {
  return type == F32 ? ((const float*)p)[i] : __half2float(((const __half*)p)[i]);
}
__device__ __forceinline__ void put_element(void* p, int type, long long i, float v) {
  if (type == F32) {
    ((float*)p)[i] = v;
  } else {
    ((__half*)p)[i] = __float2half(v);
  }
}

// A thread computes this many output channels of one pixel, so that an element of x is read once for all of them.
constexpr int PLAIN_CHANNELS = 4;

FLAT_KERNEL(conv_plain, ConvPlainArgs, 256) {
  int per_group = a.outputs / a.groups, blocks = (per_group + PLAIN_CHANNELS - 1) / PLAIN_CHANNELS;
  int inputs = a.inputs / a.groups, taps = a.kernel_height * a.kernel_width;
  long long pixels = (long long)a.out_height * a.out_width;
  long long total = pixels * blocks * a.groups * a.images;
  for (long long t = global_thread(); t < total; t += global_threads()) {
    long long pixel = t % pixels;
    int channel = (int)(t / pixels % (blocks * a.groups)), image = (int)(t / pixels / (blocks * a.groups));
    int group = channel / blocks, first = channel % blocks * PLAIN_CHANNELS;
    int row = (int)(pixel / a.out_width) * a.stride_y - a.top, column = (int)(pixel % a.out_width) * a.stride_x - a.left;
    float sum[PLAIN_CHANNELS] = {};
    for (int i = 0; i < inputs; i++) {
      long long input = (long long)image * a.inputs + group * inputs + i;
      float scale = a.s ? element(a.s, a.weight_type, input) : 1;
      for (int u = 0; u < a.kernel_height; u++) {
        int h = row + u * a.step_y;
        if (h < 0 || h >= a.height) continue;
        for (int v = 0; v < a.kernel_width; v++) {
          int w = column + v * a.step_x;
          if (w < 0 || w >= a.width) continue;
          float x = element(a.x, a.type, (input * a.height + h) * a.width + w) * scale;
#pragma unroll
          for (int c = 0; c < PLAIN_CHANNELS; c++) {
            int o = min(first + c, per_group - 1);
            long long at = ((long long)(group * per_group + o) * inputs + i) * taps + u * a.kernel_width + v;
            sum[c] += element(a.w, a.weight_type, at) * x;
          }
        }
      }
    }
#pragma unroll
    for (int c = 0; c < PLAIN_CHANNELS; c++) {
      if (first + c < per_group) {
        long long output = (long long)image * a.outputs + group * per_group + first + c;
        put_element(a.result, a.type, output * pixels + pixel, a.d ? sum[c] * element(a.d, a.weight_type, output) : sum[c]);
      }
    }
  }
}

FLAT_KERNEL(conv_transpose_plain, ConvPlainArgs, 256) {
  int outputs = a.outputs / a.groups, inputs = a.inputs / a.groups, taps = a.kernel_height * a.kernel_width;
  long long pixels = (long long)a.height * a.width, total = pixels * a.inputs * a.images;
  for (long long t = global_thread(); t < total; t += global_threads()) {
    int h = (int)(t % pixels / a.width), w = (int)(t % a.width);
    int channel = (int)(t / pixels % a.inputs), image = (int)(t / pixels / a.inputs);
    int group = channel / inputs;
    float sum = 0;
    for (int o = 0; o < outputs; o++) {
      long long output = (long long)image * a.outputs + group * outputs + o;
      long long weight = ((long long)(group * outputs + o) * inputs + channel % inputs) * taps;
      for (int u = 0; u < a.kernel_height; u++) {
        int p = h + a.top - u * a.step_y;
        if (p < 0 || p % a.stride_y != 0 || p / a.stride_y >= a.out_height) continue;
        for (int v = 0; v < a.kernel_width; v++) {
          int q = w + a.left - v * a.step_x;
          if (q < 0 || q % a.stride_x != 0 || q / a.stride_x >= a.out_width) continue;
          sum += element(a.w, a.weight_type, weight + u * a.kernel_width + v) *
                 element(a.x, a.type, (output * a.out_height + p / a.stride_y) * a.out_width + q / a.stride_x);
        }
      }
    }
    put_element(a.result, a.type, t, sum);
  }
}

// A block an element of the weight, its threads along the pixels of all images.
KERNEL(conv_weight_plain, ConvPlainArgs, 256) {
  __shared__ float partial[8];
  int inputs = a.inputs / a.groups, taps = a.kernel_height * a.kernel_width;
  long long total = (long long)a.outputs * inputs * taps;
  int pixels = a.out_height * a.out_width;
  for (long long e = blockIdx.x; e < total; e += gridDim.x) {
    int tap = (int)(e % taps), i = (int)(e / taps % inputs), o = (int)(e / taps / inputs);
    int channel = o / (a.outputs / a.groups) * inputs + i;
    int above = tap / a.kernel_width * a.step_y - a.top, before = tap % a.kernel_width * a.step_x - a.left;
    float sum = 0;
    for (int image = 0; image < a.images; image++) {
      long long y = ((long long)image * a.outputs + o) * pixels;
      long long x = ((long long)image * a.inputs + channel) * a.height;
      for (int pixel = threadIdx.x; pixel < pixels; pixel += 256) {
        int h = pixel / a.out_width * a.stride_y + above, w = pixel % a.out_width * a.stride_x + before;
        if (h >= 0 && h < a.height && w >= 0 && w < a.width) {
          sum += element(a.w, a.weight_type, y + pixel) * element(a.x, a.type, (x + h) * a.width + w);
        }
      }
    }
    for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(~0u, sum, step);
    if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = sum;
    __syncthreads();
    if (threadIdx.x == 0) {
      float all = 0;
      for (int warp = 0; warp < 8; warp++) all += partial[warp];
      put_element(a.result, a.type, e, all);
    }
    __syncthreads();
  }
}
