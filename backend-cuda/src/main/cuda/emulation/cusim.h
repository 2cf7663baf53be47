// CUDA's language on the host, for tests: the threads of a block are coroutines that take turns, blocks are shared out to
// threads of the host. Barriers and exchanges between threads behave as on the device, a barrier that not all threads reach
// is an error, and memory that a block shares holds NaN before it is written. What it cannot show are races and the order
// in which a real device sees memory.
#pragma once
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#if !defined(__x86_64__)
#error "The emulation switches stacks in x86-64 assembly."
#endif

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __restrict__ __restrict
#define __align__(n) __attribute__((aligned(n)))
#define __shared__ static thread_local  // a thread of the host runs one block at a time
#define __constant__ static

struct dim3 {
  unsigned x, y, z;
};
struct float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
static inline float2 make_float2(float a, float b) { return {a, b}; }
static inline float4 make_float4(float a, float b, float c, float d) { return {a, b, c, d}; }
static inline uint4 make_uint4(unsigned a, unsigned b, unsigned c, unsigned d) { return {a, b, c, d}; }

struct __half {
  uint16_t bits;
};
static_assert(sizeof(__half) == 2);
static inline float __half2float(__half h) {
  _Float16 v;
  memcpy(&v, &h, 2);
  return (float)v;
}
static inline __half __float2half(float f) {
  _Float16 v = (_Float16)f;
  __half h;
  memcpy(&h, &v, 2);
  return h;
}
static inline __half __ushort_as_half(unsigned short u) { return {u}; }
static inline unsigned short __half_as_ushort(__half h) { return h.bits; }

namespace cusim {

struct Warp {
  uint64_t in[2][32][8];  // what lanes show at meetings of even and of odd number
  unsigned arrived = 0;
  uint64_t generation = 0;
};
struct Block {
  dim3 grid, size, index;
  unsigned threads = 0, alive = 0, arrived = 0;
  uint64_t generation = 0;
  uint64_t number = 0;  // of the blocks that this thread of the host ran
  std::vector<Warp> warps;
  std::vector<char> dynamic;
};
struct Thread {
  dim3 index;
  unsigned number, lane;
  Warp* warp;
  Block* block;
  bool done;
  const uint64_t* awaited;  // goes on when this is no longer `held`
  uint64_t held;
  void* stack_pointer;
  char* stack;
};

inline thread_local Thread* current = nullptr;
inline thread_local void* scheduler = nullptr;
inline thread_local const void* arguments = nullptr;
inline thread_local void (*body)(const void*) = nullptr;
inline constexpr size_t STACK = 64 << 10;

extern "C" void cusim_switch(void** save, void* to);
__asm__(
    ".text\n.weak cusim_switch\n.type cusim_switch,@function\ncusim_switch:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "movq %rsp,(%rdi)\nmovq %rsi,%rsp\n"
    "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n"
    ".size cusim_switch,.-cusim_switch\n");

inline void yield() { cusim_switch(&current->stack_pointer, scheduler); }
inline void enter() {
  body(arguments);
  current->done = true;
  yield();
  __builtin_trap();
}
inline void prepare(Thread& t) {
  void** top = (void**)(((uintptr_t)t.stack + STACK) & ~(uintptr_t)15);
  *--top = nullptr;
  *--top = (void*)&enter;
  for (int i = 0; i < 6; i++) *--top = nullptr;
  t.stack_pointer = top;
  t.awaited = nullptr;
}
inline void resume(Thread& t) {
  current = &t;
  cusim_switch(&scheduler, t.stack_pointer);
}
inline void wait(const uint64_t& generation, uint64_t g) {
  current->awaited = &generation;
  current->held = g;
  while (generation == g) yield();
  current->awaited = nullptr;
}

// Threads that have ended count as arrived, as on the device.
inline void meet_block() {
  Block* b = current->block;
  uint64_t g = b->generation;
  if (++b->arrived >= b->alive) {
    b->arrived = 0;
    b->generation++;
    return;
  }
  wait(b->generation, g);
}
// The lanes of a warp meet; the last one to come does something for all.
template <class F>
inline void meet_warp(F last) {
  Block* b = current->block;
  Warp* w = current->warp;
  uint64_t g = w->generation;
  if (++w->arrived == std::min(32u, b->threads - (current->number & ~31u))) {
    last();
    w->arrived = 0;
    w->generation++;
    return;
  }
  wait(w->generation, g);
}
typedef uint64_t Words[32][8];
// Every lane shows n words; the last lane does something with those of all, and then each does. What is shown stays until
// the meeting after the next, for which all must have come to the next.
template <class Last, class Each>
inline void collective(const uint64_t* in, int n, Last last, Each each) {
  Warp* w = current->warp;
  Words& shown = w->in[w->generation & 1];
  for (int i = 0; i < n; i++) shown[current->lane][i] = in[i];
  meet_warp([&] { last(shown); });
  each(shown);
}
template <class Each>
inline void collective(const uint64_t* in, int n, Each each) {
  collective(in, n, [](Words&) {}, each);
}

struct Kernel {
  const char* name;
  void (*body)(const void*);
  unsigned arguments, threads;
  bool flat;
};
inline std::vector<Kernel>& kernels() {
  static std::vector<Kernel> all;
  return all;
}
struct Registration {
  Registration(Kernel k) { kernels().push_back(k); }
};

// The blocks that one thread of the host runs. False for a barrier that some threads of a block never reach.
struct Worker {
  Block block;
  std::vector<Thread> threads;
  char* stacks = nullptr;
  size_t stacked = 0;

  Worker() = default;
  Worker(const Worker&) = delete;
  ~Worker() { free(stacks); }

