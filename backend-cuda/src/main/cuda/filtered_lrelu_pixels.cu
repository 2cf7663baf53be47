// filtered_lrelu and signed_filter where both filters have one tap and sizes stay: y = down * act(up * gain * (x + bias)).
#pragma once
#include "filtered_activation.cuh"

struct FilterPixelsArgs {
  const void* x;
  const void* bias;      // or none
  const float* up;
  const float* down;
  void* y;               // or none
  unsigned char* signs;  // the map to be written or read, or none
  int type, channels, planes, height, width;
  int up_axes, down_axes;  // how often a tap is applied
  int sign_height, sign_width, offset_x, offset_y;
  float gain, slope, clamp;
};

// A thread takes the four neighbours of a byte of the map, in all planes of its row of blocks.
template <bool FOLLOW>
__device__ __forceinline__ void filter_pixels(const FilterPixelsArgs& a) {
  int bytes = (a.width + 3) / 4;
  int item = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (item >= a.height * bytes) return;
  int row = item / bytes, column = item % bytes * 4, count = min(4, a.width - column);
  float up = a.up[0] * (a.up_axes == 2 ? a.up[0] : 1.0f) * a.gain;
  float down = a.down[0] * (a.down_axes == 2 ? a.down[0] : 1.0f);
  for (int plane = (int)blockIdx.y; plane < a.planes; plane += (int)gridDim.y) {
    float bias = a.bias ? load_element(a.bias, plane % a.channels, a.type) : 0.0f;
    long long at = ((long long)plane * a.height + row) * a.width + column;
    unsigned packed = 0;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      if (k >= count) break;
      float t = (load_element(a.x, at + k, a.type) + bias) * up;
      if (FOLLOW) {
        int map_row = row + a.offset_y, map_column = column + k + a.offset_x;
        unsigned code = 0;
        if (map_row >= 0 && map_row < a.sign_height && map_column >= 0 && map_column < a.sign_width) {
          long long line = (long long)plane * a.sign_height + map_row;
          code = a.signs[line * ((a.sign_width + 3) / 4) + map_column / 4] >> (map_column % 4 * 2) & 3;
        }
        t = sloped(t, code, a.slope);
      } else {
        unsigned code;
        t = activated(t, a.slope, a.clamp, code);
        packed |= code << (2 * k);
      }
      if (a.y) store_element(a.y, at + k, a.type, t * down);
    }
    if (!FOLLOW && a.signs) a.signs[((long long)plane * a.height + row) * bytes + column / 4] = (unsigned char)packed;
  }
}

FLAT_KERNEL(filtered_lrelu_pixels, FilterPixelsArgs, 256) { filter_pixels<false>(a); }
FLAT_KERNEL(signed_filter_pixels, FilterPixelsArgs, 256) { filter_pixels<true>(a); }
