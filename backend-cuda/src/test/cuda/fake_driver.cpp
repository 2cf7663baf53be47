// A stand-in for NVIDIA's driver, for tests on machines without one: what is called libcuda.so.1 there. Its device is the
// host, its kernels those of the emulation (../../main/cuda/emulation): linked in, or in the library that
// fake_kernels names. It is as strict as the real one, or stricter: commands are done only when somebody waits for them, with their arguments as they were when they
// were queued; memory that asynchronous copies use must be the driver's; calls without a context fail; what fails while
// commands are done fails again in every call after it. Tests change what it says by fake_set and fake_fail.
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" {
__attribute__((weak)) int aliasfree_kernel(const char*);
__attribute__((weak)) int aliasfree_threads(int);
__attribute__((weak)) int aliasfree_arguments(int);
__attribute__((weak)) int aliasfree_launch(int, unsigned, unsigned, unsigned, unsigned, const void*, unsigned);
}

namespace {

enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_CONTEXT = 201, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, CAPTURING = 900, LAUNCH_FAILED = 719 };

std::recursive_mutex all;
std::map<std::string, long> settings = {{"version", 12060}, {"devices", 1}, {"capability", 90}, {"memory", 4L << 30}};
std::map<std::string, int> failures;
bool initialised = false;
int sticky = OK;
long holders = 0;
thread_local void* current = nullptr;
char primary;  // the context
std::set<void*> own_contexts;

struct Memory {
  size_t bytes;
};
std::map<uint64_t, Memory> device_memory, host_memory;
size_t used = 0;

using Command = std::function<int()>;
struct Graph {
  std::vector<Command> commands;
};
struct Stream {
  std::vector<Command> queue;
  Graph* capturing = nullptr;
  std::thread::id by;
};
struct Kernel {
  std::string name;
  int number;
  int shared = 48 << 10;
};
struct Module {
  std::string text;
  std::map<std::string, Kernel> kernels;
};

struct Emulation {
  int (*kernel)(const char*) = aliasfree_kernel;
  int (*threads)(int) = aliasfree_threads;
  int (*arguments)(int) = aliasfree_arguments;
  int (*launch)(int, unsigned, unsigned, unsigned, unsigned, const void*, unsigned) = aliasfree_launch;
  bool load(const char* path) {
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    *(void**)&kernel = dlsym(library, "aliasfree_kernel");
    *(void**)&threads = dlsym(library, "aliasfree_threads");
    *(void**)&arguments = dlsym(library, "aliasfree_arguments");
    *(void**)&launch = dlsym(library, "aliasfree_launch");
    return true;
  }
};
Emulation& emulation() {
  static Emulation e;
  return e;
}

bool lies_in(const std::map<uint64_t, Memory>& memory, uint64_t address, size_t bytes) {
  auto after = memory.upper_bound(address);
  if (after == memory.begin()) return false;
  auto [start, piece] = *--after;
  return address + bytes <= start + piece.bytes;
}
int failed(const char* call) {
  auto f = failures.find(call);
  return f == failures.end() ? OK : f->second;
}
// What every call looks at first.
int enter(const char* call) {
  if (int code = failed(call)) return code;
  if (!initialised) return 3;
  if (sticky) return sticky;
  return current ? OK : INVALID_CONTEXT;
}
int allocate(std::map<uint64_t, Memory>& memory, uint64_t* address, size_t bytes) {
  if (bytes == 0) return INVALID_VALUE;
  if (used + bytes > (size_t)settings["memory"]) return OUT_OF_MEMORY;
  void* p = nullptr;
  if (posix_memalign(&p, 256, bytes)) return OUT_OF_MEMORY;
  memset(p, 0xFF, bytes);
  memory[(uint64_t)p] = {bytes};
  used += bytes;
  *address = (uint64_t)p;
  return OK;
}
int release(std::map<uint64_t, Memory>& memory, uint64_t address) {
  auto piece = memory.find(address);
  if (piece == memory.end()) return INVALID_VALUE;
  used -= piece->second.bytes;
  memory.erase(piece);
  free((void*)address);
  return OK;
}
int queue(Stream* s, Command c) {
  if (!s) return INVALID_VALUE;  // the default stream is none of ours
  (s->capturing ? s->capturing->commands : s->queue).push_back(std::move(c));
  return OK;
}
int synchronize(Stream* s) {
  if (s->capturing) return CAPTURING;
  std::vector<Command> commands;
  commands.swap(s->queue);
  for (auto& c : commands) {
    if (int code = c()) return sticky = code;
  }
  return OK;
}

}  // namespace

