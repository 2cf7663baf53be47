package org.aliasfree.backend.tornado;

import java.util.List;
import java.util.Optional;
import org.aliasfree.tensor.Shape;

/**
 * How an operand is broadcast in one of the ways that need no indices along axes: element i of the
 * result takes the operand's element i / inner mod period.
 *
 * @param way as {@code device.Indices.spread} numbers them
 */
record Repetition(int way, int inner, int period) {
  private static final int DENSE = 0;
  private static final int ONE = 1;
  private static final int EACH_OFTEN = 2;
  private static final int ALL_AGAIN = 3;
  private static final int BOTH = 4;

  /** The way of an operand of shape {@code from}; empty if there is none. */
  static Optional<Repetition> of(Shape from, Shape to) {
    Axes axes = Axes.of(to, from.broadcastStrides(to));
    List<Integer> sizes = axes.sizes();
    int pattern = 0; // a digit for each axis: 1 walked along, 0 repeated; the outermost first
    for (int k = axes.rank() - 1; k >= 0; k--) {
      pattern = 10 * pattern + (axes.strides().getFirst().get(k) == 0 ? 0 : 1);
    }
    return switch (axes.rank() * 1000 + pattern) {
      case 0, 1000 -> Optional.of(new Repetition(ONE, 1, 1));
      case 1001 -> Optional.of(new Repetition(DENSE, 1, 1));
      case 2010 -> Optional.of(new Repetition(EACH_OFTEN, sizes.get(0), 1));
      case 2001 -> Optional.of(new Repetition(ALL_AGAIN, 1, sizes.get(0)));
      case 3010 -> Optional.of(new Repetition(BOTH, sizes.get(0), sizes.get(1)));
      default -> Optional.empty();
    };
  }
}
