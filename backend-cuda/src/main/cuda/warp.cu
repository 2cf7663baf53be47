// The affine warp of augmentation, y = D S U x for each plane, and its adjoint. U mirrors the image beyond its borders and
// up-samples it by 2, S samples that bilinearly at the mapped points, D filters the points and keeps every second. Here are S U
// in one kernel, S^T, and U^T along an axis; D and D^T are upfirdn's. All maps depend on margins that only the device knows.
#pragma once
#include "images.cuh"

struct WarpArgs {
  void* x;                // images, or their gradient
  float* points;          // [planes, points_y, points_x]
  float* samples;         // [planes, 6 height - 4, 6 width - 4]: of the up-sampled image, with room for the widest margins
  float* lines;           // [planes, 6 height - 4, width]: samples that were taken back along x
  const float* inverse;   // [images, 2, 3]
  const int* margins;     // left, top, right, bottom
  const float* filter;
  int taps, type, first_image, images, channels, height, width, points_y, points_x;
};

// One axis of the up-sampled image. A margin is kept to what an image can be mirrored by, as a kernel cannot complain.
struct WarpAxis {
  int size, before, after, samples, taps, reach;
  const float* filter;
  __device__ __forceinline__ WarpAxis(const WarpArgs& a, int axis)
      : size(axis ? a.height : a.width),
        before(max(0, min(a.margins[axis], size - 1))),
        after(max(0, min(a.margins[axis + 2], size - 1))),
        samples(2 * (before + size + after)),
        taps(a.taps),
        reach((a.taps + 1) / 2),
        filter(a.filter) {}
  // The pixel under pixel i of the mirrored image, both counted from the image's first.
  __device__ __forceinline__ int reflected(int i) const {
    int mirrored = abs(i);
    return min(mirrored, 2 * (size - 1) - mirrored);
  }
  // The first and the last pixel of the mirrored image, counted from its own first, under a tap at sample s or s + 1.
  __device__ __forceinline__ int first_pixel(int s) const { return max(0, (s - reach + 1) >> 1); }
  __device__ __forceinline__ int last_pixel(int s) const { return min(samples / 2 - 1, (s + taps - reach) >> 1); }
  // The weight of such a pixel at a position between samples s and s + 1.
  __device__ __forceinline__ float weight(int pixel, int s, float fraction) const {
    int k = 2 * pixel - s + reach;
    float w = 0.0f;
    if (s >= 0 && k >= 0 && k < taps) w = (1.0f - fraction) * filter[taps - 1 - k];
    if (s + 1 < samples && k >= 1 && k <= taps) w += fraction * filter[taps - k];
    return 2.0f * w;
  }
};

// Where points lie along one axis of the up-sampled image: start + along_x * column + along_y * row.
struct WarpLine {
  float along_x, along_y, shift, first_x, first_y, origin;
  __device__ __forceinline__ WarpLine(const WarpArgs& a, const WarpAxis& axis, int image, int number)
      : along_x(a.inverse[(image * 2 + number) * 3]),
        along_y(a.inverse[(image * 2 + number) * 3 + 1]),
        shift(a.inverse[(image * 2 + number) * 3 + 2]),
        first_x((1.0f - (a.points_x - 1)) * 0.5f),
        first_y((1.0f - (a.points_y - 1)) * 0.5f),
        origin((float)(axis.size - 1 + 2 * axis.before)) {}
  // Twice the distance from the centre, mapped. Said in full, so that all kernels round alike.
  __device__ __forceinline__ float at(int column, int row) const {
    float mapped = fmaf(along_x, first_x + column, fmaf(along_y, first_y + row, 2.0f * shift));
    return __fadd_rn(mapped, origin);
  }
  __device__ __forceinline__ float start() const { return fmaf(along_x, first_x, fmaf(along_y, first_y, 2.0f * shift)) + origin; }
};

// Whether a sample beside a position may exist; not so for NaN.
__device__ __forceinline__ bool is_near(float position, int samples) { return position >= -1.0f && position < (float)samples; }

