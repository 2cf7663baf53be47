// Chains of functions of single elements: v = operand 0, then v = f(v, operands) step by step, and the last v is stored.
//
// An operand is a tensor seen along the axes of the result, where a stride of 0 repeats, or a number. f16 is computed in
// f32 and rounded when it is stored or cast. A thread computes a group of N neighbours along the innermost axis, with one
// access of 16 bytes for each tensor that does not repeat there.
#pragma once
#include "elementwise_steps.cuh"

struct ChainOperand {
  const void* address;  // or none, for a number
  unsigned strides[6];  // in elements; a group is one index of the innermost axis, where 0 repeats an element
  unsigned number;      // as a word
  int type;
};
struct ChainStep {
  int code, first, second;  // operands; −1 is v, −2 none
};
struct ChainArgs {
  void* y;
  ChainOperand operands[10];
  Divisor sizes[6];
  ChainStep steps[8];
  int rank, count, type;
  unsigned n;  // elements of y
};

// `left` elements are there, and zeros for the rest of the group.
template <int N>
__device__ __forceinline__ void read_operand(const ChainOperand& o, const unsigned (&at)[6], int rank, unsigned left, unsigned (&v)[N]) {
  if (o.address == nullptr) {
#pragma unroll
    for (int i = 0; i < N; i++) v[i] = o.number;
    return;
  }
  bool repeats = o.strides[0] == 0;
  unsigned offset = 0;
#pragma unroll
  for (int k = 0; k < 6; k++) {
    if (k < rank) offset += at[k] * o.strides[k];
  }
  if (N > 1 && !repeats && left == N) {
    load_group<N>(o.address, offset, o.type, v);
    return;
  }
  unsigned one[1] = {0};
#pragma unroll
  for (int i = 0; i < N; i++) {
    if (i == 0 || !repeats) {
      one[0] = 0;
      if ((unsigned)i < left) load_group<1>(o.address, offset + i, o.type, one);
    }
    v[i] = one[0];
  }
}

template <int N>
__device__ __forceinline__ void read_or_keep(
    const ChainArgs& a, int operand, const unsigned (&at)[6], unsigned left, const unsigned (&v)[N], unsigned (&w)[N]) {
  if (operand >= 0) {
    read_operand<N>(a.operands[operand], at, a.rank, left, w);
  } else {
#pragma unroll
    for (int i = 0; i < N; i++) w[i] = v[i];
  }
}

template <int N, bool COSTLY>
__device__ __forceinline__ void chain(const ChainArgs& a) {
  unsigned group = (unsigned)global_thread();
  if (group >= (a.n + N - 1) / N) return;
  unsigned at[6];
  split(group, a.sizes, a.rank, at);
  unsigned start = group * N;
  unsigned left = a.n - start < N ? a.n - start : N;
  unsigned v[N], w[N], u[N];
  read_operand<N>(a.operands[0], at, a.rank, left, v);
  for (int s = 0; s < a.count; s++) {
    ChainStep step = a.steps[s];
    read_or_keep<N>(a, step.first, at, left, v, w);
    read_or_keep<N>(a, step.second, at, left, v, u);
    if (COSTLY) costly_step<N>(step.code, v, w);
    plain_step<N>(step.code, v, w, u);
  }
  if (left == N) {
    store_group<N>(a.y, start, a.type, v);
    return;
  }
#pragma unroll
  for (int i = 0; i < N; i++) {
    unsigned one[1] = {v[i]};
    if ((unsigned)i < left) store_group<1>(a.y, start + i, a.type, one);
  }
}

FLAT_KERNEL(elementwise_chain_1, ChainArgs, 256) { chain<1, false>(a); }
FLAT_KERNEL(elementwise_chain_4, ChainArgs, 256) { chain<4, false>(a); }
FLAT_KERNEL(elementwise_chain_8, ChainArgs, 256) { chain<8, false>(a); }
// With the functions that take many instructions.
FLAT_KERNEL(elementwise_costly_chain_1, ChainArgs, 256) { chain<1, true>(a); }
FLAT_KERNEL(elementwise_costly_chain_4, ChainArgs, 256) { chain<4, true>(a); }
