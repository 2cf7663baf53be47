package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.backend.cuda.ReductionStage.Ends;
import org.aliasfree.backend.cuda.ReductionStage.Values;
import org.aliasfree.backend.support.StridedAxes;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** Sums and maxima along axes, and sums of products that are not stored. */
final class ReductionKernels {
  private static final int MOST_AXES = 6;

  private ReductionKernels() {}

  static OpKernel of(Reduction.Reduce op, Node node) {
    return of(op, node, node.inputs().getFirst(), Optional.empty());
  }

  /**
   * A reduction, and what is computed on the way to it.
   *
   * @param nodes {@linkplain WidenedHalves casts} that are seen through; a product if the reduction
   *     is its sum; the reduction
   */
  static OpKernel of(List<Node> nodes) {
    WidenedHalves widened = WidenedHalves.leading(nodes);
    Node node = nodes.getLast();
    Reduction.Reduce op = (Reduction.Reduce) node.op();
    Node before = nodes.size() > 1 ? nodes.get(nodes.size() - 2) : node;
    return before.op() instanceof Elementwise.Binary
        ? of(
            op,
            node,
            widened.source(before.inputs().getFirst()),
            Optional.of(widened.source(before.inputs().getLast())))
        : of(op, node, widened.source(node.inputs().getFirst()), Optional.empty());
  }

  /** Whether a node is the sum of what another one computes, if nobody else wants that. */
  static boolean isSumOfProducts(Node product, Node sum) {
    return product.op() instanceof Elementwise.Binary b
        && b.function() == BinaryFunction.MUL
        && sum.op() instanceof Reduction.Reduce r
        && r.kind() == Reduction.Kind.SUM
        && product.outputs().getFirst().dtype().isFloat()
        && product.inputs().stream()
            .allMatch(t -> t.shape().equals(product.outputs().getFirst().shape()));
  }

  private static OpKernel of(Reduction.Reduce op, Node node, Tensor from, Optional<Tensor> other) {
    Shape x = node.inputs().getFirst().shape();
    DType dtype = node.outputs().getFirst().dtype();
    Shape outputs = x;
    Shape each = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean combines = op.axes().contains(axis);
      outputs = combines ? outputs.with(axis, 1) : outputs;
      each = combines ? each : each.with(axis, 1);
    }
    if (outputs.elements() == 0) {
      return (at, launches) -> {};
    }
    if (each.elements() == 1 && other.isEmpty() && from.dtype() == dtype) {
      long bytes = node.outputs().getFirst().type().bytes();
      return (at, launches) -> launches.copy(at.of(node.outputs().getFirst()), at.of(from), bytes);
    }
    StridedAxes kept = StridedAxes.of(outputs, List.of(x.strides()));
    StridedAxes combined = StridedAxes.of(each, List.of(x.strides()));
    if (kept.rank() > MOST_AXES || combined.rank() > MOST_AXES) {
      throw new IllegalArgumentException("too many axes: " + node);
    }
    boolean halves = other.isPresent() && other.get().dtype() == DType.F16;
    List<ReductionStage> stages = new ArrayList<>();
    stages.add(ReductionStage.of(kept, combined, halves ? Values.HALVES : Values.of(from.dtype())));
    while (stages.getLast().parts() > 1) {
      stages.add(stages.getLast().next(dtype.isFloat()));
    }
    return new Staged(stages, op.kind(), from, other, node.outputs().getFirst());
  }

  /**
   * A reduction by one launch or more.
   *
   * @param stages each but the first combines the parts of the one before
   */
  private record Staged(
      List<ReductionStage> stages,
      Reduction.Kind kind,
      Tensor from,
      Optional<Tensor> other,
      Tensor result)
      implements OpKernel {
    private static final int F32 = 0;
    private static final int I64 = 4; // of parts of integers, in kernels

    @Override
    public List<Long> scratch() {
      long bytes = result.dtype().isFloat() ? Float.BYTES : Long.BYTES;
      return stages.subList(0, stages.size() - 1).stream().map(s -> bytes * s.count()).toList();
    }

    @Override
    public void launch(Operands at, Launches launches) {
      String kernel = result.dtype().isFloat() ? "reduce_" : "reduce_integers_";
      int parts = result.dtype().isFloat() ? F32 : I64;
      long address = at.of(from);
      int type = Arguments.number(from.dtype());
      int last = stages.size() - 1;
      for (int k = 0; k <= last; k++) {
        boolean product = k == 0 && other.isPresent();
        long to = k == last ? at.of(result) : at.scratch().get(k);
        Ends ends =
            new Ends(
                address,
                type,
                product ? at.of(other.get()) : 0,
                product ? Arguments.number(other.get().dtype()) : 0,
                to,
                k == last ? Arguments.number(result.dtype()) : parts);
        stages
            .get(k)
            .launch(
                product ? "reduce_products_" : kernel, ends, kind == Reduction.Kind.MAX, launches);
        address = to;
        type = parts;
      }
    }
  }
}
