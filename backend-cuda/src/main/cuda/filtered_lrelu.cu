// filtered_lrelu and signed_filter for filters along the axes with 6 taps for each step of a factor.
#pragma once
#include "filter_march.cuh"

#define FILTER_MARCH(blocks, name, up, down, shift, mode) \
  KERNEL_SHARED_BY(blocks, name, FilterArgs, COLUMNS) { filter_march<up, down, shift, mode>(a); }

// Blocks of a multiprocessor, as many as spill no registers; name; up, down, shift: those that the networks' layers and their
// gradients have.
FILTER_MARCH(7, filtered_lrelu_220, 2, 2, 0, ACTIVATE)
FILTER_MARCH(7, filtered_lrelu_map_220, 2, 2, 0, ACTIVATE_AND_MAP)
FILTER_MARCH(4, signed_filter_220, 2, 2, 0, FOLLOW_MAP)
FILTER_MARCH(7, filtered_lrelu_421, 4, 2, 1, ACTIVATE)
FILTER_MARCH(7, filtered_lrelu_map_421, 4, 2, 1, ACTIVATE_AND_MAP)
FILTER_MARCH(5, signed_filter_421, 4, 2, 1, FOLLOW_MAP)
FILTER_MARCH(4, signed_filter_241, 2, 4, 1, FOLLOW_MAP)
