package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.Fused;
import org.aliasfree.tensor.HostTensor;

/** Adam's update of a parameter and its moments. */
final class AdamStepKernel {
  private AdamStepKernel() {}

  static void run(Frame f) {
    double[] r = f.values(4);
    f.ranges(
        f.outType(0).elements(),
        (from, to) -> {
          for (long i = from; i < to; i++) {
            double g = finite(f.in(1).get(i));
            double m = r[0] * f.in(2).get(i) + r[1] * g;
            double v = r[2] * f.in(3).get(i) + r[3] * g * g;
            set(f, 0, i, f.in(0).get(i) - r[4] * m / (Math.sqrt(v) / r[5] + r[6]));
            set(f, 1, i, m);
            set(f, 2, i, v);
          }
        });
  }

  private static double finite(double g) {
    return Double.isNaN(g)
        ? 0
        : Double.isInfinite(g) ? Math.copySign(Fused.AdamStep.LARGEST, g) : g;
  }

  private static void set(Frame f, int output, long i, double value) {
    if (f.wants(output)) {
      HostTensor out = f.out(output);
      out.set(i, value);
    }
  }
}
