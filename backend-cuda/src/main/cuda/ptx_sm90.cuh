// Instructions of compute capability 9.0 that have no C++ form, as ptx.cuh has those of every device; emulation/hopper.h says
// to the host what each of them does.
//
// A barrier here is an mbarrier: it goes to its next phase when as many threads have arrived as it was made for, and as many
// bytes have come as were announced. Whoever waits names the phase by its parity, which is 0 for the first one.
#pragma once
#include "kernel.cuh"

#ifdef __CUDACC__

// Polls before a wait is given up, far more than any wait takes: a mistake then ends the kernel with an error instead of
// holding the device for ever.
constexpr uint32_t MOST_POLLS = 1u << 26;

__device__ __forceinline__ void barrier_init(uint64_t* barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals) : "memory");
}
// Makes new barriers known to copies in the background; a barrier of the block has to follow.
__device__ __forceinline__ void barriers_ready() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  asm volatile("fence.proxy.async;" ::: "memory");
}
__device__ __forceinline__ void barrier_arrive(uint64_t* barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(shared_address(barrier)) : "memory");
}
// Arrives after this thread wrote shared memory that wgmma is to read: the fence is what makes such writes known to it.
__device__ __forceinline__ void barrier_arrive_with_writes(uint64_t* barrier) {
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  barrier_arrive(barrier);
}
// Arrives, and announces bytes that will come.
__device__ __forceinline__ void barrier_arrive_expecting(uint64_t* barrier, uint32_t bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(barrier)), "r"(bytes) : "memory");
}
__device__ __forceinline__ bool barrier_poll(uint64_t* barrier, uint32_t parity) {
  uint32_t done;
  asm volatile(
      "{\n.reg .pred p;\nmbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\nselp.u32 %0, 1, 0, p;\n}\n"
      : "=r"(done)
      : "r"(shared_address(barrier)), "r"(parity)
      : "memory");
  return done;
}
// Waits until the phase of this parity is over.
__device__ __forceinline__ void barrier_wait(uint64_t* barrier, uint32_t parity) {
  for (uint32_t polls = 0; !barrier_poll(barrier, parity); polls++) {
    if (polls > MOST_POLLS) __trap();
  }
}

// Copies from global to shared memory in the background and tells the barrier. Addresses and size are multiples of 16.
__device__ __forceinline__ void copy_bulk(void* shared, const void* global, uint32_t bytes, uint64_t* barrier) {
  asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(shared_address(shared)),
               "l"(global), "r"(bytes), "r"(shared_address(barrier))
               : "memory");
}

// A barrier of some warps of the block; number 0 is that of __syncthreads.
template <int NUMBER, int THREADS>
__device__ __forceinline__ void meet_some() {
  asm volatile("bar.sync %0, %1;" ::"n"(NUMBER), "n"(THREADS) : "memory");
}

// What a thread of this warpgroup may use from now on: fewer registers than it was started with, or more.
template <int REGISTERS>
__device__ __forceinline__ void fewer_registers() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(REGISTERS));
}
template <int REGISTERS>
__device__ __forceinline__ void more_registers() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(REGISTERS));
}

// To be called before the first wgmma, and before one whose sums other instructions have touched.
__device__ __forceinline__ void wgmma_fence() {
  __syncwarp();  // threads may have left a wait one by one
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}
// Makes a group of those since the last group.
__device__ __forceinline__ void wgmma_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
// Waits until at most N groups of this warp are under way.
template <int N>
__device__ __forceinline__ void wgmma_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(N) : "memory");
}
// Keeps the compiler from moving what it does with sums across this place.
template <int N>
__device__ __forceinline__ void wgmma_settle(float (&d)[N]) {
#pragma unroll
  for (int i = 0; i < N; i++) asm volatile("" : "+f"(d[i])::"memory");
}

#define WGMMA_D8(d, i) \
  "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]), "+f"(d[i + 6]), "+f"(d[i + 7])
#define WGMMA_D32(d) WGMMA_D8(d, 0), WGMMA_D8(d, 8), WGMMA_D8(d, 16), WGMMA_D8(d, 24)
#define WGMMA_D48(d) WGMMA_D32(d), WGMMA_D8(d, 32), WGMMA_D8(d, 40)
#define WGMMA_D56(d) WGMMA_D48(d), WGMMA_D8(d, 48)
#define WGMMA_D64(d) WGMMA_D56(d), WGMMA_D8(d, 56)
#define WGMMA_P32                                                                                                          \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define WGMMA_P48 WGMMA_P32 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47"
#define WGMMA_P56 WGMMA_P48 ",%48,%49,%50,%51,%52,%53,%54,%55"
#define WGMMA_P64 WGMMA_P56 ",%56,%57,%58,%59,%60,%61,%62,%63"
#define WGMMA(N, REGISTERS, A, B)                                                                                          \
  __device__ __forceinline__ void wgmma_f16(float (&d)[REGISTERS], uint64_t a, uint64_t b) {                               \
    asm volatile("{\n.reg .pred p;\nsetp.eq.u32 p, 0, 0;\nwgmma.mma_async.sync.aligned.m64n" #N                            \
                 "k16.f32.f16.f16 {" WGMMA_P##REGISTERS "}, " A ", " B ", p, 1, 1, 0, 0;\n}\n"                             \
                 : WGMMA_D##REGISTERS(d)                                                                                   \
                 : "l"(a), "l"(b));                                                                                        \
  }                                                                                                                        \
  __device__ __forceinline__ void wgmma_tf32(float (&d)[REGISTERS], uint64_t a, uint64_t b) {                              \
    asm volatile("{\n.reg .pred p;\nsetp.eq.u32 p, 0, 0;\nwgmma.mma_async.sync.aligned.m64n" #N                            \
                 "k8.f32.tf32.tf32 {" WGMMA_P##REGISTERS "}, " A ", " B ", p, 1, 1;\n}\n"                                  \
                 : WGMMA_D##REGISTERS(d)                                                                                   \
                 : "l"(a), "l"(b));                                                                                        \
  }
// wgmma_f16: d [64 x n] += a [64 x 16] · b [16 x n], f16 with f32 sums, by the 128 threads of a warpgroup; wgmma_tf32 the same
// with 8 in the place of 16. n is twice the size of d: 64, 96, 112, 128. Nothing may touch d, nor what a and b describe, until
// the group was waited for. With warp w of the warpgroup, g = lane / 4 and t = lane % 4: d[4j] row 16w + g, column 8j + 2t;
// d[4j + 1] the next column; d[4j + 2], d[4j + 3] row 16w + g + 8.
WGMMA(64, 32, "%32", "%33")
WGMMA(96, 48, "%48", "%49")
WGMMA(112, 56, "%56", "%57")
WGMMA(128, 64, "%64", "%65")

#else

#include "emulation/hopper.h"

#endif

// Where wgmma finds a matrix: pieces of 8 rows × 16 bytes (of b: columns), each 128 bytes in one piece; `across` bytes from one
// to the next along the inner axis, `down` bytes along the other. All are multiples of 16 below 2¹⁸. Moving the start by
// a multiple of 16 bytes adds a 16th of it.
__device__ __forceinline__ uint64_t wgmma_matrix(const void* start, uint32_t across, uint32_t down) {
  return (uint64_t)(shared_address(start) >> 4) | (uint64_t)(across >> 4) << 16 | (uint64_t)(down >> 4) << 32;
}