// points = S U x. A thread makes a point of all channels of an image.
FLAT_KERNEL(warp_points, WarpArgs, 256) {
  constexpr int MOST = 7;  // pixels under a filter of 12 taps
  int point = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  int per_plane = a.points_y * a.points_x;
  if (point >= per_plane) return;
  WarpAxis x(a, 0), y(a, 1);
  for (int image = (int)blockIdx.y; image < a.images; image += (int)gridDim.y) {
    float px = WarpLine(a, x, a.first_image + image, 0).at(point % a.points_x, point / a.points_x);
    float py = WarpLine(a, y, a.first_image + image, 1).at(point % a.points_x, point / a.points_x);
    float* to = a.points + (long long)image * a.channels * per_plane + point;
    bool seen = is_near(px, x.samples) && is_near(py, y.samples);
    int sx = seen ? (int)floorf(px) : 0, sy = seen ? (int)floorf(py) : 0;
    int last_x = seen ? x.last_pixel(sx) : -1, first_y = y.first_pixel(sy), last_y = y.last_pixel(sy);
    for (int c = 0; c < a.channels; c++) to[(long long)c * per_plane] = 0.0f;
    for (int part = x.first_pixel(sx); part <= last_x; part += MOST) {
      float weights[MOST];
      int columns[MOST];
#pragma unroll
      for (int k = 0; k < MOST; k++) {
        weights[k] = part + k <= last_x ? x.weight(part + k, sx, px - sx) : 0.0f;
        columns[k] = part + k <= last_x ? x.reflected(part + k - x.before) : -1;
      }
      for (int c = 0; c < a.channels; c++) {
        long long plane = ((long long)image * a.channels + c) * a.height * a.width;
        float sum = 0.0f;
        for (int r = first_y; r <= last_y; r++) {
          long long line = plane + (long long)y.reflected(r - y.before) * a.width;
          float of_line = 0.0f;
#pragma unroll
          for (int k = 0; k < MOST; k++) {
            if (columns[k] >= 0) of_line += weights[k] * load_element(a.x, line + columns[k], a.type);
          }
          sum += y.weight(r, sy, py - sy) * of_line;
        }
        to[(long long)c * per_plane] += sum;
      }
    }
  }
}

// The points of a line within reach of a sample: from ... to - 1.
struct PointRange {
  int from, to;
  // Those with |start + step * i| <= reach, and maybe more.
  __device__ __forceinline__ PointRange(float start, float step, float reach, int points) : from(0), to(points) {
    if (fabsf(step) < 1e-12f) {
      if (!(fabsf(start) <= reach + 1.0f)) to = 0;
    } else {
      between((-reach - start) / step, (reach - start) / step);
    }
  }
  __device__ __forceinline__ void between(float a, float b) {
    float first = floorf(fminf(a, b)), last = ceilf(fmaxf(a, b)), limit = (float)to;
    from = (int)fminf(fmaxf(first, (float)from), limit);
    to = (int)fmaxf(fminf(last + 1.0f, limit), 0.0f);
  }
};

