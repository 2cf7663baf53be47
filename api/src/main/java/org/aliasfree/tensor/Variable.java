package org.aliasfree.tensor;

/**
 * A tensor that outlives a run: a parameter, a buffer of a network, a gradient being accumulated,
 * an optimiser's moment. Graphs refer to variables; a backend's store holds their values.
 *
 * @param name unique within a program, as in the network file: {@code synthesis.L0_36_512.weight}
 * @param type element type and shape, which never change
 */
public record Variable(String name, TensorType type) {
  /** For example {@code mapping.fc0.weight: f32[512, 512]}. */
  @Override
  public String toString() {
    return name + ": " + type;
  }
}