#define LOCK std::lock_guard<std::recursive_mutex> lock(all)
#define ENTER(call)                      \
  LOCK;                                  \
  if (int code_ = enter(call)) return code_

// For tests: the library of the kernels; what the driver says of itself; a call that fails from now on (0: no more); what was
// given out and not given back.
EXPORT int fake_kernels(const char* path) { return emulation().load(path); }
EXPORT void fake_set(const char* what, long value) {
  LOCK;
  settings[what] = value;
  if (!strcmp(what, "broken") && !value) {
    sticky = OK;
    for (auto* memory : {&device_memory, &host_memory}) {
      while (!memory->empty()) release(*memory, memory->begin()->first);
    }
  }
}
EXPORT void fake_fail(const char* call, int code) {
  LOCK;
  failures[call] = code;
}
EXPORT long fake_live() { return (long)(device_memory.size() + host_memory.size()) + holders; }

EXPORT int cuInit(unsigned) {
  LOCK;
  if (int code = failed("cuInit")) return code;
  initialised = true;
  return settings["devices"] ? OK : NO_DEVICE;
}
EXPORT int cuDriverGetVersion(int* version) {
  LOCK;
  *version = (int)settings["version"];
  return failed("cuDriverGetVersion");
}
EXPORT int cuDeviceGetCount(int* count) {
  LOCK;
  *count = (int)settings["devices"];
  return failed("cuDeviceGetCount");
}
EXPORT int cuDeviceGet(int* device, int index) {
  LOCK;
  *device = index;
  return index < settings["devices"] ? failed("cuDeviceGet") : 101;
}
EXPORT int cuDeviceGetName(char* name, int length, int device) {
  strncpy(name, ("Fake GPU " + std::to_string(device)).c_str(), length);
  return OK;
}
EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) {
  LOCK;
  *bytes = settings["memory"];
  return OK;
}
EXPORT int cuDeviceGetAttribute(int* value, int attribute, int device) {
  LOCK;
  // Later devices are older: the second of two has a capability that is 40 less.
  int capability = (int)settings["capability"] - 40 * device;
  *value = attribute == 75 ? capability / 10 : attribute == 76 ? capability % 10 : attribute == 16 ? 4 : 0;
  return OK;
}
EXPORT int cuGetErrorName(int code, const char** name) {
  static const std::map<int, const char*> names = {{1, "CUDA_ERROR_INVALID_VALUE"}, {2, "CUDA_ERROR_OUT_OF_MEMORY"}, {100, "CUDA_ERROR_NO_DEVICE"}, {201, "CUDA_ERROR_INVALID_CONTEXT"}, {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"}, {500, "CUDA_ERROR_NOT_FOUND"}, {700, "CUDA_ERROR_ILLEGAL_ADDRESS"}, {719, "CUDA_ERROR_LAUNCH_FAILED"}, {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"}, {999, "CUDA_ERROR_UNKNOWN"}};
  auto n = names.find(code);
  *name = n == names.end() ? nullptr : n->second;
  return n == names.end() ? INVALID_VALUE : OK;
}
EXPORT int cuGetErrorString(int code, const char** text) {
  *text = code == 700 ? "an illegal memory access was encountered" : "what the driver says of it";
  return OK;
}

