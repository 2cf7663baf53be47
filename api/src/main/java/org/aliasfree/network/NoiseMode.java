package org.aliasfree.network;

import java.util.Locale;

/** Where the noise comes from that StyleGAN2 adds to its features. StyleGAN3 has no noise. */
public enum NoiseMode {
  /** The noise that the network keeps in {@code noise_const}. */
  CONST,
  /** Fresh normal values for every image: inputs of the graph. */
  RANDOM,
  /** No noise. */
  NONE;

  /** The name that the official tools use: {@code const}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
