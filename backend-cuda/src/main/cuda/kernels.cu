// All kernels that any GPU of compute capability 8.0 can run.
#include "kernel.cuh"
#include "source.cu"
