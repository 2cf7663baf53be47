// filtered_lrelu and signed_filter where the filter of factor 2 down, or in gradients up, has two axes.
#pragma once
#include "filter_flat.cuh"

// Up, down, shift: those that the networks' layers and their gradients have. Blocks of a multiprocessor are given where the
// compiler would else spill registers for more of them, or leave room for fewer.
KERNEL_SHARED_BY(3, filtered_lrelu_flat_down_220, FilterArgs, COLUMNS) { filter_flat_down<2, 0, ACTIVATE>(a); }
KERNEL_SHARED_BY(4, filtered_lrelu_map_flat_down_220, FilterArgs, COLUMNS) { filter_flat_down<2, 0, ACTIVATE_AND_MAP>(a); }
KERNEL_SHARED_BY(3, signed_filter_flat_down_220, FilterArgs, COLUMNS) { filter_flat_down<2, 0, FOLLOW_MAP>(a); }
KERNEL(filtered_lrelu_flat_down_421, FilterArgs, COLUMNS) { filter_flat_down<4, 1, ACTIVATE>(a); }
KERNEL(filtered_lrelu_map_flat_down_421, FilterArgs, COLUMNS) { filter_flat_down<4, 1, ACTIVATE_AND_MAP>(a); }
KERNEL_SHARED_BY(3, signed_filter_flat_down_421, FilterArgs, COLUMNS) { filter_flat_down<4, 1, FOLLOW_MAP>(a); }
KERNEL_SHARED_BY(4, signed_filter_flat_up_220, FilterArgs, COLUMNS) { filter_flat_up<2, 0, FOLLOW_MAP>(a); }
KERNEL_SHARED_BY(4, signed_filter_flat_up_241, FilterArgs, COLUMNS) { filter_flat_up<4, 1, FOLLOW_MAP>(a); }
