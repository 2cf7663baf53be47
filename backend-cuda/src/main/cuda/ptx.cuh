// Instructions that have no C++ form. Inline PTX is here and in ptx_sm90.cuh alone; emulation/tensor_cores.h says to the host what
// each of them does.
#pragma once

#ifdef __CUDACC__

__device__ __forceinline__ uint32_t shared_address(const void* p) { return (uint32_t)__cvta_generic_to_shared(p); }

// Copies 16 bytes from global to shared memory in the background; zeros instead where `valid` is false. Both addresses are
// multiples of 16.
__device__ __forceinline__ void copy_async_16(void* shared, const void* global, bool valid = true) {
  int bytes = valid ? 16 : 0;
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(shared_address(shared)), "l"(global), "r"(bytes) : "memory");
}
// As above, 4 bytes.
__device__ __forceinline__ void copy_async_4(void* shared, const void* global, bool valid = true) {
  int bytes = valid ? 4 : 0;
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;\n" ::"r"(shared_address(shared)), "l"(global), "r"(bytes) : "memory");
}
__device__ __forceinline__ void copy_async_commit() { asm volatile("cp.async.commit_group;\n" ::: "memory"); }
// Waits until at most N committed groups of this thread are under way.
template <int N>
__device__ __forceinline__ void copy_async_wait() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(N) : "memory");
}

// Loads 8x8 matrices of 16-bit elements: lane l gives the address of row l % 8 of matrix l / 8 and gets elements 2(l % 4)
// and 2(l % 4) + 1 of row l / 4 of each.
__device__ __forceinline__ void load_matrices_4(uint32_t (&r)[4], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3},[%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
}
__device__ __forceinline__ void load_matrices_2(uint32_t (&r)[2], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0,%1},[%2];" : "=r"(r[0]), "=r"(r[1]) : "r"(shared_address(row)) : "memory");
}
// As load_matrices_4, each matrix transposed.
__device__ __forceinline__ void load_matrices_4_transposed(uint32_t (&r)[4], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3},[%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
}

// c [16 x 8] += a [16 x 16, rows] · b [16 x 8, columns], f16 with f32 sums. With g = lane / 4 and t = lane % 4:
// a[0] rows g, columns 2t and 2t + 1; a[1] row g + 8; a[2] columns + 8; a[3] both; b[0] rows 2t, 2t + 1 of column g; b[1]
// rows + 8; c[0], c[1] row g, columns 2t, 2t + 1; c[2], c[3] row g + 8.
__device__ __forceinline__ void mma_f16(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// c [16 x 8] += a [16 x 8, rows] · b [8 x 8, columns] of tf32 (f32 with 10 bits of fraction) with f32 sums: a[0] row g,
// column t; a[1] row g + 8; a[2] column t + 4; a[3] both; b[0] row t of column g; b[1] row t + 4; c as mma_f16.
__device__ __forceinline__ void mma_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
// The nearest tf32, as the bits of an f32.
__device__ __forceinline__ uint32_t to_tf32(float v) {
  uint32_t r;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(r) : "f"(v));
  return r;
}

#else

#include "emulation/tensor_cores.h"

#endif
