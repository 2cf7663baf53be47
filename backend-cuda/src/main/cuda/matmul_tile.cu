// Matrix products on tensor cores: y[m, n] = Σ_k a[m, k] · b[k, n]. A block of threads computes 64 × 64 elements; rows of a
// and columns of b lie in shared memory as rows of 80 bytes, k innermost, however they lie in global memory: 32 elements of
// f16, or 8 of f32 as high and then low tf32 (split.cuh), and 16 bytes so that eight rows lie in different banks. The next
// stretch of k is on its way while this one is multiplied.
#pragma once
#include "matmul_plain.cu"
#include "split.cuh"

struct MatMulTileArgs {
  const void *a, *b;
  void* y;
  BatchAxes axes;
  long long a_row, a_inner, b_column, b_inner, y_batch;  // strides
  int batches, rows, columns, inner;
  int a_vectors, b_vectors;  // whether 16 bytes along k can be fetched at once
};

template <class T>
struct MatMulTile {
  static constexpr int THREADS = 128, SIDE = 64, ROW_BYTES = 80, M_TILES = 2, N_TILES = 4;
  static constexpr bool IS_HALF = sizeof(T) == 2;
  static constexpr int STRETCH = IS_HALF ? 32 : 8;  // of k
  static constexpr int PIECE = 16 / sizeof(T), PIECES = STRETCH / PIECE;
  static constexpr int OWN = SIDE * PIECES / THREADS;  // pieces of a thread and factor
  static constexpr int FACTOR_BYTES = SIDE * ROW_BYTES;

  struct Piece {
    uint32_t v[PIECE];
  };
  struct Factor {
    const T* at;
    long long row, inner;
    int rows;
    bool vectors;
  };

  __device__ __forceinline__ static int row_of(int number, bool vectors) { return vectors ? number / PIECES : number % SIDE; }
  __device__ __forceinline__ static int place_of(int number, bool vectors) { return vectors ? number % PIECES : number / SIDE; }

  __device__ __forceinline__ static void fetch(Piece (&pieces)[OWN], const Factor& f, int first_row, int first_k, int inner) {
#pragma unroll
    for (int p = 0; p < OWN; p++) {
      int number = threadIdx.x + p * THREADS, row = first_row + row_of(number, f.vectors);
      int k = first_k + place_of(number, f.vectors) * PIECE;
      const T* from = f.at + row * f.row + k * f.inner;
      if (f.vectors) {
        uint4 v = make_uint4(0, 0, 0, 0);
        if (row < f.rows && k < inner) v = *(const uint4*)from;
        pieces[p].v[0] = v.x;
        pieces[p].v[1] = v.y;
        pieces[p].v[2] = v.z;
        pieces[p].v[3] = v.w;
      } else {
#pragma unroll
        for (int i = 0; i < PIECE; i++) {
          bool in = row < f.rows && k + i < inner;
          if constexpr (IS_HALF) {
            pieces[p].v[i] = in ? *(const unsigned short*)(from + i * f.inner) : 0;
          } else {
            pieces[p].v[i] = in ? *(const uint32_t*)(from + i * f.inner) : 0;
          }
        }
      }
    }
  }

  __device__ __forceinline__ static void put(const Piece (&pieces)[OWN], bool vectors, unsigned char* factor) {
#pragma unroll
    for (int p = 0; p < OWN; p++) {
      int number = threadIdx.x + p * THREADS;
      unsigned char* to = factor + row_of(number, vectors) * ROW_BYTES + place_of(number, vectors) * 16;
      const uint32_t(&v)[PIECE] = pieces[p].v;
      if constexpr (!IS_HALF) {
        uint32_t high[4], low[4];
#pragma unroll
        for (int i = 0; i < 4; i++) split_tf32(__uint_as_float(v[i]), high[i], low[i]);
        *(uint4*)to = make_uint4(high[0], high[1], high[2], high[3]);
        *(uint4*)(to + 32) = make_uint4(low[0], low[1], low[2], low[3]);
      } else if (vectors) {
        *(uint4*)to = make_uint4(v[0], v[1], v[2], v[3]);
      } else {
        *(uint4*)to = make_uint4(v[0] | v[1] << 16, v[2] | v[3] << 16, v[4] | v[5] << 16, v[6] | v[7] << 16);
      }
    }
  }

