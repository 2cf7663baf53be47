// Sums and maxima along axes: y[o] = Σ_r x[kept(o) + combined(r)], or the largest; NaN if any is; or the sum of products
// of the elements of two tensors of one shape. The order of r is always the same. Floats are combined in f32, integers in
// 64 bits.
//
// Sums are of few numbers each that are then summed in turn: some loads by a thread, its partial sums, those of the threads of
// a group, and those of parts, which are the result of one launch and the input of another.
#pragma once
#include "index.cuh"

enum ReducedType : int { I64 = 4 };  // of the parts of integers, besides ElementType

struct ReduceArgs {
  const void* x;
  void* y;            // [parts, outputs]
  const void* other;  // what x is multiplied by, in the kernels of products
  long long kept[6], combined[6];            // strides of x along axes, in elements
  Divisor kept_sizes[6], combined_sizes[6];  // innermost first; the axis of x's neighbours in groups of N
  int kept_rank, combined_rank;
  unsigned outputs, count, length;  // groups of outputs, groups that are combined, and how many of those by a part
  int lanes;                        // a power of 2; see the kernels
  int x_type, y_type, maximum, other_type;
};

// What is combined: floats, and integers.
struct Float {
  float v;
};
struct Product {  // a float as well
  float v;
};
// How many loads a thread has under way: those of products are of two tensors.
template <class V, int N>
constexpr int at_once = 4;
template <int N>
constexpr int at_once<Product, N> = N == 8 ? 1 : 2;
struct Whole {
  long long v;
};
__device__ __forceinline__ Float lowest(Float) { return {-INFINITY}; }
__device__ __forceinline__ Product lowest(Product) { return {-INFINITY}; }
__device__ __forceinline__ Whole lowest(Whole) { return {(long long)0x8000000000000000ull}; }
template <class V>
__device__ __forceinline__ V neutral(int maximum) {
  return maximum ? lowest(V()) : V{0};
}
template <class V>
__device__ __forceinline__ V combine(V a, V b, int maximum) {
  return maximum ? V{a.v > b.v || a.v != a.v ? a.v : b.v} : V{a.v + b.v};
}

template <int N>
__device__ __forceinline__ void load_values(const ReduceArgs& a, long long at, Float (&v)[N]) {
  unsigned words[N];
  load_group<N>(a.x, at, a.x_type, words);
#pragma unroll
  for (int i = 0; i < N; i++) v[i].v = __uint_as_float(words[i]);
}
template <int N>
__device__ __forceinline__ void load_values(const ReduceArgs& a, long long at, Product (&v)[N]) {
  unsigned words[N], others[N];
  load_group<N>(a.x, at, a.x_type, words);
  load_group<N>(a.other, at, a.other_type, others);
#pragma unroll
  for (int i = 0; i < N; i++) v[i].v = __uint_as_float(words[i]) * __uint_as_float(others[i]);
}
template <int N>
__device__ __forceinline__ void load_values(const ReduceArgs& a, long long at, Whole (&v)[N]) {
  if (N == 1 && a.x_type == I64) {
    v[0].v = ((const long long*)a.x)[at];
    return;
  }
  unsigned words[N];
  load_group<N>(a.x, at, a.x_type, words);
#pragma unroll
  for (int i = 0; i < N; i++) v[i].v = (int)words[i];
}
__device__ __forceinline__ void store_value(const ReduceArgs& a, long long at, Float v) {
  unsigned word[1] = {__float_as_uint(v.v)};
  store_group<1>(a.y, at, a.y_type, word);
}
__device__ __forceinline__ void store_value(const ReduceArgs& a, long long at, Product v) { store_value(a, at, Float{v.v}); }
__device__ __forceinline__ void store_value(const ReduceArgs& a, long long at, Whole v) {
  if (a.y_type == I64) {
    ((long long*)a.y)[at] = v.v;
    return;
  }
  long long whole = v.v < -2147483648ll ? -2147483648ll : v.v > 2147483647ll ? 2147483647ll : v.v;
  unsigned word[1] = {(unsigned)whole};
  store_group<1>(a.y, at, a.y_type, word);
}

__device__ __forceinline__ long long place(unsigned index, const Divisor (&sizes)[6], const long long (&strides)[6], int rank) {
  unsigned at[6];
  split(index, sizes, rank, at);
  long long sum = 0;
#pragma unroll
  for (int k = 0; k < 6; k++) {
    if (k < rank) sum += at[k] * strides[k];
  }
  return sum;
}

// Combines, element by element, the groups first, first + step, … below end that begin at `base`.
template <class V, int N>
__device__ __forceinline__ void combine_groups(
    const ReduceArgs& a, long long base, unsigned first, unsigned step, unsigned end, V (&total)[N]) {
#pragma unroll
  for (int i = 0; i < N; i++) total[i] = neutral<V>(a.maximum);
  constexpr int LOADS = at_once<V, N>;
  for (unsigned r = first; r < end; r += LOADS * step) {
    V v[LOADS][N];
#pragma unroll
    for (int u = 0; u < LOADS; u++) {
      if (r + u * step < end) {
        load_values<N>(a, base + place(r + u * step, a.combined_sizes, a.combined, a.combined_rank), v[u]);
      } else {
#pragma unroll
        for (int i = 0; i < N; i++) v[u][i] = neutral<V>(a.maximum);
      }
    }
#pragma unroll
    for (int i = 0; i < N; i++) {
      V sum = v[0][i];
      if constexpr (LOADS > 1) sum = combine(sum, v[1][i], a.maximum);
      if constexpr (LOADS > 2) sum = combine(sum, combine(v[2][i], v[3][i], a.maximum), a.maximum);
      total[i] = combine(total[i], sum, a.maximum);
    }
  }
}

