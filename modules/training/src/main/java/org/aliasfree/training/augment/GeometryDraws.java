package org.aliasfree.training.augment;

import java.util.Arrays;
import java.util.Map;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.training.augment.GatedDraws.Kind;

/**
 * Draws where pixels come from: the inverse of each image's transformation, to which the inverse of
 * every augmentation is multiplied from the right.
 */
final class GeometryDraws {
  private final GatedDraws draws;
  private final int width;
  private final int height;
  private final Affine[] inverse;

  private GeometryDraws(GatedDraws draws, Shape images) {
    this.draws = draws;
    width = images.intDim(3);
    height = images.intDim(2);
    inverse = new Affine[draws.images()];
    Arrays.fill(inverse, Affine.IDENTITY);
  }

  static void draw(GatedDraws draws, Shape images, Map<AugmentInput, HostTensor> values) {
    GeometryDraws geometry = new GeometryDraws(draws, images);
    geometry.blit();
    geometry.transform();
    HostTensor matrices = HostTensor.allocate(AugmentInput.INVERSE.type(images));
    long at = 0;
    for (Affine m : geometry.inverse) {
      for (double v : new double[] {m.a(), m.b(), m.c(), m.d(), m.e(), m.f()}) {
        matrices.set(at++, v);
      }
    }
    values.put(AugmentInput.INVERSE, matrices);
    HostTensor margins = HostTensor.allocate(AugmentInput.MARGINS.type(images));
    int[] sides = geometry.margins();
    for (int i = 0; i < sides.length; i++) {
      margins.set(i, sides[i]);
    }
    values.put(AugmentInput.MARGINS, margins);
  }

  /** The next map, made from a value of each image. */
  @FunctionalInterface
  private interface Step {
    Affine of(double[] values, int image);
  }

  private void append(double[] values, Step step) {
    for (int n = 0; n < inverse.length; n++) {
      inverse[n] = inverse[n].times(step.of(values, n));
    }
  }

  private boolean has(Augmentation augmentation) {
    return draws.config().has(augmentation);
  }

  private void blit() {
    if (has(Augmentation.XFLIP)) {
      double[] i = draws.values(Augmentation.XFLIP, Kind.UNIFORM, u -> Math.floor(u * 2), 0);
      append(i, (v, n) -> Affine.scale(1 - 2 * v[n], 1));
    }
    if (has(Augmentation.ROTATE90)) {
      double[] i = draws.values(Augmentation.ROTATE90, Kind.UNIFORM, u -> Math.floor(u * 4), 0);
      append(i, (v, n) -> Affine.rightAngles((int) v[n]));
    }
    if (has(Augmentation.XINT)) {
      float max = (float) draws.strength(Augmentation.XINT);
      double[] t =
          draws.gated(
              Kind.UNIFORM,
              2,
              draws.probability(Augmentation.XINT),
              u -> ((float) u * 2 - 1) * max,
              0);
      append(
          t, (v, n) -> Affine.translation(-pixels(v[2 * n], width), -pixels(v[2 * n + 1], height)));
    }
  }

  /** Multiplied as floats, so that halves are rounded to the same side as in the official pipe. */
  private static double pixels(double part, int size) {
    return Math.rint((float) part * size);
  }

  private void transform() {
    if (has(Augmentation.SCALE)) {
      append(factors(Augmentation.SCALE), (v, n) -> Affine.scale(1 / v[n], 1 / v[n]));
    }
    if (has(Augmentation.ROTATE)) {
      append(angles(), (v, n) -> Affine.rotation(v[n]));
    }
    if (has(Augmentation.ANISO)) {
      append(factors(Augmentation.ANISO), (v, n) -> Affine.scale(1 / v[n], v[n]));
    }
    if (has(Augmentation.ROTATE)) {
      double[] angles = angles();
      if (draws.percentile().isPresent()) {
        // One rotation shows what rotations do; the second would hide it.
        Arrays.fill(angles, 0);
      }
      append(angles, (v, n) -> Affine.rotation(v[n]));
    }
    if (has(Augmentation.XFRAC)) {
      double deviation = draws.strength(Augmentation.XFRAC);
      double[] t =
          draws.gated(Kind.NORMAL, 2, draws.probability(Augmentation.XFRAC), z -> z * deviation, 0);
      append(t, (v, n) -> Affine.translation(-v[2 * n] * width, -v[2 * n + 1] * height));
    }
  }

  private double[] factors(Augmentation augmentation) {
    double deviation = draws.strength(augmentation);
    return draws.values(augmentation, Kind.NORMAL, z -> Math.pow(2, z * deviation), 1);
  }

  /** Rotations before and after stretching, one of which happens with the probability asked for. */
  private double[] angles() {
    double max = Math.PI * draws.strength(Augmentation.ROTATE);
    float neither = Math.clamp(1 - draws.probability(Augmentation.ROTATE), 0f, 1f);
    float probability = 1 - (float) Math.sqrt(neither);
    return draws.gated(Kind.UNIFORM, 1, probability, u -> (u * 2 - 1) * max, 0);
  }

  /**
   * Left, top, right, bottom: as far as the corners of any image come from outside, and what the
   * filters need beyond, but no more than can be reflected.
   */
  private int[] margins() {
    double cx = (width - 1) / 2.0;
    double cy = (height - 1) / 2.0;
    double[] outermost = new double[4];
    Arrays.fill(outermost, Double.NEGATIVE_INFINITY);
    for (Affine m : inverse) {
      for (int corner = 0; corner < 4; corner++) {
        double u = corner % 2 == 0 ? -cx : cx;
        double v = corner < 2 ? -cy : cy;
        outermost[0] = Math.max(outermost[0], -m.x(u, v));
        outermost[1] = Math.max(outermost[1], -m.y(u, v));
        outermost[2] = Math.max(outermost[2], m.x(u, v));
        outermost[3] = Math.max(outermost[3], m.y(u, v));
      }
    }
    int reach = FilterBank.lowPass().length / 4 * 2;
    int[] margins = new int[4];
    for (int side = 0; side < 4; side++) {
      double beyond = outermost[side] + reach - (side % 2 == 0 ? cx : cy);
      int most = (side % 2 == 0 ? width : height) - 1;
      margins[side] = (int) Math.ceil(Math.clamp(beyond, 0, most));
    }
    return margins;
  }
}
