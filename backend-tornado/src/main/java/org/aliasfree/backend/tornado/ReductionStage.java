package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.List;

/**
 * One task of a reduction: combines elements along one axis, whose parts stay apart. Where many
 * elements make one output several stages follow each other. Into how many parts depends on the
 * number of elements alone, so that an image has the same bits in any batch.
 *
 * @param outputs axes along which elements are not combined
 * @param size of the axis that is
 * @param stride of that axis
 * @param parts that remain of it
 * @param partsFirst whether neighbours in memory are parts of one output rather than outputs
 */
record ReductionStage(Axes outputs, int size, int stride, int parts, boolean partsFirst) {
  /** As many elements as one iteration combines where that is all. */
  private static final int FEW = 128;

  /** As many elements as one iteration combines at most. */
  private static final int MOST = 512;

  /** As few as are worth a part. */
  private static final int LEAST = 16;

  /**
   * The stages of a reduction. The first combines along the innermost of the axes and puts what
   * remains side by side, so that all further ones have a single axis.
   *
   * @param kept axes of the outputs
   * @param combined the other axes
   * @param count number of elements for each output
   */
  static List<ReductionStage> of(Axes kept, Axes combined, int count) {
    int outputs = kept.count();
    boolean empty = count == 0 || combined.rank() == 0;
    int size = empty ? count : combined.sizes().getFirst();
    int stride = empty ? 1 : combined.strides().getFirst().getFirst();
    Axes rest = empty ? Axes.NONE : combined.outer();
    boolean near = kept.rank() == 0 || stride < kept.strides().getFirst().getFirst();
    List<ReductionStage> stages = new ArrayList<>();
    ReductionStage stage =
        of(near ? Axes.joined(rest, kept) : Axes.joined(kept, rest), size, stride, near);
    stages.add(stage);
    while (stage.count() > outputs) {
      int remaining = stage.count() / outputs;
      stage =
          near
              ? of(Axes.line(outputs, remaining), remaining, 1, true)
              : of(Axes.line(outputs, 1), remaining, outputs, false);
      stages.add(stage);
    }
    return List.copyOf(stages);
  }

  private static ReductionStage of(Axes outputs, int size, int stride, boolean partsFirst) {
    int each = size <= FEW ? FEW : Math.clamp(Math.ceilDiv(size, FEW), LEAST, MOST);
    return new ReductionStage(
        outputs, size, stride, Math.max(1, Math.ceilDiv(size, each)), partsFirst);
  }

  /** Number of results. */
  int count() {
    return Math.multiplyExact(outputs.count(), parts);
  }

  /** Parameters of {@code ReductionLoops}. */
  int[] parameters(Place from, Place to) {
    int first = partsFirst ? 1 : 0;
    return outputs.after(
        count(), to.offset(), from.offset(), size, parts, stride, first, outputs.count());
  }
}
