package org.aliasfree.training;

import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Style mixing (Karras et al. 2019): from some w on, a second latent takes over, so that
 * neighbouring layers do not rely on each other. Where that is comes in as a mask, so the plan
 * stays the same.
 */
public final class StyleMixing {
  private StyleMixing() {}

  /**
   * Mixes.
   *
   * @param ws [N, numWs, wDim]
   * @param other of the second latent, [N, numWs, wDim]
   * @param mask u8 [numWs]: 1 where the second one counts
   */
  public static Tensor mix(Tensor ws, Tensor other, Tensor mask) {
    return mask.reshape(1, ws.dim(1), 1).select(other, ws);
  }

  /**
   * The mask of a cutoff.
   *
   * @param cutoff the first w of the second latent; numWs for no mixing
   */
  public static HostTensor mask(int numWs, int cutoff) {
    if (cutoff < 0 || cutoff > numWs) {
      throw new AliasFreeException(
          "The cutoff of style mixing is " + cutoff + ", but must be from 0 to " + numWs + ".");
    }
    HostTensor mask = HostTensor.allocate(type(numWs));
    for (int i = cutoff; i < numWs; i++) {
      mask.set(i, 1);
    }
    return mask;
  }

  /**
   * A random cutoff, as the official training draws it: with this probability evenly from 1 to
   * numWs − 1, else none.
   *
   * @param place uniform in [0, 1), chooses the cutoff
   * @param gate uniform in [0, 1), chooses whether to mix
   */
  public static int cutoff(int numWs, double probability, double place, double gate) {
    return gate < probability && numWs > 1 ? 1 + (int) (place * (numWs - 1)) : numWs;
  }

  static TensorType type(int numWs) {
    return TensorType.of(DType.U8, numWs);
  }
}
