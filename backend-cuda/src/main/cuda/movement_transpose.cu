// Matrices that are transposed: y[…, j, …, i] = x[…, i, …, j], of which the last axis of x is another one than that of y.
#pragma once
#include "kernel.cuh"

struct TransposeArgs {
  const void* x;
  void* y;
  long long row, column;            // stride of i in x, of j in y; the other strides are 1
  long long from[6], to[6];         // strides of the other axes
  int sizes[6];                     // and their sizes, innermost first
  int rank, rows, columns;          // how many i and j
  int row_tiles, column_tiles;
};

// A block moves tiles of 32 × 32 through shared memory, so that both reads and writes are of neighbours.
template <class Unit>
__device__ __forceinline__ void transpose(const TransposeArgs& a) {
  __shared__ Unit tile[32][33];
  int lane = threadIdx.x & 31, line = threadIdx.x >> 5;
  unsigned block = blockIdx.x;
  int j0 = (int)(block % a.column_tiles) * 32;
  block /= a.column_tiles;
  int i0 = (int)(block % a.row_tiles) * 32;
  block /= a.row_tiles;
  long long from = 0, to = 0;
  for (int k = 0; k < a.rank; k++) {
    unsigned rest = block / a.sizes[k];
    int at = (int)(block - rest * a.sizes[k]);
    from += at * a.from[k];
    to += at * a.to[k];
    block = rest;
  }
  const Unit* x = (const Unit*)a.x + from;
  Unit* y = (Unit*)a.y + to;
#pragma unroll
  for (int r = 0; r < 32; r += 8) {
    int i = i0 + line + r, j = j0 + lane;
    if (i < a.rows && j < a.columns) tile[line + r][lane] = x[i * a.row + j];
  }
  __syncthreads();
#pragma unroll
  for (int r = 0; r < 32; r += 8) {
    int j = j0 + line + r, i = i0 + lane;
    if (i < a.rows && j < a.columns) y[j * a.column + i] = tile[lane][line + r];
  }
}
KERNEL(transpose_1, TransposeArgs, 256) { transpose<unsigned char>(a); }
KERNEL(transpose_2, TransposeArgs, 256) { transpose<unsigned short>(a); }
KERNEL(transpose_4, TransposeArgs, 256) { transpose<unsigned>(a); }
