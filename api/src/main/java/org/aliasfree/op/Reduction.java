package org.aliasfree.op;

import java.util.List;
import java.util.Locale;
import org.aliasfree.tensor.TensorType;

/** Ops that combine the elements along axes. */
public sealed interface Reduction extends Op {

  /** How elements are combined. */
  enum Kind {
    /** Their sum; 0 of none. */
    SUM,
    /** The largest; NaN if any is; −∞ of none. */
    MAX
  }

  /**
   * Combines along some axes, which stay with size 1.
   *
   * @param axes ascending, each once, counted from the start
   */
  record Reduce(Kind kind, List<Integer> axes) implements Reduction {
    /** Copies and checks the axes. */
    public Reduce {
      axes = List.copyOf(axes);
      for (int i = 0; i < axes.size(); i++) {
        Check.that(
            axes.get(i) >= 0 && (i == 0 || axes.get(i) > axes.get(i - 1)),
            "reduce",
            "axes must be ascending and counted from the start, but they are " + axes + ".");
      }
    }

    @Override
    public String name() {
      return "reduce_" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      long[] sizes = in.getFirst().shape().toArray();
      for (int axis : axes) {
        sizes[in.getFirst().shape().axis(axis)] = 1;
      }
      return List.of(TensorType.of(in.getFirst().dtype(), sizes));
    }

    @Override
    public boolean isCore() {
      return true;
    }
  }
}
