// What the instructions of ptx_sm90.cuh do, for the host.
//
// What a device does in the background is done late here, or at once where late would hide a mistake: products when a group is
// waited for, so that a buffer that is written too early shows as wrong numbers; of two copies one as soon as it is asked for,
// the other when somebody waits for its barrier. Fences do nothing: without one this shows no difference, a device may.
#pragma once
#include <vector>

#include "cusim.h"

namespace cusim {

[[noreturn]] inline void refuse(const char* what) {
  fprintf(stderr, "emulation: %s\n", what);
  abort();
}

struct BulkCopy {
  char* to;
  const char* from;
  uint32_t bytes;
  uint64_t* barrier;
};
struct Product {
  uint64_t a, b;
  int columns, inner;  // inner is 16 for f16, 8 for tf32
  float* sums[128];
};
// Four warps: their products, those that each lane has asked for so far, and where groups end.
struct Warpgroup {
  std::vector<Product> products;
  std::vector<size_t> groups;
  size_t asked[128] = {}, committed[128] = {}, done = 0;
  unsigned arrived = 0;
  uint64_t generation = 0;
};
// What a block has besides what cusim.h knows.
struct Hopper {
  uint64_t block = 0;
  const Block* of = nullptr;
  std::vector<BulkCopy> copies;
  size_t asked = 0;
  Warpgroup groups[8];
  struct {
    unsigned arrived = 0;
    uint64_t generation = 0;
  } some[16];
};
inline Hopper& hopper() {
  static thread_local std::unique_ptr<Hopper> own;
  const Block* block = current->block;
  if (!own || own->block != block->number || own->of != block) {
    own.reset(new Hopper());
    own->block = block->number;
    own->of = block;
  }
  return *own;
}
inline Warpgroup& warpgroup() { return hopper().groups[current->number / 128]; }

// Shared memory as a device counts it, from an offset that is no multiple of much.
constexpr uint32_t SHARED_FROM = 1024 + 16;
inline char* shared_base() { return (char*)(((uintptr_t)current->block->dynamic.data() + 15) & ~(uintptr_t)15); }
inline char* at_shared(uint32_t address) {
  if (address < SHARED_FROM || address - SHARED_FROM >= current->block->dynamic.size()) refuse("outside of shared memory");
  return shared_base() + (address - SHARED_FROM);
}

// The word of a barrier.
struct Phases {
  uint64_t arrivals : 10, pending : 10, phase : 20;
  int64_t bytes : 24;
};
static_assert(sizeof(Phases) == 8);
inline void change(uint64_t* word, int arrivals, int64_t announced, int64_t come) {
  Phases p;
  memcpy(&p, word, 8);
  if (arrivals && p.pending == 0) refuse("more threads arrive at a barrier than it was made for");
  p.pending -= arrivals;
  p.bytes += announced - come;
  if (p.pending == 0 && p.bytes == 0) {
    p.pending = p.arrivals;
    p.phase++;
  }
  memcpy(word, &p, 8);
}
inline void carry_out(const BulkCopy& c) {
  memcpy(c.to, c.from, c.bytes);
  change(c.barrier, 0, 0, c.bytes);
}

// Rows of a matrix as a descriptor says, as floats: [rows][inner].
inline void read_matrix(uint64_t descriptor, int rows, int inner, float* out) {
  if (descriptor & 0xffffc000c000c000ull) refuse("a descriptor has bits that are no address or step");
  uint32_t start = (uint32_t)(descriptor & 0x3fff) << 4;
  uint32_t across = (uint32_t)(descriptor >> 16 & 0x3fff) << 4, down = (uint32_t)(descriptor >> 32 & 0x3fff) << 4;
  for (int piece = 0; piece < 2; piece++) {
    for (int row = 0; row < rows; row++) {
      const char* p = at_shared(start + row / 8 * down + piece * across + row % 8 * 16);
      float* to = out + row * inner + piece * (inner / 2);
      if (inner == 16) {
        _Float16 v[8];
        memcpy(v, p, 16);
        for (int i = 0; i < 8; i++) to[i] = (float)v[i];
      } else {
        uint32_t v[4];
        memcpy(v, p, 16);
        for (int i = 0; i < 4; i++) to[i] = __uint_as_float(v[i] & ~0x1fffu);
      }
    }
  }
}
// The sums of lane l at place i of its registers are those of this row and column.
inline int wgmma_row(int l, int i) { return l / 32 * 16 + l % 32 / 4 + i / 2 % 2 * 8; }
inline int wgmma_column(int l, int i) { return i / 4 * 8 + l % 4 * 2 + i % 2; }

// Products that add to the same sums, in order.
inline void multiply(const std::vector<Product*>& products) {
  static thread_local float c[64][256], a[64 * 16], b[256 * 16], turned[16][256];
  const Product& first = *products[0];
  int n = first.columns;
  for (int l = 0; l < 128; l++) {
    for (int i = 0; i < n / 2; i++) c[wgmma_row(l, i)][wgmma_column(l, i)] = first.sums[l][i];
  }
  for (const Product* p : products) {
    read_matrix(p->a, 64, p->inner, a);
    read_matrix(p->b, n, p->inner, b);
    for (int column = 0; column < n; column++) {
      for (int k = 0; k < p->inner; k++) turned[k][column] = b[column * p->inner + k];
    }
    for (int row = 0; row < 64; row++) {
      float* sums = c[row];
      for (int k = 0; k < p->inner; k++) {
        float factor = a[row * p->inner + k];
        for (int column = 0; column < n; column++) sums[column] += factor * turned[k][column];
      }
    }
  }
  for (int l = 0; l < 128; l++) {
    for (int i = 0; i < n / 2; i++) first.sums[l][i] = c[wgmma_row(l, i)][wgmma_column(l, i)];
  }
}
// Does the products before the number `end`.
inline void carry_out(Warpgroup& g, size_t end) {
  while (g.done < end) {
    std::vector<Product*> same;
    float* sums = g.products[g.done].sums[0];
    std::vector<Product*> others;
    for (size_t i = g.done; i < end; i++) (g.products[i].sums[0] == sums ? same : others).push_back(&g.products[i]);
    multiply(same);
    // The others stay in order, before what comes after `end`.
    std::vector<Product> rest;
    for (Product* p : others) rest.push_back(*p);
    g.done += same.size();
    for (size_t i = 0; i < rest.size(); i++) g.products[g.done + i] = rest[i];
  }
}

template <int INNER>
inline void product(float* d, int columns, uint64_t a, uint64_t b) {
  Warpgroup& g = warpgroup();
  int lane = current->number % 128;
  size_t i = g.asked[lane]++;
  if (i == g.products.size()) g.products.push_back({a, b, columns, INNER, {}});
  Product& p = g.products[i];
  if (p.a != a || p.b != b || p.columns != columns || p.inner != INNER) refuse("threads of a warpgroup ask for different products");
  p.sums[lane] = d;
}

}  // namespace cusim