  void run(const Kernel& k, const void* args, dim3 grid, unsigned shared, std::atomic<uint64_t>& next, std::atomic<bool>& dead) {
    block.grid = grid;
    block.size = {k.threads, 1, 1};
    block.threads = k.threads;
    block.warps.assign((k.threads + 31) / 32, Warp());
    block.dynamic.resize(shared + 16);
    threads.resize(k.threads);
    if (!k.flat && stacked < k.threads) {
      free(stacks);
      stacks = (char*)malloc(STACK * k.threads);
      stacked = k.threads;
    }
    arguments = args;
    body = k.body;
    uint64_t total = (uint64_t)grid.x * grid.y * grid.z;
    for (uint64_t i; (i = next++) < total && !dead;) {
      block.index = {(unsigned)(i % grid.x), (unsigned)(i / grid.x % grid.y), (unsigned)(i / grid.x / grid.y)};
      block.alive = k.threads;
      block.arrived = 0;
      block.number++;
      memset(block.dynamic.data(), 0xFF, block.dynamic.size());
      for (unsigned t = 0; t < k.threads; t++) {
        Thread& q = threads[t];
        q.index = {t, 0, 0};
        q.number = t;
        q.lane = t & 31;
        q.warp = &block.warps[t / 32];
        q.block = &block;
        q.done = false;
        if (k.flat) {
          current = &q;
          k.body(args);
        } else {
          q.stack = stacks + STACK * t;
          prepare(q);
        }
      }
      if (!k.flat && !rounds()) dead = true;
    }
  }

  // Each warp goes on for as long as one of its threads can.
  bool rounds() {
    while (block.alive) {
      bool any = false;
      for (unsigned first = 0; first < block.threads; first += 32) {
        unsigned end = std::min(first + 32, block.threads);
        for (bool ran = true; ran;) {
          ran = false;
          for (unsigned t = first; t < end; t++) ran |= turn(threads[t]);
          any |= ran;
        }
      }
      if (!any) return false;
    }
    return true;
  }

  bool turn(Thread& t) {
    if (t.done || (t.awaited && *t.awaited == t.held)) return false;
    resume(t);
    if (t.done) {
      block.alive--;
      if (block.alive && block.arrived >= block.alive) {
        block.arrived = 0;
        block.generation++;
      }
    }
    return true;
  }
};

inline bool launch(const Kernel& k, const void* args, dim3 grid, unsigned shared, unsigned workers) {
  static thread_local std::vector<std::unique_ptr<Worker>> own;
  std::atomic<uint64_t> next{0};
  std::atomic<bool> dead{false};
  uint64_t total = (uint64_t)grid.x * grid.y * grid.z;
  unsigned count = (unsigned)std::min<uint64_t>(workers, total);
  while (own.size() < count) own.emplace_back(new Worker());
  std::vector<std::thread> others;
  for (unsigned w = 1; w < count; w++) {
    others.emplace_back([&, worker = own[w].get()] { worker->run(k, args, grid, shared, next, dead); });
  }
  own[0]->run(k, args, grid, shared, next, dead);
  for (auto& t : others) t.join();
  return !dead;
}

inline float half_bits(uint32_t pair, int high) {
  return __half2float(__half{(uint16_t)(high ? pair >> 16 : pair)});
}

}  // namespace cusim

#define KERNEL_OF(name, Args, count, alone)                                                                              \
  static void name(const Args& a);                                                                                     \
  static cusim::Registration name##_registration({#name, [](const void* p) { name(*(const Args*)p); }, sizeof(Args), count, alone}); \
  static void name(const Args& a)
#define KERNEL(name, Args, threads) KERNEL_OF(name, Args, threads, false)
#define KERNEL_SHARED_BY(blocks, name, Args, threads) KERNEL(name, Args, threads)
#define FLAT_KERNEL(name, Args, threads) KERNEL_OF(name, Args, threads, true)
#define FLAT_KERNEL_SHARED_BY(blocks, name, Args, threads) FLAT_KERNEL(name, Args, threads)
#define DYNAMIC_SHARED(T, name) T* name = (T*)(((uintptr_t)cusim::current->block->dynamic.data() + 15) & ~(uintptr_t)15)

#define threadIdx (cusim::current->index)
#define blockIdx (cusim::current->block->index)
#define blockDim (cusim::current->block->size)
#define gridDim (cusim::current->block->grid)
static inline void __syncthreads() { cusim::meet_block(); }
static inline void __syncwarp(unsigned = ~0u) {
  cusim::meet_warp([] {});
}
template <class T>
static inline T __shfl_sync(unsigned, T v, int source) {
  static_assert(sizeof(T) <= 8);
  uint64_t x = 0;
  memcpy(&x, &v, sizeof v);
  T r;
  cusim::collective(&x, 1, [&](const cusim::Words& shown) { memcpy(&r, &shown[source & 31][0], sizeof r); });
  return r;
}
template <class T>
static inline T __shfl_xor_sync(unsigned m, T v, int x) {
  return __shfl_sync(m, v, (int)cusim::current->lane ^ x);
}
template <class T>
static inline T __shfl_down_sync(unsigned m, T v, int d) {
  int l = (int)cusim::current->lane;
  return __shfl_sync(m, v, l + d < 32 ? l + d : l);
}
using std::max;
using std::min;
static inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
static inline float __ldg(const float* p) { return *p; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return std::sqrt(a); }
static inline int __float_as_int(float v) {
  int r;
  memcpy(&r, &v, 4);
  return r;
}
static inline float __int_as_float(int v) {
  float r;
  memcpy(&r, &v, 4);
  return r;
}
static inline unsigned __float_as_uint(float v) { return (unsigned)__float_as_int(v); }
static inline float __uint_as_float(unsigned v) { return __int_as_float((int)v); }
