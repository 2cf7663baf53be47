package org.aliasfree.op;

import java.util.List;
import org.aliasfree.tensor.TensorType;

/**
 * One operation of the closed set that networks, losses and their gradients are made of. An op is a
 * record: its components are its attributes, its inputs are given when it is applied, and equal ops
 * on equal inputs are the same computation.
 *
 * <p>What an op means is its definition in {@code org.aliasfree.graph.Definitions}, in terms of
 * simpler ops down to {@linkplain #isCore() the core}; how it is differentiated is its rule in
 * {@code org.aliasfree.graph.GradientRules}.
 */
public sealed interface Op
    permits Source, Elementwise, Reduction, Movement, Linear, Resampling, Fused {

  /** The name used in messages and listings, such as {@code conv2d}. */
  String name();

  /**
   * Types of the outputs for these inputs.
   *
   * @throws ShapeException in a full sentence when the inputs do not fit
   */
  List<TensorType> infer(List<TensorType> inputs);

  /**
   * Whether the op belongs to the small core that everything else is defined by and every backend
   * must run.
   */
  boolean isCore();
}
