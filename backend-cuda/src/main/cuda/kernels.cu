// All kernels that any GPU of compute capability 8.0 can run.
#include "kernel.cuh"
#include "source.cu"
#include "matmul_plain.cu"
#include "conv_plain.cu"
#include "elementwise.cu"
#include "movement.cu"
#include "movement_index.cu"
#include "movement_transpose.cu"