EXPORT int cuDevicePrimaryCtxRetain(void** context, int) {
  LOCK;
  if (int code = failed("cuDevicePrimaryCtxRetain")) return code;
  holders++;
  *context = &primary;
  return OK;
}
EXPORT int cuDevicePrimaryCtxRelease_v2(int) {
  LOCK;
  holders--;
  return OK;
}
// Contexts of their own share what is allocated, but a failure ends with its context.
EXPORT int cuCtxCreate_v2(void** context, unsigned, int) {
  LOCK;
  if (int code = failed("cuCtxCreate")) return code;
  holders++;
  *context = current = new char;
  own_contexts.insert(current);
  return OK;
}
EXPORT int cuCtxDestroy_v2(void* context) {
  LOCK;
  if (!own_contexts.erase(context)) return INVALID_CONTEXT;
  holders--;
  if (current == context) current = nullptr;
  delete (char*)context;
  sticky = OK;
  return OK;
}
EXPORT int cuCtxSetCurrent(void* context) {
  LOCK;
  if (int code = failed("cuCtxSetCurrent")) return code;
  if ((context != &primary && !own_contexts.count(context)) || holders <= 0) return INVALID_CONTEXT;
  current = context;
  return OK;
}

EXPORT int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
  ENTER("cuModuleLoadDataEx");
  Module* m = new Module{(const char*)image, {}};
  if (m->text.find(".version ") == std::string::npos || m->text.find(".target sm_") == std::string::npos) return 218;
  *module = m;
  return OK;
}
EXPORT int cuModuleUnload(void* module) {
  ENTER("cuModuleUnload");
  delete (Module*)module;
  return OK;
}
EXPORT int cuModuleGetFunction(void** function, void* module, const char* name) {
  ENTER("cuModuleGetFunction");
  Module* m = (Module*)module;
  if (m->text.find(std::string(".entry ") + name + "(") == std::string::npos) return NOT_FOUND;
  int number = emulation().kernel ? emulation().kernel(name) : -1;
  if (number < 0) return NOT_FOUND;
  *function = &m->kernels.emplace(name, Kernel{name, number}).first->second;
  return OK;
}
EXPORT int cuFuncGetAttribute(int* value, int, void*) {
  ENTER("cuFuncGetAttribute");
  *value = 32;
  return OK;
}
EXPORT int cuFuncSetAttribute(void* function, int attribute, int value) {
  ENTER("cuFuncSetAttribute");
  if (attribute != 8 || value > (settings["capability"] == 90 ? 227 : 99) << 10) return INVALID_VALUE;
  ((Kernel*)function)->shared = value;
  return OK;
}

EXPORT int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  ENTER("cuMemAlloc");
  return allocate(device_memory, address, bytes);
}
EXPORT int cuMemFree_v2(uint64_t address) {
  ENTER("cuMemFree");
  return release(device_memory, address);
}
EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
  ENTER("cuMemGetInfo");
  *total = settings["memory"];
  *free = *total - used;
  return OK;
}
EXPORT int cuMemHostAlloc(void** address, size_t bytes, unsigned) {
  ENTER("cuMemHostAlloc");
  return allocate(host_memory, (uint64_t*)address, bytes);
}
EXPORT int cuMemFreeHost(void* address) {
  ENTER("cuMemFreeHost");
  return release(host_memory, (uint64_t)address);
}

