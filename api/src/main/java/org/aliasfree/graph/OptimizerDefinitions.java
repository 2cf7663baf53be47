package org.aliasfree.graph;

import java.util.List;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;

/** What the steps of optimisers mean. */
final class OptimizerDefinitions {
  private OptimizerDefinitions() {}

  /** See {@link Fused.AdamStep}. */
  static List<Tensor> adamStep(List<Tensor> in) {
    DType type = Definitions.computeType(in.getFirst().dtype());
    List<Tensor> x = in.stream().map(t -> t.cast(type)).toList();
    Tensor rates = x.get(4);
    Tensor g = finite(x.get(1));
    Tensor m = x.get(2).mul(rate(rates, 0)).add(g.mul(rate(rates, 1)));
    Tensor v = x.get(3).mul(rate(rates, 2)).add(g.square().mul(rate(rates, 3)));
    Tensor size = v.sqrt().div(rate(rates, 5)).add(rate(rates, 6));
    Tensor parameter = x.get(0).sub(m.mul(rate(rates, 4)).div(size));
    DType stored = in.getFirst().dtype();
    return List.of(parameter.cast(stored), m.cast(stored), v.cast(stored));
  }

  private static Tensor rate(Tensor rates, int i) {
    return rates.slice(0, i, 1).reshape();
  }

  /** NaN → 0, ±∞ → ±1e5; finite numbers stay, however large. */
  private static Tensor finite(Tensor g) {
    Tensor infinite = g.abs().eq(g.scalar(Double.POSITIVE_INFINITY));
    Tensor bounded = infinite.select(g.sign().mul(Fused.AdamStep.LARGEST), g);
    return g.eq(g).select(bounded, g.scalar(0));
  }
}
