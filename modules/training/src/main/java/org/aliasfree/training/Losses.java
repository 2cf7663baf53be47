package org.aliasfree.training;

import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.TensorType;

/** Losses and regularisers as functions that build graphs, one number for each image. */
public final class Losses {
  private Losses() {}

  /**
   * log(1 + e<sup>−logit</sup>): how far an image is from being called real. The generator's loss
   * on fakes and the discriminator's on reals (Goodfellow et al. 2014, non-saturating).
   *
   * @param logits [N, 1]
   */
  public static Tensor unlikeReal(Tensor logits) {
    return softplus(logits.neg());
  }

  /**
   * log(1 + e<sup>logit</sup>): how far an image is from being called fake, the discriminator's
   * loss on fakes.
   *
   * @param logits [N, 1]
   */
  public static Tensor unlikeFake(Tensor logits) {
    return softplus(logits);
  }

  private static Tensor softplus(Tensor x) {
    return Ops.biasAct(x, Ops.fill(TensorType.f32(x.dim(1)), 0), 1, Activation.SOFTPLUS);
  }

  /**
   * R1 (Mescheder et al. 2018): the squared length of the gradient of the logit in the image, [N].
   *
   * @param logits [N, 1]; of one image each, but for what the batch has in common
   * @param images [N, C, H, W], what the discriminator is differentiated in
   */
  public static Tensor r1Penalty(Tensor logits, Tensor images) {
    Tensor gradient = Gradients.of(logits.sum(0, 1)).wrt(images).getFirst();
    return gradient.square().sum(1, 2, 3).reshape(images.dim(0));
  }

  /**
   * Path lengths (Karras et al. 2020, section 3.2): how far the image moves along a random
   * direction when w moves, [N].
   *
   * @param images [N, C, H, W]
   * @param ws [N, numWs, wDim], which the images depend on
   * @param noise normal values of the images' shape
   */
  public static Tensor pathLengths(Tensor images, Tensor ws, Tensor noise) {
    Tensor direction = noise.mul(1 / Math.sqrt((double) images.dim(2) * images.dim(3)));
    Tensor gradient = Gradients.of(images, direction).wrt(ws).getFirst();
    return gradient.square().sum(2).mean(1).sqrt().reshape(images.dim(0));
  }

  /** The mean over all elements, a scalar. */
  static Tensor mean(Tensor x) {
    int[] axes = java.util.stream.IntStream.range(0, x.shape().rank()).toArray();
    return x.mean(axes).reshape();
  }
}
