// Bilinear sampling of x [N, C, H, W] at the points of a grid [N, points, 2] of (x, y), where -1 and 1 are the outer edges of
// the image and outside is zero, and its gradients:
//
//   position = ((g + 1) * size - 1) / 2
//   y[n, c, s] = sum over the four pixels about the position of point s of weight_y * weight_x * x[n, c, pixel].
#pragma once
#include "images.cuh"

struct GridSampleArgs {
  const void* x;     // images, or their gradient
  const void* y;     // values at the points, or their gradient
  const void* grid;
  void* result;
  int type, images, channels, height, width, points;
};

// Where a point lies along an axis: between pixel `first`, of which it has 1 - fraction, and the next.
struct GridPosition {
  int first;
  float fraction;
  bool near;  // whether a pixel beside it may be in the image; not so for NaN
  __device__ __forceinline__ GridPosition(float g, int size) {
    float position = ((g + 1.0f) * size - 1.0f) * 0.5f;
    near = position >= -1.0f && position < (float)size;
    float below = floorf(position);
    first = near ? (int)below : 0;
    fraction = position - below;
  }
  // The weight of pixel i; 0 where it is not beside the position.
  __device__ __forceinline__ float weight(int i) const {
    return i == first ? 1.0f - fraction : i == first + 1 ? fraction : 0.0f;
  }
};

// A thread takes a point, for all channels of its image.
FLAT_KERNEL(grid_sample, GridSampleArgs, 256) {
  int point = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (point >= a.points) return;
  for (int image = (int)blockIdx.y; image < a.images; image += (int)gridDim.y) {
    long long at = ((long long)image * a.points + point) * 2;
    GridPosition x(load_element(a.grid, at, a.type), a.width);
    GridPosition y(load_element(a.grid, at + 1, a.type), a.height);
    for (int c = 0; c < a.channels; c++) {
      long long plane = (long long)image * a.channels + c;
      float sum = 0.0f;
      for (int k = 0; k < 4; k++) {
        int column = x.first + k % 2, row = y.first + k / 2;
        if (x.near && y.near && column >= 0 && column < a.width && row >= 0 && row < a.height) {
          sum += y.weight(row) * x.weight(column) * load_element(a.x, (plane * a.height + row) * a.width + column, a.type);
        }
      }
      store_element(a.result, plane * a.points + point, a.type, sum);
    }
  }
}

// x[n, c, pixel] = sum of weight * y[n, c, s] over the points s beside the pixel, in their order. A thread takes a pixel of a
// plane and looks at all points of the image.
FLAT_KERNEL(grid_sample_input_gradient, GridSampleArgs, 256) {
  int pixel = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (pixel >= a.height * a.width) return;
  int row = pixel / a.width, column = pixel % a.width;
  for (int plane = (int)blockIdx.y; plane < a.images * a.channels; plane += (int)gridDim.y) {
    long long grid = (long long)(plane / a.channels) * a.points * 2;
    float sum = 0.0f;
    for (int point = 0; point < a.points; point++) {
      GridPosition y(load_element(a.grid, grid + 2 * (long long)point + 1, a.type), a.height);
      if (!y.near || (unsigned)(row - y.first) > 1u) continue;
      GridPosition x(load_element(a.grid, grid + 2 * (long long)point, a.type), a.width);
      if (!x.near || (unsigned)(column - x.first) > 1u) continue;
      sum += y.weight(row) * x.weight(column) * load_element(a.y, (long long)plane * a.points + point, a.type);
    }
    store_element(a.result, (long long)plane * a.height * a.width + pixel, a.type, sum);
  }
}

// Sum over channels and pixels of y * x * slope of the weight, times half the size: the gradient of a point of the grid.
FLAT_KERNEL(grid_sample_grid_gradient, GridSampleArgs, 256) {
  int point = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (point >= a.points) return;
  for (int image = (int)blockIdx.y; image < a.images; image += (int)gridDim.y) {
    long long at = ((long long)image * a.points + point) * 2;
    GridPosition x(load_element(a.grid, at, a.type), a.width);
    GridPosition y(load_element(a.grid, at + 1, a.type), a.height);
    float along_x = 0.0f, along_y = 0.0f;
    for (int c = 0; c < a.channels && x.near && y.near; c++) {
      long long plane = (long long)image * a.channels + c;
      float v = load_element(a.y, plane * a.points + point, a.type);
      for (int k = 0; k < 4; k++) {
        int column = x.first + k % 2, row = y.first + k / 2;
        if (column >= 0 && column < a.width && row >= 0 && row < a.height) {
          float product = v * load_element(a.x, (plane * a.height + row) * a.width + column, a.type);
          along_x += (k % 2 ? product : -product) * y.weight(row);
          along_y += (k / 2 ? product : -product) * x.weight(column);
        }
      }
    }
    store_element(a.result, at, a.type, along_x * a.width * 0.5f);
    store_element(a.result, at + 1, a.type, along_y * a.height * 0.5f);
  }
}
