// The emulated device: all kernels, and how Java finds and launches them.
#ifndef ALIASFREE_KERNELS  // all, or a file that a test needs
#define ALIASFREE_KERNELS "../kernels.cu"
#define ALIASFREE_MORE_KERNELS "../kernels_sm90a.cu"
#endif
#ifdef ALIASFREE_TRAFFIC
#include "traffic.h"
#endif
#include ALIASFREE_KERNELS
#ifdef ALIASFREE_MORE_KERNELS
#include ALIASFREE_MORE_KERNELS
#endif

// The number of a kernel, or -1.
extern "C" int aliasfree_kernel(const char* name) {
  auto& all = cusim::kernels();
  for (size_t i = 0; i < all.size(); i++) {
    if (!strcmp(all[i].name, name)) return (int)i;
  }
  return -1;
}
// Threads of a block, and bytes of arguments, of a kernel.
extern "C" int aliasfree_threads(int kernel) { return (int)cusim::kernels()[kernel].threads; }
extern "C" int aliasfree_arguments(int kernel) { return (int)cusim::kernels()[kernel].arguments; }
// 0, or 1 for a barrier that some threads of a block never reach.
extern "C" int aliasfree_launch(int kernel, unsigned x, unsigned y, unsigned z, unsigned shared, const void* arguments, unsigned workers) {
  return cusim::launch(cusim::kernels()[kernel], arguments, dim3{x, y, z}, shared, workers) ? 0 : 1;
}
