package org.aliasfree.network;

import org.aliasfree.backend.Backend;

/** Which element types a network computes in. */
public enum Precision {
  /** f32 throughout. */
  F32,
  /**
   * As the official networks on a GPU: layers of high resolution keep their activations in f16, and
   * all else stays f32.
   */
  OFFICIAL_F16;

  /** What a backend is made for. */
  public static Precision preferredBy(Backend backend) {
    return backend.prefersHalf() ? OFFICIAL_F16 : F32;
  }
}
