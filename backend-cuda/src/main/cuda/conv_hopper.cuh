// Convolutions without stride on Hopper's tensor cores (wgmma). The product is that of conv_tile.cuh, turned: rows are pixels,
// columns output channels, the inner axis runs over blocks of input channels, and within them over the taps of the kernel.
//
// Pixels are walked over in strips, 8 or a multiple of 8 columns wide: the image is cut into strips, and these are laid one
// below the other, each with the rows that its taps reach beyond it, as one tall image. A tile is some rows of that; so small
// images fill tiles as well as large ones, and an image whose rows were joined to one is strips of one row.
//
// In shared memory a patch of x is [unit of channels][pixel][16 bytes], 8 channels of f16 in a unit. Eight neighbours of a row
// are the 128 bytes that wgmma takes as a piece of a matrix; the next piece down is the next row of the patch, and a
// tap is another start. For f32 a unit is 4 channels, and high and low tf32 (split.cuh) are units of their own.
//
// A block has three groups of four warps, each with its own loop over what the block computes, bound to the others by
// barriers alone, so that the next tile is fetched while the last one is stored:
//   the first fetches. Three warps stage x: load, multiply by styles, store. One thread of the fourth has weights copied in
//   bulk, a stage of one tap at a time; conv_pack_units has put them in that order.
//   the other two multiply, each M_TILES · 64 pixels by all N channels, with sums in registers, and store.
//
// x cannot be copied in bulk. A tensor map needs rows at multiples of 16 bytes, and rows of 36, 52, 84 … 1044 elements of f16
// are none; channels would have to be innermost as well, and styles to be multiplied in shared memory.
#pragma once
#include "conv_hopper_parts.cuh"
#include "ptx_sm90.cuh"

template <class T, int M_TILES, int N>
struct ConvHopper {
  static constexpr bool IS_HALF = sizeof(T) == 2;
  static constexpr int CHUNK = IS_HALF ? 64 : 16;        // channels of a stage or patch
  static constexpr int STEP = IS_HALF ? 16 : 8;          // channels of a wgmma
  static constexpr int STAGERS = 96, STAGERS_BARRIER = 1;
  static constexpr int STAGE_BYTES = N * HOPPER_UNITS * 16;
  static constexpr int PIXELS = 2 * M_TILES * 64;        // of a tile
  static constexpr int READERS = 8;                      // warps

  struct Header {
    uint64_t weights_full[HOPPER_STAGES], weights_free[HOPPER_STAGES], patch_full[2], patch_free[2];
    float factor[2];  // of styles, for the item whose first patch is in this place
    uint32_t largest[STAGERS / 32];
  };
  static_assert(sizeof(Header) <= HOPPER_HEADER, "room for barriers");

  const ConvHopperArgs& a;
  Header& head;
  unsigned char *stages, *patches;
  float* styles;
  int m_blocks;

  __device__ __forceinline__ ConvHopper(const ConvHopperArgs& args, unsigned char* shared)
      : a(args), head(*(Header*)shared), stages(shared + HOPPER_HEADER), patches(stages + HOPPER_STAGES * STAGE_BYTES) {
    styles = (float*)(patches + 2 * patch_bytes());
    m_blocks = (a.outputs + N - 1) / N;
  }
  __device__ __forceinline__ int patch_bytes() const { return HOPPER_UNITS * a.plane_bytes; }
  // wgmma's along the inner axis for a tap of a block of channels.
  __device__ __forceinline__ int steps(int chunk) const { return (min(CHUNK, a.inputs - chunk * CHUNK) + STEP - 1) / STEP; }

  struct Item {
    int m_block, first_row;  // of the tall image
    long long plane;
  };
  __device__ __forceinline__ Item item(long long number) const {
    long long tile = number / m_blocks, plane = tile / a.tiles;
    return {(int)(number - tile * m_blocks), (int)(tile - plane * a.tiles) * (PIXELS / a.strip), plane};
  }

