// The functions of single elements that chains are made of.
#pragma once
#include "index.cuh"

// What a step does. The first 15 are numbered as Elementwise.UnaryFunction. ElementwiseStep.java has the same list. Words
// are floats in the first two groups and integers in the third.
enum StepCode : int {
  STEP_NEG, STEP_ABS, STEP_SIGN, STEP_EXP, STEP_EXPM1, STEP_LOG, STEP_LOG1P, STEP_SIN, STEP_COS, STEP_TANH, STEP_SQRT,
  STEP_RSQRT, STEP_RECIPROCAL, STEP_FLOOR, STEP_ROUND,
  // v is what the chain has computed, w the operand
  STEP_ADD, STEP_SUB, STEP_SUB_FROM, STEP_MUL, STEP_DIV, STEP_DIV_INTO, STEP_MIN, STEP_MAX, STEP_LT, STEP_GT, STEP_LE,
  STEP_GE, STEP_EQ, STEP_NE,
  STEP_INT_NEG, STEP_INT_ABS, STEP_INT_ADD, STEP_INT_SUB, STEP_INT_SUB_FROM, STEP_INT_MUL, STEP_INT_DIV, STEP_INT_DIV_INTO,
  STEP_INT_MIN, STEP_INT_MAX, STEP_INT_LT, STEP_INT_GT, STEP_INT_LE, STEP_INT_GE, STEP_INT_EQ, STEP_INT_NE,
  // of mask, a and b, v is one; w and u are the others in this order
  STEP_SELECT_BY, STEP_SELECT_A, STEP_SELECT_B,
  // f32 to the nearest f16; between floats and integers; an integer's lowest byte
  STEP_TO_F16, STEP_TO_INT, STEP_TO_FLOAT, STEP_TO_BYTE
};

// The smaller, the larger; NaN if either is.
__device__ __forceinline__ float smaller(float a, float b) { return a < b || a != a ? a : b; }
__device__ __forceinline__ float larger(float a, float b) { return a > b || a != a ? a : b; }
// −1, 0 or 1; NaN and the zeros stay.
__device__ __forceinline__ float sign_of(float v) { return v > 0 ? 1.0f : v < 0 ? -1.0f : v; }
// Truncated; the nearest integer where there is none, 0 for NaN.
__device__ __forceinline__ int truncated(float v) {
  return v != v ? 0 : v >= 2147483648.0f ? 0x7fffffff : v <= -2147483648.0f ? (int)0x80000000 : (int)v;
}
// Truncated quotient; 0 where there is none, and the lowest integer over −1 stays what it is.
__device__ __forceinline__ int quotient(int a, int b) { return b == 0 ? 0 : b == -1 ? (int)(0u - (unsigned)a) : a / b; }
__device__ __forceinline__ int negated(int v) { return v == (int)0x80000000 ? 0x7fffffff : -v; }

// Each element on its own.
#define EACH(expression)                  \
  _Pragma("unroll") for (int i = 0; i < N; i++) { \
    expression;                           \
  }                                       \
  break
// y of floats x and z.
#define FLOATS(expression)                                                                      \
  EACH(float x = __uint_as_float(v[i]); float z = __uint_as_float(w[i]); (void)x; (void)z; v[i] = \
           __float_as_uint(expression))
#define INTS(expression) EACH(int x = (int)v[i]; int z = (int)w[i]; (void)x; (void)z; v[i] = (unsigned)(expression))
#define HOLDS_FLOATS(expression) EACH(float x = __uint_as_float(v[i]); float z = __uint_as_float(w[i]); v[i] = (expression) ? 1 : 0)

