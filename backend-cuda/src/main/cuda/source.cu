// Tensors made of nothing.
#pragma once
#include "kernel.cuh"

struct FillArgs {
  void* y;
  long long n;
  int bytes;      // of an element: 1, 2 or 4
  unsigned bits;  // of the value
};

// y[i] = value.
FLAT_KERNEL(fill, FillArgs, 256) {
  for (long long i = global_thread(); i < a.n; i += global_threads()) {
    if (a.bytes == 4) {
      ((unsigned*)a.y)[i] = a.bits;
    } else if (a.bytes == 2) {
      ((unsigned short*)a.y)[i] = (unsigned short)a.bits;
    } else {
      ((unsigned char*)a.y)[i] = (unsigned char)a.bits;
    }
  }
}

struct IotaArgs {
  void* y;
  long long n, stride;
  int size, type;
};

// y[i] = (i / stride) % size: the index along an axis.
FLAT_KERNEL(iota, IotaArgs, 256) {
  for (long long i = global_thread(); i < a.n; i += global_threads()) {
    int v = (int)(i / a.stride % a.size);
    if (a.type == F32) {
      ((float*)a.y)[i] = (float)v;
    } else if (a.type == F16) {
      ((__half*)a.y)[i] = __float2half((float)v);
    } else if (a.type == I32) {
      ((int*)a.y)[i] = v;
    } else {
      ((unsigned char*)a.y)[i] = (unsigned char)v;
    }
  }
}