  __device__ __forceinline__ void run() {
    if (threadIdx.x == 0) {
      for (int i = 0; i < HOPPER_STAGES; i++) {
        barrier_init(&head.weights_full[i], 1);
        barrier_init(&head.weights_free[i], READERS);
      }
      for (int i = 0; i < 2; i++) {
        barrier_init(&head.patch_full[i], STAGERS);
        barrier_init(&head.patch_free[i], READERS);
      }
      barriers_ready();
    }
    __syncthreads();
    if (threadIdx.x < 128) {
      fewer_registers<120>();
      if (threadIdx.x == STAGERS) {
        fetch_weights();
      } else if (threadIdx.x < STAGERS) {
        if constexpr (IS_HALF) {
          if (a.pixels == 8) {
            stage<8>();
          } else if (a.pixels == 2) {
            stage<2>();
          } else {
            stage<1>();
          }
        } else {
          stage<1>();
        }
      }
    } else {
      more_registers<192>();
      multiply();
    }
  }

  __device__ __forceinline__ void fetch_weights() const {
    int pieces = (a.outputs + 7) / 8;  // of 8 channels
    RingTurn<HOPPER_STAGES> turn;
    for (long long i = blockIdx.x; i < a.items; i += gridDim.x) {
      Item at = item(i);
      int first = at.m_block * (N / 8), count = min(N / 8, pieces - first);
      const unsigned char* from = a.w + ((at.plane % a.groups) * a.chunks * a.taps * pieces + first) * (HOPPER_UNITS * 128);
      for (int stage = 0; stage < a.chunks * a.taps; stage++) {
        barrier_wait(&head.weights_free[turn.place], turn.parity ^ 1);
        uint64_t* full = &head.weights_full[turn.place];
        barrier_arrive_expecting(full, count * (HOPPER_UNITS * 128));
        copy_bulk(stages + turn.place * STAGE_BYTES, from, count * (HOPPER_UNITS * 128), full);
        from += (long long)pieces * (HOPPER_UNITS * 128);
        turn.advance();
      }
    }
  }

