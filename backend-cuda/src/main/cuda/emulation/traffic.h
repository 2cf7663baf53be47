// Counts what kernels read and write of the device's memory: bytes that threads ask for, whatever a cache would save. The
// emulation is compiled with -fsanitize=thread for this, which makes the compiler announce every access to memory; what
// is announced is counted here instead of being looked at for races, so libtsan is not linked. One worker at a time.
#pragma once
#include <cstdint>

#define UNCOUNTED extern "C" __attribute__((no_sanitize("thread"), visibility("hidden")))

namespace traffic {
inline uintptr_t from = 0, to = 0;
inline uint64_t read = 0, written = 0;
}  // namespace traffic

#define COUNT(name, bytes, counter)                                                                              \
  UNCOUNTED void __tsan_##name##bytes(void* p) {                                                                 \
    if ((uintptr_t)p >= traffic::from && (uintptr_t)p < traffic::to) traffic::counter += bytes;                  \
  }                                                                                                              \
  UNCOUNTED void __tsan_unaligned_##name##bytes(void* p) {                                                       \
    if ((uintptr_t)p >= traffic::from && (uintptr_t)p < traffic::to) traffic::counter += bytes;                  \
  }
COUNT(read, 1, read)
COUNT(read, 2, read)
COUNT(read, 4, read)
COUNT(read, 8, read)
COUNT(read, 16, read)
COUNT(write, 1, written)
COUNT(write, 2, written)
COUNT(write, 4, written)
COUNT(write, 8, written)
COUNT(write, 16, written)
UNCOUNTED void __tsan_read_range(void* p, long bytes) {
  if ((uintptr_t)p >= traffic::from && (uintptr_t)p < traffic::to) traffic::read += bytes;
}
UNCOUNTED void __tsan_write_range(void* p, long bytes) {
  if ((uintptr_t)p >= traffic::from && (uintptr_t)p < traffic::to) traffic::written += bytes;
}
UNCOUNTED void __tsan_init() {}
UNCOUNTED void __tsan_func_entry(void*) {}
UNCOUNTED void __tsan_func_exit(void*) {}
UNCOUNTED void __tsan_vptr_update(void**, void*) {}
UNCOUNTED void __tsan_vptr_read(void**) {}
// Of the atomic operations only those of the emulation's own counters occur.
UNCOUNTED uint64_t __tsan_atomic64_fetch_add(uint64_t* p, uint64_t v, int) { return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); }
UNCOUNTED uint8_t __tsan_atomic8_load(const uint8_t* p, int) { return __atomic_load_n(p, __ATOMIC_SEQ_CST); }
UNCOUNTED void __tsan_atomic8_store(uint8_t* p, uint8_t v, int) { __atomic_store_n(p, v, __ATOMIC_SEQ_CST); }
UNCOUNTED uint32_t __tsan_atomic32_fetch_add(uint32_t* p, uint32_t v, int) { return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); }

// Counts within these addresses from now on.
extern "C" __attribute__((no_sanitize("thread"))) void aliasfree_watch(uintptr_t from, uintptr_t bytes) {
  traffic::from = from;
  traffic::to = from + bytes;
  traffic::read = traffic::written = 0;
}
extern "C" uint64_t aliasfree_bytes_read() { return traffic::read; }
extern "C" uint64_t aliasfree_bytes_written() { return traffic::written; }
