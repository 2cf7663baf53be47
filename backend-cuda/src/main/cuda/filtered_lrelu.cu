// filtered_lrelu and signed_filter for filters along the axes with 6 taps for each step of a factor.
#pragma once
#include "filter_march.cuh"

#define FILTER_MARCH(name, up, down, shift, mode) \
  KERNEL(name, FilterArgs, COLUMNS) { filter_march<up, down, shift, mode>(a); }
#define FILTER_MARCHES(suffix, up, down, shift)                               \
  FILTER_MARCH(filtered_lrelu_##suffix, up, down, shift, ACTIVATE)            \
  FILTER_MARCH(filtered_lrelu_map_##suffix, up, down, shift, ACTIVATE_AND_MAP) \
  FILTER_MARCH(signed_filter_##suffix, up, down, shift, FOLLOW_MAP)

// Up, down, shift: those that the networks' layers and their gradients have.
FILTER_MARCHES(220, 2, 2, 0)
FILTER_MARCHES(421, 4, 2, 1)
FILTER_MARCH(signed_filter_241, 2, 4, 1, FOLLOW_MAP)
