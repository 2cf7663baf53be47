// What every kernel is written with. The same sources are compiled for GPUs by nvcc and, for tests, for the host by g++,
// where emulation/cusim.h gives CUDA's language and emulation/tensor_cores.h what is inline PTX here.
//
// A kernel takes one structure, by value, so that its arguments are laid out once in Java and checked by size:
//
//   struct ScaleArgs { const float* x; float* y; long long n; float factor; };
//   FLAT_KERNEL(scale, ScaleArgs, 256) { ... a.x[i] ... }
//
// KERNEL is for kernels whose threads meet at barriers or exchange values; FLAT_KERNEL for those whose threads are alone,
// which the host runs one after the other. `threads` is the size of the block: launches must use exactly that many,
// all along x. …_SHARED_BY tell the compiler how many blocks are to fit into a multiprocessor, at least.
#pragma once

#ifdef __CUDACC__

#include <cuda_fp16.h>
#include <stdint.h>

#define KERNEL(name, Args, threads) extern "C" __global__ void __launch_bounds__(threads) name(const __grid_constant__ Args a)
#define FLAT_KERNEL(name, Args, threads) KERNEL(name, Args, threads)
#define KERNEL_SHARED_BY(blocks, name, Args, threads) \
  extern "C" __global__ void __launch_bounds__(threads, blocks) name(const __grid_constant__ Args a)
#define FLAT_KERNEL_SHARED_BY(blocks, name, Args, threads) KERNEL_SHARED_BY(blocks, name, Args, threads)
#define DYNAMIC_SHARED(T, name)                                      \
  extern __shared__ __align__(16) unsigned char dynamic_shared[]; \
  T* name = reinterpret_cast<T*>(dynamic_shared)

#else

#include "emulation/cusim.h"

#endif

#include "ptx.cuh"

// Element types, as Arguments.java numbers them.
enum ElementType : int { F32 = 0, F16 = 1, I32 = 2, U8 = 3 };

__device__ __forceinline__ float to_float(float v) { return v; }
__device__ __forceinline__ float to_float(__half v) { return __half2float(v); }

template <class T>
__device__ __forceinline__ T from_float(float v);
template <>
__device__ __forceinline__ float from_float<float>(float v) {
  return v;
}
template <>
__device__ __forceinline__ __half from_float<__half>(float v) {
  return __float2half(v);
}

// The number of this thread in the grid, and how many there are: for loops over n elements with any number of blocks.
__device__ __forceinline__ long long global_thread() { return (long long)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ __forceinline__ long long global_threads() { return (long long)gridDim.x * blockDim.x; }