  // Loads of a patch by AT_A_TIME neighbours. Neighbouring threads have neighbouring units, so that what they store lies in
  // different banks: planes of units are 16 bytes longer than a multiple of 128.
  template <int AT_A_TIME>
  __device__ __forceinline__ void stage() {
    using Part = Portion<T, AT_A_TIME>;
    constexpr int AT_ONCE = AT_A_TIME == 8 ? 2 : 4;  // on their way
    int thread = threadIdx.x;
    long long plane = (long long)a.height * a.width, styled = -1;
    float factor = 1;
    RingTurn<2> turn;
    for (long long i = blockIdx.x; i < a.items; i += gridDim.x) {
      Item at = item(i);
      if (a.styles && styled != at.plane) {
        meet_some<STAGERS_BARRIER, STAGERS>();
        factor = stage_styles<IS_HALF, STAGERS>(a.styles, a.weight_type, at.plane * a.inputs, a.inputs, a.chunks * CHUNK, styles,
                                                head.largest, thread, [] { meet_some<STAGERS_BARRIER, STAGERS>(); });
        styled = at.plane;
      }
      const T* image = (const T*)a.x + at.plane * a.inputs * plane;
      for (int chunk = 0; chunk < a.chunks; chunk++) {
        int units = AT_A_TIME == 8 ? HOPPER_UNITS : steps(chunk) * 2;
        int loads = a.by_unit.divisor * units;
        unsigned char* patch = patches + turn.place * patch_bytes();
        Part parts[AT_ONCE];
        int number = thread;
        fetch<AT_A_TIME>(parts, image, plane, chunk, number, loads, at.first_row);
        barrier_wait(&head.patch_free[turn.place], turn.parity ^ 1);
        for (;;) {
          put<AT_A_TIME>(parts, patch, chunk, number, loads);
          number += AT_ONCE * STAGERS;
          if (number >= loads) break;
          fetch<AT_A_TIME>(parts, image, plane, chunk, number, loads, at.first_row);
        }
        if (chunk == 0 && thread == 0) head.factor[turn.place] = factor;
        barrier_arrive_with_writes(&head.patch_full[turn.place]);
        turn.advance();
      }
    }
  }
  struct Place {
    int unit, position;
  };
  template <int AT_A_TIME>
  __device__ __forceinline__ Place place(int number) const {
    int rest = number / AT_A_TIME, group = divide(rest, a.by_unit);
    return {group * AT_A_TIME + number % AT_A_TIME, rest - group * (int)a.by_unit.divisor};
  }
  template <int AT_A_TIME, int AT_ONCE>
  __device__ __forceinline__ void fetch(Portion<T, AT_A_TIME> (&parts)[AT_ONCE], const T* image, long long plane, int chunk,
                                        int number, int loads, int first_row) const {
#pragma unroll
    for (int p = 0; p < AT_ONCE; p++, number += STAGERS) {
      Place at = place<AT_A_TIME>(number);
      int patch_row = divide(at.position, a.by_columns);
      int column = (at.position - patch_row * (int)a.by_columns.divisor) * AT_A_TIME;
      int tall = first_row + patch_row, strip = divide(tall, a.by_length);
      int h = tall - strip * (int)a.by_length.divisor + a.origin_y, w = strip * a.strip + column + a.origin_x;
      int channel = chunk * CHUNK + at.unit * Portion<T, AT_A_TIME>::CHANNELS;
      bool valid = number < loads && h >= 0 && h < a.height && w >= 0 && w < a.width;
      parts[p].load(image + channel * plane + (long long)h * a.width + w, plane, a.inputs - channel, valid);
    }
  }
  template <int AT_A_TIME, int AT_ONCE>
  __device__ __forceinline__ void put(const Portion<T, AT_A_TIME> (&parts)[AT_ONCE], unsigned char* patch, int chunk, int number,
                                      int loads) const {
#pragma unroll
    for (int p = 0; p < AT_ONCE; p++, number += STAGERS) {
      if (number < loads) {
        Place at = place<AT_A_TIME>(number);
        const float* factors = a.styles ? styles + chunk * CHUNK + at.unit * Portion<T, AT_A_TIME>::CHANNELS : nullptr;
        parts[p].store(patch + at.unit * a.plane_bytes + at.position * AT_A_TIME * 16, 16, 4 * a.plane_bytes, factors);
      }
    }
  }

  __device__ __forceinline__ void multiply() const {
    int lane = threadIdx.x % 32, group = threadIdx.x / 128 - 1;
    uint32_t places[M_TILES];  // where tiles of 64 pixels lie in the patch, over 16 bytes
#pragma unroll
    for (int m = 0; m < M_TILES; m++) {
      int tile = group * M_TILES + m, across = a.strip / 8;
      places[m] = tile / across * 8 * a.patch_columns + tile % across * 8;
    }
    const uint64_t weights_first = wgmma_matrix(stages, 128, HOPPER_UNITS * 128);
    const uint64_t patch_first = wgmma_matrix(patches, a.plane_bytes, a.patch_columns * 16);
    const uint32_t step = 2 * a.plane_bytes / 16;  // from one wgmma to the next in the patch
    RingTurn<HOPPER_STAGES> stage;
    RingTurn<2> patch;
    for (long long i = blockIdx.x; i < a.items; i += gridDim.x) {
      float sum[M_TILES][N / 2];
#pragma unroll
      for (int m = 0; m < M_TILES; m++) {
#pragma unroll
        for (int j = 0; j < N / 2; j++) sum[m][j] = 0;
        wgmma_settle(sum[m]);
      }
      float factor = 1;
      for (int chunk = 0; chunk < a.chunks; chunk++) {
        barrier_wait(&head.patch_full[patch.place], patch.parity);
        if (chunk == 0) factor = head.factor[patch.place];
        uint64_t x = patch_first + patch.place * (uint32_t)(patch_bytes() / 16);
        int count = steps(chunk);
        for (int tap = 0; tap < a.taps; tap++) {
          barrier_wait(&head.weights_full[stage.place], stage.parity);
          uint64_t w = weights_first + stage.place * (STAGE_BYTES / 16), moved = x + a.tap[tap] / 16;
          wgmma_fence();
          if (count == CHUNK / STEP) {
#pragma unroll
            for (int k = 0; k < CHUNK / STEP; k++) add(sum, moved + k * step, places, w + k * (2 * 128 / 16));
          } else {
#pragma unroll 1
            for (int k = 0; k < count; k++) add(sum, moved + k * step, places, w + k * (2 * 128 / 16));
          }
          wgmma_commit();
          wgmma_wait<1>();
          // All but this tap's are done: what they read is free.
          if (lane == 0 && (chunk | tap) != 0) {
            barrier_arrive(&head.weights_free[(stage.place + HOPPER_STAGES - 1) % HOPPER_STAGES]);
            if (tap == 0) barrier_arrive(&head.patch_free[patch.place ^ 1]);
          }
          stage.advance();
        }
        patch.advance();
      }
      wgmma_wait<0>();
#pragma unroll
      for (int m = 0; m < M_TILES; m++) wgmma_settle(sum[m]);
      if (lane == 0) {
        barrier_arrive(&head.weights_free[(stage.place + HOPPER_STAGES - 1) % HOPPER_STAGES]);
        barrier_arrive(&head.patch_free[patch.place ^ 1]);
      }
      store(sum, item(i), group, factor);
    }
  }

