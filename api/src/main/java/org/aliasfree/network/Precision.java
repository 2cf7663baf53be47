package org.aliasfree.network;

/** Which element types a network computes in. */
public enum Precision {
  /** f32 throughout. */
  F32,
  /**
   * As the official networks on a GPU: layers of high resolution keep their activations in f16, and
   * all else stays f32.
   */
  OFFICIAL_F16
}
