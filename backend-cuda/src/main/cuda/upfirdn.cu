// Up-sample, FIR filter, down-sample, for any factors, padding and taps:
//
//   y[i, j] = gain * sum over k, l of f[k, l] * u[i * down_y + k - pad_y, j * down_x + l - pad_x],
//
// where u[r * up_y, c * up_x] = x[r, c] and u is zero elsewhere. Inserted zeros are never multiplied. A filter that is
// applied along one axis has one tap along the other.
#pragma once
#include "images.cuh"

struct FirAxis {
  int up, down, pad, taps;
  int size, outputs;
};

// The samples under the taps of output n: the first of them, the tap over it, and how many there are; the tap grows by `up`
// from one to the next.
struct FirWindow {
  int sample, tap, count;
  __device__ __forceinline__ FirWindow(const FirAxis& axis, int n) {
    int position = n * axis.down - axis.pad;
    tap = floor_mod(-position, axis.up);
    sample = (position + tap) / axis.up;
    if (sample < 0) {
      tap -= sample * axis.up;
      sample = 0;
    }
    int under = tap < axis.taps ? (axis.taps - 1 - tap) / axis.up + 1 : 0;
    count = max(0, min(under, axis.size - sample));
  }
};

struct UpfirdnArgs {
  const void* x;
  void* y;
  const float* filter;
  const void* bias;  // of x's type, a number for each channel, added to x; or none
  FirAxis along_x, along_y;
  int planes, first_plane, channels;
  int type_x, type_y;
  int flip;  // 1: taps as they are; 0: reversed
  float gain;
};

// A thread makes one element of each plane that its row of blocks makes.
FLAT_KERNEL(upfirdn, UpfirdnArgs, 256) {
  int pixel = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  int outputs = a.along_y.outputs * a.along_x.outputs;
  if (pixel >= outputs) return;
  FirWindow rows(a.along_y, pixel / a.along_x.outputs);
  FirWindow columns(a.along_x, pixel % a.along_x.outputs);
  int taps = a.along_y.taps * a.along_x.taps;
  int first_tap = rows.tap * a.along_x.taps + columns.tap;
  int step_row = a.along_y.up * a.along_x.taps;
  int step_column = a.along_x.up;
  const float* filter = a.filter + first_tap;
  if (!a.flip) {
    filter = a.filter + (taps - 1 - first_tap);
    step_row = -step_row;
    step_column = -step_column;
  }
  for (int plane = (int)blockIdx.y; plane < a.planes; plane += (int)gridDim.y) {
    float bias = a.bias ? load_element(a.bias, (a.first_plane + plane) % a.channels, a.type_x) : 0.0f;
    long long from = ((long long)plane * a.along_y.size + rows.sample) * a.along_x.size + columns.sample;
    float sum = 0.0f;
    for (int k = 0; k < rows.count; k++) {
      for (int l = 0; l < columns.count; l++) {
        float v = load_element(a.x, from + (long long)k * a.along_x.size + l, a.type_x);
        sum += filter[k * step_row + l * step_column] * (v + bias);
      }
    }
    store_element(a.y, (long long)plane * outputs + pixel, a.type_y, sum * a.gain);
  }
}