  __device__ __forceinline__ void add(float (&sum)[M_TILES][N / 2], uint64_t x, const uint32_t (&places)[M_TILES], uint64_t w) const {
#pragma unroll
    for (int m = 0; m < M_TILES; m++) {
      if constexpr (IS_HALF) {
        wgmma_f16(sum[m], x + places[m], w);
      } else {  // units of low parts lie 4 behind those of high ones
        uint64_t x_low = x + 4 * a.plane_bytes / 16, w_low = w + 4 * 128 / 16;
        wgmma_tf32(sum[m], x_low + places[m], w);
        wgmma_tf32(sum[m], x + places[m], w_low);
        wgmma_tf32(sum[m], x + places[m], w);
      }
    }
  }

  // A lane has two channels of a pixel; it gives one to the lane that has the pixel's neighbour, and stores two neighbours.
  __device__ __forceinline__ void store(const float (&sum)[M_TILES][N / 2], const Item& item, int group, float factor) const {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32 % 4;
    int first_output = (int)(item.plane % a.groups) * a.outputs;
    bool odd = lane / 4 % 2;
    long long plane = (long long)a.y_height * a.y_width;
    int across = a.strip / 8;
#pragma unroll
    for (int m = 0; m < M_TILES; m++) {
      int tile = group * M_TILES + m;
      int at[2][2];
      bool in[2][2];
#pragma unroll
      for (int side = 0; side < 2; side++) {
        int tall = item.first_row + tile / across * 8 + warp * 2 + side, strip = divide(tall, a.by_length);
        int row = tall - strip * (int)a.by_length.divisor;
#pragma unroll
        for (int q = 0; q < 2; q++) {
          int column = strip * a.strip + tile % across * 8 + lane / 8 * 2 + q;
          in[side][q] = row < a.rows && column < a.columns;
          at[side][q] = (row * a.y_row_step + a.y_row) * a.y_width + column * a.y_column_step + a.y_column;
        }
      }
#pragma unroll
      for (int n = 0; n < N / 8; n++) {
        int channel = item.m_block * N + n * 8 + lane % 4 * 2 + odd;
        bool there = channel < a.outputs;
        long long output = item.plane * a.outputs + channel;
        ResultScale scale = {1, 1, factor};
        if (there && a.weight_scales) scale.weight = a.weight_scales[first_output + channel];
        if (there && a.scales) scale.output = number_of(a.scales, a.weight_type, output);
#pragma unroll
        for (int side = 0; side < 2; side++) {
          float first = sum[m][4 * n + 2 * side], second = sum[m][4 * n + 2 * side + 1];
          float got = __shfl_xor_sync(~0u, odd ? first : second, 4);
          float v[2] = {scale.apply(odd ? got : first), scale.apply(odd ? second : got)};
          if (there) store_two((T*)a.y + output * plane, at[side], in[side], v);
        }
      }
    }
  }
};
