// Matrix products with one side too small for tensor cores: y[m, n] = Σ_k a[m, k] · b[k, n], where m runs over few rows.
// The large matrix b is read once for every eight rows of a. Either matrix may lie transposed, so strides are given.
#pragma once
#include "kernel.cuh"

// Where the matrices of a batch begin: axis by axis, the innermost last; a stride of 0 where a factor is repeated.
struct BatchAxes {
  long long a_strides[6], b_strides[6];
  int sizes[6];
};

__device__ __forceinline__ void batch_offsets(const BatchAxes& axes, int batch, long long& a, long long& b) {
  a = 0;
  b = 0;
#pragma unroll
  for (int axis = 5; axis >= 0; axis--) {
    int at = batch % axes.sizes[axis];
    batch /= axes.sizes[axis];
    a += at * axes.a_strides[axis];
    b += at * axes.b_strides[axis];
  }
}

struct MatMulPlainArgs {
  const void *a, *b;
  void* y;
  BatchAxes axes;
  long long a_row, a_inner;  // strides
  long long b_inner, b_column;
  long long y_row, y_column, y_batch;
  int batches, rows, columns, inner, type;
};

constexpr int PLAIN_ROWS = 8;

// One warp a column of b that is contiguous (b_inner = 1).
template <class T>
__device__ __forceinline__ void matmul_by_dots(const MatMulPlainArgs& a) {
  int column = blockIdx.x * 8 + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (column >= a.columns) return;
  for (int batch = blockIdx.z; batch < a.batches; batch += gridDim.z) {
    long long a_batch, b_batch;
    batch_offsets(a.axes, batch, a_batch, b_batch);
    const T* left = (const T*)a.a + a_batch;
    const T* right = (const T*)a.b + b_batch + column * a.b_column;
    for (int row = blockIdx.y * PLAIN_ROWS; row < a.rows; row += gridDim.y * PLAIN_ROWS) {
      float sum[PLAIN_ROWS] = {};
#pragma unroll 4
      for (int k = lane; k < a.inner; k += 32) {
        float v = to_float(right[k]);
#pragma unroll
        for (int r = 0; r < PLAIN_ROWS; r++) {
          if (row + r < a.rows) sum[r] += to_float(left[(row + r) * a.a_row + k * a.a_inner]) * v;
        }
      }
#pragma unroll
      for (int r = 0; r < PLAIN_ROWS; r++) {
        for (int step = 16; step > 0; step /= 2) sum[r] += __shfl_xor_sync(~0u, sum[r], step);
        if (lane == 0 && row + r < a.rows) {
          ((T*)a.y)[batch * a.y_batch + (row + r) * a.y_row + column * a.y_column] = from_float<T>(sum[r]);
        }
      }
    }
  }
}

// Neighbouring columns of b in neighbouring lanes (b_column = 1); the warps of a block share out the inner axis.
template <class T>
__device__ __forceinline__ void matmul_by_columns(const MatMulPlainArgs& a) {
  __shared__ float partial[8][PLAIN_ROWS][32];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, column = blockIdx.x * 32 + lane;
  for (int batch = blockIdx.z; batch < a.batches; batch += gridDim.z) {
    long long a_batch, b_batch;
    batch_offsets(a.axes, batch, a_batch, b_batch);
    const T* left = (const T*)a.a + a_batch;
    const T* right = (const T*)a.b + b_batch + column * a.b_column;
    for (int row = blockIdx.y * PLAIN_ROWS; row < a.rows; row += gridDim.y * PLAIN_ROWS) {
      float sum[PLAIN_ROWS] = {};
      if (column < a.columns) {
#pragma unroll 4
        for (int k = warp; k < a.inner; k += 8) {
          float v = to_float(right[k * a.b_inner]);
#pragma unroll
          for (int r = 0; r < PLAIN_ROWS; r++) {
            if (row + r < a.rows) sum[r] += to_float(left[(row + r) * a.a_row + k * a.a_inner]) * v;
          }
        }
      }
#pragma unroll
      for (int r = 0; r < PLAIN_ROWS; r++) partial[warp][r][lane] = sum[r];
      __syncthreads();
      float total = 0;
#pragma unroll
      for (int w = 0; w < 8; w++) total += partial[w][warp][lane];
      if (row + warp < a.rows && column < a.columns) {
        ((T*)a.y)[batch * a.y_batch + (row + warp) * a.y_row + column * a.y_column] = from_float<T>(total);
      }
      __syncthreads();
    }
  }
}

KERNEL(matmul_dots_f32, MatMulPlainArgs, 256) { matmul_by_dots<float>(a); }
KERNEL(matmul_dots_f16, MatMulPlainArgs, 256) { matmul_by_dots<__half>(a); }
KERNEL(matmul_columns_f32, MatMulPlainArgs, 256) { matmul_by_columns<float>(a); }
KERNEL(matmul_columns_f16, MatMulPlainArgs, 256) { matmul_by_columns<__half>(a); }
