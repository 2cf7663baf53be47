// What filtered_lrelu does between its filters, where these are passes of their own. The signal lies in memory at the high
// rate, f32.
#pragma once
#include "filtered_activation.cuh"

struct HighArgs {
  float* high;
  unsigned char* signs;  // the map, or none
  int planes, height, width;
  int sign_height, sign_width, offset_x, offset_y;  // of the map that is read
  float gain, slope, clamp;                         // clamp: infinite for none
};

// t = clamp(lrelu(gain * t)); a thread takes the four neighbours of a byte of the map.
FLAT_KERNEL(activate_high, HighArgs, 256) {
  int bytes = (a.width + 3) / 4;
  int item = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (item >= a.height * bytes) return;
  int row = item / bytes, byte = item % bytes;
  for (int plane = (int)blockIdx.y; plane < a.planes; plane += (int)gridDim.y) {
    float* line = a.high + ((long long)plane * a.height + row) * a.width;
    unsigned packed = 0;
    for (int k = 0; k < 4 && 4 * byte + k < a.width; k++) {
      float t = line[4 * byte + k] * a.gain;
      unsigned code;
      line[4 * byte + k] = activated(t, a.slope, a.clamp, code);
      packed |= code << (2 * k);
    }
    if (a.signs) a.signs[((long long)plane * a.height + row) * bytes + byte] = (unsigned char)packed;
  }
}

// t = gain * t * slope that the map tells at (row + offset_y, column + offset_x).
FLAT_KERNEL(slope_high, HighArgs, 256) {
  int item = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (item >= a.height * a.width) return;
  int row = item / a.width + a.offset_y, column = item % a.width + a.offset_x;
  bool inside = row >= 0 && row < a.sign_height && column >= 0 && column < a.sign_width;
  int bytes = (a.sign_width + 3) / 4;
  for (int plane = (int)blockIdx.y; plane < a.planes; plane += (int)gridDim.y) {
    float* t = a.high + (long long)plane * a.height * a.width + item;
    unsigned code = 0;
    if (inside) code = a.signs[((long long)plane * a.sign_height + row) * bytes + column / 4] >> (column % 4 * 2) & 3;
    *t = sloped(*t * a.gain, code, a.slope);
  }
}
