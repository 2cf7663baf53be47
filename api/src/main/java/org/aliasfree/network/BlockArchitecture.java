package org.aliasfree.network;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.aliasfree.AliasFreeException;

/** How the blocks of StyleGAN2's networks are connected (Karras et al. 2020, figure 7). */
public enum BlockArchitecture {
  /** One after the other; the image is made from, or enters at, the block of full resolution. */
  ORIG,
  /** Every block adds to, or takes from, an image of its own resolution. */
  SKIP,
  /** Every block is added to a linear path around it. */
  RESNET;

  /** The name that network files use: {@code skip}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The architecture that network files call by this name.
   *
   * @throws AliasFreeException when there is none
   */
  public static BlockArchitecture of(String label) {
    for (BlockArchitecture architecture : values()) {
      if (architecture.label().equals(label)) {
        return architecture;
      }
    }
    throw new AliasFreeException(
        "There is no architecture '"
            + label
            + "'; there are "
            + Arrays.stream(values())
                .map(BlockArchitecture::label)
                .collect(Collectors.joining(", "))
            + ".");
  }
}