static int copy(uint64_t to, bool to_device, uint64_t from, bool from_device, size_t bytes, void* stream) {
  if (!to_device && !lies_in(host_memory, to, bytes)) return INVALID_VALUE;
  if (!from_device && !lies_in(host_memory, from, bytes)) return INVALID_VALUE;
  return queue((Stream*)stream, [=] {
    if (!lies_in(to_device ? device_memory : host_memory, to, bytes)) return (int)ILLEGAL_ADDRESS;
    if (!lies_in(from_device ? device_memory : host_memory, from, bytes)) return (int)ILLEGAL_ADDRESS;
    memmove((void*)to, (void*)from, bytes);
    return (int)OK;
  });
}
EXPORT int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  ENTER("cuMemcpyDtoDAsync");
  return copy(to, true, from, true, bytes, stream);
}
EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* stream) {
  ENTER("cuMemcpyHtoDAsync");
  return copy(to, true, (uint64_t)from, false, bytes, stream);
}
EXPORT int cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* stream) {
  ENTER("cuMemcpyDtoHAsync");
  return copy((uint64_t)to, false, from, true, bytes, stream);
}
static int fill(uint64_t to, int value, size_t bytes, void* stream) {
  return queue((Stream*)stream, [=] {
    if (!lies_in(device_memory, to, bytes)) return (int)ILLEGAL_ADDRESS;
    memset((void*)to, value, bytes);
    return (int)OK;
  });
}
EXPORT int cuMemsetD8Async(uint64_t to, unsigned char value, size_t n, void* stream) {
  ENTER("cuMemsetAsync");
  return fill(to, value, n, stream);
}
EXPORT int cuMemsetD32Async(uint64_t to, unsigned value, size_t n, void* stream) {
  ENTER("cuMemsetAsync");
  return to % 4 || value ? INVALID_VALUE : fill(to, 0, 4 * n, stream);
}

EXPORT int cuStreamCreate(void** stream, unsigned flags) {
  ENTER("cuStreamCreate");
  *stream = new Stream();
  return flags == 1 ? OK : INVALID_VALUE;  // non-blocking
}
EXPORT int cuStreamDestroy_v2(void* stream) {
  ENTER("cuStreamDestroy");
  delete (Stream*)stream;
  return OK;
}
EXPORT int cuStreamSynchronize(void* stream) {
  ENTER("cuStreamSynchronize");
  return synchronize((Stream*)stream);
}
EXPORT int cuStreamBeginCapture_v2(void* stream, int) {
  ENTER("cuStreamBeginCapture");
  Stream* s = (Stream*)stream;
  if (s->capturing) return CAPTURING;
  s->capturing = new Graph();
  s->by = std::this_thread::get_id();
  return OK;
}
EXPORT int cuStreamEndCapture(void* stream, void** graph) {
  ENTER("cuStreamEndCapture");
  Stream* s = (Stream*)stream;
  if (!s->capturing || s->by != std::this_thread::get_id()) return INVALID_VALUE;
  *graph = s->capturing;
  s->capturing = nullptr;
  return OK;
}
EXPORT int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
  ENTER("cuGraphInstantiate");
  *executable = new Graph(*(Graph*)graph);
  return OK;
}
EXPORT int cuGraphDestroy(void* graph) {
  LOCK;
  delete (Graph*)graph;
  return OK;
}
EXPORT int cuGraphExecDestroy(void* graph) {
  LOCK;
  delete (Graph*)graph;
  return OK;
}
EXPORT int cuGraphLaunch(void* graph, void* stream) {
  ENTER("cuGraphLaunch");
  Stream* s = (Stream*)stream;
  for (auto& c : ((Graph*)graph)->commands) {
    if (int code = queue(s, c)) return code;
  }
  return OK;
}

EXPORT int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* stream,
                          void** parameters, void** extra) {
  ENTER("cuLaunchKernel");
  Kernel* k = (Kernel*)function;
  if (!gx || !gy || !gz || gx > 0x7fffffff || gy > 65535 || gz > 65535 || by != 1 || bz != 1 || extra) return INVALID_VALUE;
  if ((int)bx != emulation().threads(k->number) || (int)shared > k->shared) return INVALID_VALUE;
  const char* first = (const char*)parameters[0];
  // A copy whose address is a multiple of 16, as the structure may need.
  size_t bytes = emulation().arguments(k->number);
  std::vector<double> arguments((bytes + 15) / 16 * 2 + 2);
  memcpy(arguments.data(), first, bytes);
  int number = k->number;
  unsigned workers = std::max(1u, std::thread::hardware_concurrency());
  return queue((Stream*)stream, [=] { return emulation().launch(number, gx, gy, gz, shared, arguments.data(), workers) ? (int)LAUNCH_FAILED : (int)OK; });
}
