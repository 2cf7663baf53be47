// Elements that are copied to other places, whatever their type.
//
// A unit is 1 to 16 bytes: an element, or neighbours that stay neighbours. Along each axis source and target go on by
// strides, in units.
#pragma once
#include "index.cuh"

struct MoveAxis {
  long long from, to;    // strides of the source and of the target
  unsigned first, end;   // indices at which the source has something; zeros elsewhere
};
struct MoveArgs {
  const void* x;  // where index 0 of all axes would lie, even if there is nothing
  void* y;
  MoveAxis axes[8];
  Divisor sizes[8];
  int rank;
  unsigned n;  // units
};

// y[Σ iₖ·toₖ] = x[Σ iₖ·fromₖ], or 0.
template <class Unit>
__device__ __forceinline__ void move(const MoveArgs& a) {
  unsigned index = (unsigned)global_thread();
  if (index >= a.n) return;
  unsigned at[8];
  split(index, a.sizes, a.rank, at);
  long long from = 0, to = 0;
  bool inside = true;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    if (k < a.rank) {
      from += at[k] * a.axes[k].from;
      to += at[k] * a.axes[k].to;
      inside = inside && at[k] >= a.axes[k].first && at[k] < a.axes[k].end;
    }
  }
  Unit v = {};
  if (inside) v = ((const Unit*)a.x)[from];
  ((Unit*)a.y)[to] = v;
}
FLAT_KERNEL(move_1, MoveArgs, 256) { move<unsigned char>(a); }
FLAT_KERNEL(move_2, MoveArgs, 256) { move<unsigned short>(a); }
FLAT_KERNEL(move_4, MoveArgs, 256) { move<unsigned>(a); }
FLAT_KERNEL(move_8, MoveArgs, 256) { move<uint2>(a); }
FLAT_KERNEL(move_16, MoveArgs, 256) { move<uint4>(a); }

struct ReflectArgs {
  const void* x;
  void* y;
  long long strides[8];  // of x
  Divisor sizes[8];      // of y
  int before[8], last[8];  // elements added at the start of each axis, and the last index in x
  int rank;
  unsigned n;
};

// y[i] = x[i − before], mirrored about the first and the last element of each axis.
template <class Unit>
__device__ __forceinline__ void reflect(const ReflectArgs& a) {
  unsigned index = (unsigned)global_thread();
  if (index >= a.n) return;
  unsigned at[8];
  split(index, a.sizes, a.rank, at);
  long long from = 0;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    if (k < a.rank) {
      int i = (int)at[k] - a.before[k];
      i = i < 0 ? -i : i;
      i = i > a.last[k] ? 2 * a.last[k] - i : i;
      from += i * a.strides[k];
    }
  }
  ((Unit*)a.y)[index] = ((const Unit*)a.x)[from];
}
FLAT_KERNEL(reflect_1, ReflectArgs, 256) { reflect<unsigned char>(a); }
FLAT_KERNEL(reflect_2, ReflectArgs, 256) { reflect<unsigned short>(a); }
FLAT_KERNEL(reflect_4, ReflectArgs, 256) { reflect<unsigned>(a); }
FLAT_KERNEL(reflect_8, ReflectArgs, 256) { reflect<uint2>(a); }
FLAT_KERNEL(reflect_16, ReflectArgs, 256) { reflect<uint4>(a); }
