package org.aliasfree.training;

import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Images are blurred at first before the discriminator sees them, less and less (Karras et al.
 * 2021, appendix G). The taps are an input of the graph, padded with zeros to those of the
 * strongest blur, so that its plan does not change.
 *
 * @param initSigma standard deviation to begin with, in pixels where a tap falls to one half; 0 for
 *     no blur
 * @param fadeKimg thousands of images until there is none; 0 for none at all
 */
public record BlurFade(double initSigma, double fadeKimg) {
  /** No blur at any time. */
  public static final BlurFade NONE = new BlurFade(0, 0);

  /** Checks the ranges. */
  public BlurFade {
    Checks.range("blur_init_sigma", initSigma, 0, 1000);
    Checks.atLeast("blur_fade_kimg", fadeKimg, 0);
  }

  /** The official choice of configuration R for a batch: 10 pixels, 200/32 kimg for each image. */
  public static BlurFade stylegan3R(int batchSize) {
    return new BlurFade(10, batchSize * 200 / 32.0);
  }

  /** The deviation when this many images have been shown. */
  public double sigma(long curNimg) {
    return fadeKimg > 0 ? Math.max(1 - curNimg / (fadeKimg * 1000), 0) * initSigma : 0;
  }

  /** Whether images are blurred when this many have been shown. */
  public boolean isOn(long curNimg) {
    return size(sigma(curNimg)) > 0;
  }

  /** Taps of the strongest blur; 1 if there is none. */
  public int taps() {
    return 2 * size(sigma(0)) + 1;
  }

  private static int size(double sigma) {
    return (int) Math.floor(sigma * 3);
  }

  /**
   * The taps 2<sup>−(i/σ)²</sup> for |i| ≤ ⌊3σ⌋, zeros around them, with sum 1: f32 [{@link
   * #taps()}]. The one tap 1 where that is none.
   *
   * @param sigma at most {@code sigma(0)}
   */
  public HostTensor filter(double sigma) {
    int size = size(sigma);
    int center = taps() / 2;
    double[] f = new double[taps()];
    double sum = 0;
    for (int i = -size; i <= size; i++) {
      f[center + i] = size == 0 ? 1 : Math.pow(2, -Math.pow(i / sigma, 2));
      sum += f[center + i];
    }
    HostTensor filter = HostTensor.allocate(type());
    for (int i = 0; i < f.length; i++) {
      filter.set(i, f[i] / sum);
    }
    return filter;
  }

  TensorType type() {
    return TensorType.f32(taps());
  }

  /**
   * Blurs along x and y; outside the image is 0.
   *
   * @param images [N, C, H, W]
   * @param filter f32, an odd number of taps
   */
  public static Tensor apply(Tensor images, Tensor filter) {
    return Ops.filter2d(images, filter, 0, false, 1);
  }
}