// The functions that take many instructions.
template <int N>
__device__ __forceinline__ void costly_step(int code, unsigned (&v)[N], const unsigned (&w)[N]) {
  switch (code) {
    case STEP_EXP: FLOATS(expf(x));
    case STEP_EXPM1: FLOATS(expm1f(x));
    case STEP_LOG: FLOATS(logf(x));
    case STEP_LOG1P: FLOATS(log1pf(x));
    case STEP_SIN: FLOATS(sinf(x));
    case STEP_COS: FLOATS(cosf(x));
    case STEP_TANH: FLOATS(tanhf(x));
    case STEP_INT_DIV: INTS(quotient(x, z));
    case STEP_INT_DIV_INTO: INTS(quotient(z, x));
    default: break;
  }
}

// v = f(v, w, u).
template <int N>
__device__ __forceinline__ void plain_step(int code, unsigned (&v)[N], const unsigned (&w)[N], const unsigned (&u)[N]) {
  switch (code) {
    case STEP_NEG: EACH(v[i] ^= 0x80000000u);
    case STEP_ABS: EACH(v[i] &= 0x7fffffffu);
    case STEP_SIGN: FLOATS(sign_of(x));
    case STEP_SQRT: FLOATS(sqrtf(x));
    case STEP_RSQRT: FLOATS(rsqrtf(x));
    case STEP_RECIPROCAL: FLOATS(1.0f / x);
    case STEP_FLOOR: FLOATS(floorf(x));
    case STEP_ROUND: FLOATS(rintf(x));
    case STEP_ADD: FLOATS(x + z);
    case STEP_SUB: FLOATS(x - z);
    case STEP_SUB_FROM: FLOATS(z - x);
    case STEP_MUL: FLOATS(x * z);
    case STEP_DIV: FLOATS(x / z);
    case STEP_DIV_INTO: FLOATS(z / x);
    case STEP_MIN: FLOATS(smaller(x, z));
    case STEP_MAX: FLOATS(larger(x, z));
    case STEP_LT: HOLDS_FLOATS(x < z);
    case STEP_GT: HOLDS_FLOATS(x > z);
    case STEP_LE: HOLDS_FLOATS(x <= z);
    case STEP_GE: HOLDS_FLOATS(x >= z);
    case STEP_EQ: HOLDS_FLOATS(x == z);
    case STEP_NE: HOLDS_FLOATS(x != z);
    case STEP_INT_NEG: INTS(negated(x));
    case STEP_INT_ABS: INTS(x < 0 ? negated(x) : x);
    case STEP_INT_ADD: EACH(v[i] += w[i]);
    case STEP_INT_SUB: EACH(v[i] -= w[i]);
    case STEP_INT_SUB_FROM: EACH(v[i] = w[i] - v[i]);
    case STEP_INT_MUL: EACH(v[i] *= w[i]);
    case STEP_INT_MIN: INTS(x < z ? x : z);
    case STEP_INT_MAX: INTS(x > z ? x : z);
    case STEP_INT_LT: INTS(x < z ? 1 : 0);
    case STEP_INT_GT: INTS(x > z ? 1 : 0);
    case STEP_INT_LE: INTS(x <= z ? 1 : 0);
    case STEP_INT_GE: INTS(x >= z ? 1 : 0);
    case STEP_INT_EQ: INTS(x == z ? 1 : 0);
    case STEP_INT_NE: INTS(x != z ? 1 : 0);
    case STEP_SELECT_BY: EACH(v[i] = v[i] ? w[i] : u[i]);
    case STEP_SELECT_A: EACH(v[i] = w[i] ? v[i] : u[i]);
    case STEP_SELECT_B: EACH(v[i] = w[i] ? u[i] : v[i]);
    case STEP_TO_F16: FLOATS(__half2float(__float2half(x)));
    case STEP_TO_INT: EACH(v[i] = (unsigned)truncated(__uint_as_float(v[i])));
    case STEP_TO_FLOAT: EACH(v[i] = __float_as_uint((float)(int)v[i]));
    case STEP_TO_BYTE: EACH(v[i] &= 0xffu);
    default: break;
  }
}
#undef HOLDS_FLOATS
#undef INTS
#undef FLOATS
#undef EACH
