package org.aliasfree.cli;

import java.util.List;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * The latents of seeds.
 *
 * @param generator maps them
 * @param settings truncation and class
 */
record Latents(ImageGenerator generator, PictureSettings settings) {
  /** What is drawn, f32 [1, zDim]. */
  HostTensor z(long seed) {
    return generator.latents(seed);
  }

  /** What it is mapped to, after truncation, f32 [1, numWs, wDim]. */
  HostTensor ws(long seed) {
    return ws(z(seed));
  }

  /** As {@link #ws(long)}, from z. */
  HostTensor ws(HostTensor z) {
    return generator.map(z, settings.request(Movement.NONE, 0));
  }

  /** These latents with another truncation. */
  Latents withPsi(double psi) {
    return new Latents(generator, settings.withPsi(psi));
  }

  /** These latents as those of another class. */
  Latents withLabel(int label) {
    return new Latents(generator, settings.withLabel(label));
  }

  /**
   * All of these, one below the other, f32 [n, numWs, wDim].
   *
   * @param ws each [1, numWs, wDim]
   */
  static HostTensor stacked(List<HostTensor> ws) {
    long[] sizes = ws.getFirst().shape().toArray();
    HostTensor all = HostTensor.allocate(TensorType.f32(ws.size(), sizes[1], sizes[2]));
    for (int n = 0; n < ws.size(); n++) {
      all.row(n).data().copyFrom(ws.get(n).data());
    }
    return all;
  }

  /** (1 − t) · a + t · b; the ends are exact. */
  static HostTensor line(HostTensor a, HostTensor b, double t) {
    return sum(a, 1 - t, b, t);
  }

  /**
   * From a to b on the great circle, as normal latents keep their length: sin((1 − t)θ)/sin θ · a +
   * sin(tθ)/sin θ · b with the angle θ between them; the ends are exact. Where a and b lie on one
   * line, on that.
   */
  static HostTensor arc(HostTensor a, HostTensor b, double t) {
    double angle = Math.acos(Math.clamp(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), -1, 1));
    double sine = Math.sin(angle);
    return sine < 1e-6
        ? line(a, b, t)
        : sum(a, Math.sin((1 - t) * angle) / sine, b, Math.sin(t * angle) / sine);
  }

  private static HostTensor sum(HostTensor a, double ofA, HostTensor b, double ofB) {
    HostTensor sum = HostTensor.allocate(a.type());
    for (long i = 0; i < a.type().elements(); i++) {
      sum.set(i, ofA * a.get(i) + ofB * b.get(i));
    }
    return sum;
  }

  private static double dot(HostTensor a, HostTensor b) {
    double dot = 0;
    for (long i = 0; i < a.type().elements(); i++) {
      dot += a.get(i) * b.get(i);
    }
    return dot;
  }
}