// samples = S^T points. A thread makes a sample of four channels of an image. Which points have a share in it the inverse of
// the map tells, roughly; the share of each is computed as warp_points does.
FLAT_KERNEL(warp_samples, WarpArgs, 256) {
  constexpr int CHANNELS = 4;
  int room_x = 6 * a.width - 4, room_y = 6 * a.height - 4;
  int sample = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  WarpAxis x(a, 0), y(a, 1);
  int sx = sample % room_x, sy = sample / room_x;
  if (sx >= x.samples || sy >= y.samples) return;
  int per_plane = a.points_y * a.points_x;
  int groups = (a.channels + CHANNELS - 1) / CHANNELS;
  for (int item = (int)blockIdx.y; item < a.images * groups; item += (int)gridDim.y) {
    int image = item / groups, channel = item % groups * CHANNELS;
    int count = min(CHANNELS, a.channels - channel);
    WarpLine to_x(a, x, a.first_image + image, 0), to_y(a, y, a.first_image + image, 1);
    long long plane = (long long)image * a.channels + channel;
    float sums[CHANNELS] = {0.0f, 0.0f, 0.0f, 0.0f};
    float start_x = to_x.start() - sx, start_y = to_y.start() - sy;
    float size_x = fabsf(to_x.along_x) * a.points_x + fabsf(to_x.along_y) * a.points_y + fabsf(to_x.start());
    float size_y = fabsf(to_y.along_x) * a.points_x + fabsf(to_y.along_y) * a.points_y + fabsf(to_y.start());
    float reach_x = 1.01f + 2e-6f * size_x, reach_y = 1.01f + 2e-6f * size_y;  // for what rounding does to positions
    float determinant = to_x.along_x * to_y.along_y - to_x.along_y * to_y.along_x;
    PointRange rows(0.0f, 0.0f, 0.0f, a.points_y);
    float norms = (fabsf(to_x.along_x) + fabsf(to_x.along_y)) * (fabsf(to_y.along_x) + fabsf(to_y.along_y));
    if (fabsf(determinant) > 1e-3f * norms) {
      float row = (to_y.along_x * start_x - to_x.along_x * start_y) / determinant;
      float around = (fabsf(to_y.along_x) * reach_x + fabsf(to_x.along_x) * reach_y) / fabsf(determinant) + 2.0f;
      rows.between(row - around, row + around);
    }
    for (int row = rows.from; row < rows.to; row++) {
      PointRange columns(start_x + to_x.along_y * row, to_x.along_x, reach_x, a.points_x);
      PointRange also(start_y + to_y.along_y * row, to_y.along_x, reach_y, a.points_x);
      for (int column = max(columns.from, also.from); column < min(columns.to, also.to); column++) {
        float px = to_x.at(column, row), py = to_y.at(column, row);
        if (!is_near(px, x.samples) || !is_near(py, y.samples)) continue;
        int left = (int)floorf(px), top = (int)floorf(py);
        if ((unsigned)(sx - left) > 1u || (unsigned)(sy - top) > 1u) continue;
        float weight = (sx == left ? 1.0f - (px - left) : px - left) * (sy == top ? 1.0f - (py - top) : py - top);
        const float* from = a.points + plane * per_plane + (long long)row * a.points_x + column;
#pragma unroll
        for (int c = 0; c < CHANNELS; c++) {
          if (c < count) sums[c] += weight * from[(long long)c * per_plane];
        }
      }
    }
#pragma unroll
    for (int c = 0; c < CHANNELS; c++) {
      if (c < count) a.samples[((plane + c) * room_y + sy) * room_x + sx] = sums[c];
    }
  }
}

// Pixel i of a line of samples that lie `stride` apart: the sum over the places where the mirrored image shows it.
__device__ __forceinline__ float taken_back(const WarpAxis& axis, const float* samples, long long stride, int i) {
  float sum = 0.0f;
  for (int copy = 0; copy < 3; copy++) {
    int j = axis.before + (copy == 0 ? i : copy == 1 ? -i : 2 * (axis.size - 1) - i);
    bool shown = copy == 0 || (copy == 1 && i > 0 && j >= 0) || (copy == 2 && i < axis.size - 1 && j < axis.samples / 2);
    if (!shown) continue;
    int end = 2 * j + axis.reach;  // the sample under the last tap
    int from = max(0, end - axis.samples + 1), to = min(axis.taps - 1, end);
    for (int k = from; k <= to; k++) sum += axis.filter[axis.taps - 1 - k] * samples[(long long)(end - k) * stride];
  }
  return 2.0f * sum;
}

// lines = samples taken back along x.
FLAT_KERNEL(warp_back_along_x, WarpArgs, 256) {
  int item = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  WarpAxis x(a, 0), y(a, 1);
  int row = item / a.width;
  if (row >= y.samples) return;
  int room_x = 6 * a.width - 4, room_y = 6 * a.height - 4;
  for (int plane = (int)blockIdx.y; plane < a.images * a.channels; plane += (int)gridDim.y) {
    long long line = (long long)plane * room_y + row;
    a.lines[line * a.width + item % a.width] = taken_back(x, a.samples + line * room_x, 1, item % a.width);
  }
}

// x = lines taken back along y.
FLAT_KERNEL(warp_back_along_y, WarpArgs, 256) {
  int item = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (item >= a.height * a.width) return;
  WarpAxis y(a, 1);
  int room_y = 6 * a.height - 4;
  for (int plane = (int)blockIdx.y; plane < a.images * a.channels; plane += (int)gridDim.y) {
    const float* from = a.lines + (long long)plane * room_y * a.width + item % a.width;
    store_element(a.x, (long long)plane * a.height * a.width + item, a.type, taken_back(y, from, a.width, item / a.width));
  }
}
