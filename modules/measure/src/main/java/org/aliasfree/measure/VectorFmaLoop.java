package org.aliasfree.measure;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Twelve independent chains of fused multiply-adds on vectors: enough to hide the latency of two
 * units, few enough for sixteen registers.
 */
final class VectorFmaLoop implements Together.Loop {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int STEPS = 100_000;
  private static final int CHAINS = 12;

  private final float[] values = new float[SPECIES.length()];

  static int bits() {
    return SPECIES.vectorBitSize();
  }

  @Override
  public double run() {
    chains(values);
    return 2.0 * CHAINS * SPECIES.length() * STEPS;
  }

  /** x ← x · 0.5 + 1 stays finite and normal. */
  private static void chains(float[] values) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = FloatVector.fromArray(SPECIES, values, 0);
    FloatVector b = a.add(1);
    FloatVector c = a.add(2);
    FloatVector d = a.add(3);
    FloatVector e = a.add(4);
    FloatVector f = a.add(5);
    FloatVector g = a.add(6);
    FloatVector h = a.add(7);
    FloatVector i = a.add(8);
    FloatVector j = a.add(9);
    FloatVector k = a.add(10);
    FloatVector l = a.add(11);
    for (int n = 0; n < STEPS; n++) {
      a = a.fma(half, one);
      b = b.fma(half, one);
      c = c.fma(half, one);
      d = d.fma(half, one);
      e = e.fma(half, one);
      f = f.fma(half, one);
      g = g.fma(half, one);
      h = h.fma(half, one);
      i = i.fma(half, one);
      j = j.fma(half, one);
      k = k.fma(half, one);
      l = l.fma(half, one);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    sum.add(g).add(h).add(i).add(j).add(k).add(l).intoArray(values, 0);
  }
}