__device__ __forceinline__ unsigned part_end(const ReduceArgs& a) {
  unsigned start = blockIdx.y * a.length;
  return a.count - start < a.length ? a.count : start + a.length;
}

// Where neighbours of x are combined with each other: `lanes` threads, 1 to 32 or 256, work on an output.
template <class V, int N>
__device__ __forceinline__ void reduce_near(const ReduceArgs& a) {
  __shared__ V warps[8];
  unsigned thread = threadIdx.x;
  unsigned output = blockIdx.x * (256u / a.lanes) + thread / a.lanes;
  unsigned lane = thread % a.lanes;
  bool there = output < a.outputs;
  V values[N];
  long long base = there ? place(output, a.kept_sizes, a.kept, a.kept_rank) : 0;
  combine_groups<V, N>(a, base, blockIdx.y * a.length + lane, a.lanes, there ? part_end(a) : 0, values);
#pragma unroll
  for (int half = N / 2; half > 0; half /= 2) {
#pragma unroll
    for (int i = 0; i < half; i++) values[i] = combine(values[i], values[i + half], a.maximum);
  }
  V value = values[0];
  for (int far = (a.lanes < 32 ? a.lanes : 32) / 2; far > 0; far /= 2) {
    V other = {__shfl_xor_sync(~0u, value.v, far)};
    value = combine(value, other, a.maximum);
  }
  if (a.lanes > 32) {
    if (thread % 32 == 0) warps[thread / 32] = value;
    __syncthreads();
    if (thread == 0) {
      V sum[4];
#pragma unroll
      for (int i = 0; i < 4; i++) sum[i] = combine(warps[2 * i], warps[2 * i + 1], a.maximum);
      value = combine(combine(sum[0], sum[1], a.maximum), combine(sum[2], sum[3], a.maximum), a.maximum);
    }
  }
  if (there && lane == 0) store_value(a, (long long)blockIdx.y * a.outputs + output, value);
}

// Where neighbours of x belong to different outputs: `lanes` threads, 1 to 32, take a group of N outputs each, and the
// 256 / lanes rows of a block share what is combined.
template <class V, int N>
__device__ __forceinline__ void reduce_far(const ReduceArgs& a) {
  __shared__ V rows[N][256];
  unsigned thread = threadIdx.x;
  unsigned lane = thread % a.lanes, row = thread / a.lanes, step = 256u / a.lanes;
  unsigned group = blockIdx.x * a.lanes + lane;
  bool there = group < a.outputs;
  V values[N];
  long long base = there ? place(group, a.kept_sizes, a.kept, a.kept_rank) : 0;
  combine_groups<V, N>(a, base, blockIdx.y * a.length + row, step, there ? part_end(a) : 0, values);
  for (unsigned half = step / 2; half > 0; half /= 2) {
    if (row >= half && row < 2 * half) {
#pragma unroll
      for (int i = 0; i < N; i++) rows[i][thread] = values[i];
    }
    __syncthreads();
    if (row < half) {
#pragma unroll
      for (int i = 0; i < N; i++) values[i] = combine(values[i], rows[i][thread + half * a.lanes], a.maximum);
    }
  }
  if (there && row == 0) {
    long long at = ((long long)blockIdx.y * a.outputs + group) * N;
#pragma unroll
    for (int i = 0; i < N; i++) store_value(a, at + i, values[i]);
  }
}

KERNEL(reduce_near_1, ReduceArgs, 256) { reduce_near<Float, 1>(a); }
KERNEL(reduce_near_4, ReduceArgs, 256) { reduce_near<Float, 4>(a); }
KERNEL(reduce_near_8, ReduceArgs, 256) { reduce_near<Float, 8>(a); }
KERNEL(reduce_far_1, ReduceArgs, 256) { reduce_far<Float, 1>(a); }
KERNEL(reduce_far_4, ReduceArgs, 256) { reduce_far<Float, 4>(a); }
KERNEL(reduce_far_8, ReduceArgs, 256) { reduce_far<Float, 8>(a); }
KERNEL(reduce_integers_near_1, ReduceArgs, 256) { reduce_near<Whole, 1>(a); }
KERNEL(reduce_integers_near_4, ReduceArgs, 256) { reduce_near<Whole, 4>(a); }
KERNEL(reduce_integers_far_1, ReduceArgs, 256) { reduce_far<Whole, 1>(a); }
KERNEL(reduce_integers_far_4, ReduceArgs, 256) { reduce_far<Whole, 4>(a); }
KERNEL(reduce_products_near_1, ReduceArgs, 256) { reduce_near<Product, 1>(a); }
KERNEL(reduce_products_near_4, ReduceArgs, 256) { reduce_near<Product, 4>(a); }
KERNEL(reduce_products_near_8, ReduceArgs, 256) { reduce_near<Product, 8>(a); }
KERNEL(reduce_products_far_1, ReduceArgs, 256) { reduce_far<Product, 1>(a); }
KERNEL(reduce_products_far_4, ReduceArgs, 256) { reduce_far<Product, 4>(a); }
KERNEL(reduce_products_far_8, ReduceArgs, 256) { reduce_far<Product, 8>(a); }