  __device__ __forceinline__ static void multiply(float (&sum)[M_TILES][N_TILES][4], const unsigned char* a, const unsigned char* b) {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const unsigned char* a_row = a + (warp / 2 * 32 + lane % 16) * ROW_BYTES + lane / 16 * 16;
    const unsigned char* b_row = b + (warp % 2 * 32 + lane % 8) * ROW_BYTES + lane / 8 * 16;
    uint32_t first[M_TILES][4], second[M_TILES][4];  // halves of the stretch; of f32 high and low parts
#pragma unroll
    for (int m = 0; m < M_TILES; m++) {
      load_matrices_4(first[m], a_row + m * 16 * ROW_BYTES);
      load_matrices_4(second[m], a_row + m * 16 * ROW_BYTES + 32);
    }
#pragma unroll
    for (int n = 0; n < N_TILES; n++) {
      uint32_t v[4];
      load_matrices_4(v, b_row + n * 8 * ROW_BYTES);
      uint32_t left[2] = {v[0], v[1]}, right[2] = {v[2], v[3]};
#pragma unroll
      for (int m = 0; m < M_TILES; m++) {
        if (IS_HALF) {
          mma_f16(sum[m][n], first[m], left);
          mma_f16(sum[m][n], second[m], right);
        } else {
          mma_tf32(sum[m][n], second[m], left);
          mma_tf32(sum[m][n], first[m], right);
          mma_tf32(sum[m][n], first[m], left);
        }
      }
    }
  }

  __device__ __forceinline__ static void run(const MatMulTileArgs& a, unsigned char* shared) {
    int across = (a.columns + SIDE - 1) / SIDE;
    int first_row = blockIdx.x / across * SIDE, first_column = blockIdx.x % across * SIDE;
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    for (int batch = blockIdx.z; batch < a.batches; batch += gridDim.z) {
      long long a_batch, b_batch;
      batch_offsets(a.axes, batch, a_batch, b_batch);
      Factor left = {(const T*)a.a + a_batch, a.a_row, a.a_inner, a.rows, a.a_vectors != 0};
      Factor right = {(const T*)a.b + b_batch, a.b_column, a.b_inner, a.columns, a.b_vectors != 0};
      float sum[M_TILES][N_TILES][4] = {};
      Piece left_pieces[OWN], right_pieces[OWN];
      fetch(left_pieces, left, first_row, 0, a.inner);
      fetch(right_pieces, right, first_column, 0, a.inner);
      for (int k = 0, s = 0; k < a.inner; k += STRETCH, s ^= 1) {
        unsigned char* factors = shared + s * 2 * FACTOR_BYTES;
        put(left_pieces, left.vectors, factors);
        put(right_pieces, right.vectors, factors + FACTOR_BYTES);
        __syncthreads();
        fetch(left_pieces, left, first_row, k + STRETCH, a.inner);
        fetch(right_pieces, right, first_column, k + STRETCH, a.inner);
        multiply(sum, factors, factors + FACTOR_BYTES);
      }
      T* y = (T*)a.y + batch * a.y_batch;
#pragma unroll
      for (int m = 0; m < M_TILES; m++) {
#pragma unroll
        for (int n = 0; n < N_TILES; n++) {
#pragma unroll
          for (int q = 0; q < 4; q++) {
            int row = first_row + warp / 2 * 32 + m * 16 + lane / 4 + q / 2 * 8;
            int column = first_column + warp % 2 * 32 + n * 8 + lane % 4 * 2 + q % 2;
            if (row < a.rows && column < a.columns) y[(long long)row * a.columns + column] = from_float<T>(sum[m][n][q]);
          }
        }
      }
      __syncthreads();
    }
  }
};

KERNEL(matmul_tile_f16, MatMulTileArgs, 128) {
  __shared__ __align__(16) unsigned char shared[4 * MatMulTile<__half>::FACTOR_BYTES];
  MatMulTile<__half>::run(a, shared);
}
KERNEL(matmul_tile_f32, MatMulTileArgs, 128) {
  __shared__ __align__(16) unsigned char shared[4 * MatMulTile<float>::FACTOR_BYTES];
  MatMulTile<float>::run(a, shared);
}