static inline uint32_t shared_address(const void* p) { return cusim::SHARED_FROM + (uint32_t)((const char*)p - cusim::shared_base()); }

static inline void barrier_init(uint64_t* barrier, int arrivals) {
  if ((uintptr_t)barrier & 7 || arrivals < 1 || arrivals > 1023) cusim::refuse("a barrier that cannot be");
  cusim::Phases p = {};
  p.arrivals = p.pending = arrivals;
  memcpy(barrier, &p, 8);
}
static inline void barriers_ready() {}
static inline void barrier_arrive(uint64_t* barrier) { cusim::change(barrier, 1, 0, 0); }
static inline void barrier_arrive_with_writes(uint64_t* barrier) { barrier_arrive(barrier); }
static inline void barrier_arrive_expecting(uint64_t* barrier, uint32_t bytes) { cusim::change(barrier, 1, bytes, 0); }
static inline void barrier_wait(uint64_t* barrier, uint32_t parity) {
  auto& copies = cusim::hopper().copies;
  for (;;) {
    for (size_t i = 0; i < copies.size();) {
      if (copies[i].barrier == barrier) {
        cusim::BulkCopy c = copies[i];
        copies.erase(copies.begin() + i);
        cusim::carry_out(c);
      } else {
        i++;
      }
    }
    cusim::Phases p;
    memcpy(&p, barrier, 8);
    if (p.phase % 2 != parity) return;
    cusim::wait(*barrier, *barrier);  // until it changes
  }
}
static inline void copy_bulk(void* shared, const void* global, uint32_t bytes, uint64_t* barrier) {
  if (((uintptr_t)shared | (uintptr_t)global | bytes) & 15 || bytes == 0) cusim::refuse("a copy that is no multiple of 16 bytes");
  cusim::at_shared(shared_address(shared));
  cusim::at_shared(shared_address((char*)shared + bytes - 1));
  cusim::Hopper& h = cusim::hopper();
  cusim::BulkCopy c{(char*)shared, (const char*)global, bytes, barrier};
  if (h.asked++ % 2) {
    h.copies.push_back(c);
  } else {
    cusim::carry_out(c);
  }
}
template <int NUMBER, int THREADS>
static inline void meet_some() {
  static_assert(NUMBER > 0 && NUMBER < 16 && THREADS % 32 == 0);
  auto& b = cusim::hopper().some[NUMBER];
  uint64_t g = b.generation;
  if (++b.arrived == THREADS) {
    b.arrived = 0;
    b.generation++;
  } else {
    cusim::wait(b.generation, g);
  }
}
template <int REGISTERS>
static inline void fewer_registers() {}
template <int REGISTERS>
static inline void more_registers() {}

static inline void wgmma_fence() {}
static inline void wgmma_commit() {
  cusim::Warpgroup& g = cusim::warpgroup();
  int lane = cusim::current->number % 128;
  size_t group = g.committed[lane]++;
  if (group == g.groups.size()) g.groups.push_back(g.asked[lane]);
  if (g.groups[group] != g.asked[lane]) cusim::refuse("threads of a warpgroup make different groups");
}
template <int N>
static inline void wgmma_wait() {
  cusim::Warpgroup& g = cusim::warpgroup();
  uint64_t generation = g.generation;
  if (++g.arrived < 128) {
    cusim::wait(g.generation, generation);
    return;
  }
  size_t complete = g.groups.size() > N ? g.groups.size() - N : 0;
  if (complete) cusim::carry_out(g, g.groups[complete - 1]);
  if (g.done && g.done == g.products.size() && complete == g.groups.size()) {  // forget what is over
    g.products.clear();
    g.groups.clear();
    g.done = 0;
    for (int l = 0; l < 128; l++) g.asked[l] = g.committed[l] = 0;
  }
  g.arrived = 0;
  g.generation++;
}
template <int N>
static inline void wgmma_settle(float (&)[N]) {}

template <int N>
static inline void wgmma_f16(float (&d)[N], uint64_t a, uint64_t b) {
  cusim::product<16>(d, 2 * N, a, b);
}
template <int N>
static inline void wgmma_tf32(float (&d)[N], uint64_t a, uint64_t b) {
  cusim::product<8>(d, 2 * N, a, b);
}
