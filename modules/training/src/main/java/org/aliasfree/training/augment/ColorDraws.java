package org.aliasfree.training.augment;

import java.util.Arrays;
import java.util.Map;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.training.augment.GatedDraws.Kind;

/**
 * Draws how colours change: for each image a matrix [A | t] on (R, G, B, 1), to which the matrix of
 * every augmentation is multiplied from the left. The luma axis is v = (1, 1, 1)/√3.
 */
final class ColorDraws {
  private static final int AXES = 3;

  private final GatedDraws draws;
  private final double[][] linear;
  private final double[] added;

  private ColorDraws(GatedDraws draws) {
    this.draws = draws;
    linear = new double[draws.images()][];
    // All augmentations treat the channels alike before hue does, which leaves gray as it is: what
    // is added is gray.
    added = new double[draws.images()];
    Arrays.setAll(linear, n -> along(1, 1));
  }

  static void draw(GatedDraws draws, Shape images, Map<AugmentInput, HostTensor> values) {
    ColorDraws colors = new ColorDraws(draws);
    colors.luma();
    if (images.dim(1) > 1) {
      colors.chroma();
    }
    HostTensor matrices = HostTensor.allocate(AugmentInput.COLOR.type(images));
    long at = 0;
    for (int n = 0; n < colors.linear.length; n++) {
      double[] m = colors.linear[n];
      if (images.dim(1) == 1) {
        // The mean of the three channels that gray stands for.
        matrices.set(at++, Arrays.stream(m).sum() / AXES);
        matrices.set(at++, colors.added[n]);
      } else {
        for (int i = 0; i < m.length; i++) {
          matrices.set(at++, m[i]);
          if (i % AXES == AXES - 1) {
            matrices.set(at++, colors.added[n]);
          }
        }
      }
    }
    values.put(AugmentInput.COLOR, matrices);
  }

  private boolean has(Augmentation augmentation) {
    return draws.config().has(augmentation);
  }

  /** Multiplies what is along the luma axis and what is across it: v·vᵀ·luma + (I − v·vᵀ)·rest. */
  private static double[] along(double luma, double rest) {
    double[] m = new double[AXES * AXES];
    for (int i = 0; i < m.length; i++) {
      m[i] = (luma - rest) / AXES + (i % (AXES + 1) == 0 ? rest : 0);
    }
    return m;
  }

  /** Turns about the luma axis: I·cos + v·vᵀ·(1 − cos) + [v]ₓ·sin (Rodrigues' formula). */
  private static double[] turn(double angle) {
    double sin = Math.sin(angle) / Math.sqrt(AXES);
    double[] m = along(1, Math.cos(angle));
    double[] cross = {0, -sin, sin, sin, 0, -sin, -sin, sin, 0};
    for (int i = 0; i < m.length; i++) {
      m[i] += cross[i];
    }
    return m;
  }

  private static double[] product(double[] a, double[] b) {
    double[] m = new double[AXES * AXES];
    for (int i = 0; i < m.length; i++) {
      for (int k = 0; k < AXES; k++) {
        m[i] += a[i / AXES * AXES + k] * b[k * AXES + i % AXES];
      }
    }
    return m;
  }

  private void luma() {
    if (has(Augmentation.BRIGHTNESS)) {
      double deviation = draws.strength(Augmentation.BRIGHTNESS);
      double[] b = draws.values(Augmentation.BRIGHTNESS, Kind.NORMAL, z -> z * deviation, 0);
      for (int n = 0; n < b.length; n++) {
        added[n] += b[n];
      }
    }
    if (has(Augmentation.CONTRAST)) {
      double[] c = factors(Augmentation.CONTRAST);
      for (int n = 0; n < c.length; n++) {
        append(n, c[n], along(c[n], c[n]));
      }
    }
    if (has(Augmentation.LUMAFLIP)) {
      double[] i = draws.values(Augmentation.LUMAFLIP, Kind.UNIFORM, u -> Math.floor(u * 2), 0);
      for (int n = 0; n < i.length; n++) {
        append(n, 1 - 2 * i[n], along(1 - 2 * i[n], 1));
      }
    }
  }

  private void chroma() {
    if (has(Augmentation.HUE)) {
      double max = Math.PI * draws.strength(Augmentation.HUE);
      double[] angle = draws.values(Augmentation.HUE, Kind.UNIFORM, u -> (u * 2 - 1) * max, 0);
      for (int n = 0; n < angle.length; n++) {
        append(n, 1, turn(angle[n]));
      }
    }
    if (has(Augmentation.SATURATION)) {
      double[] s = factors(Augmentation.SATURATION);
      for (int n = 0; n < s.length; n++) {
        append(n, 1, along(1, s[n]));
      }
    }
  }

  private double[] factors(Augmentation augmentation) {
    double deviation = draws.strength(augmentation);
    return draws.values(augmentation, Kind.NORMAL, z -> Math.pow(2, z * deviation), 1);
  }

  /** Multiplies by a matrix that takes gray to gray times {@code luma}. */
  private void append(int n, double luma, double[] matrix) {
    linear[n] = product(matrix, linear[n]);
    added[n] *= luma;
  }
}
