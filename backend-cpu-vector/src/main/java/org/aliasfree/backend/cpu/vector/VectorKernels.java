package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.aliasfree.backend.support.HostKernels;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** The table of this backend's kernels. */
final class VectorKernels implements HostKernels<Scratch> {
  private final SharedScratch shared = new SharedScratch();

  @Override
  public Set<DType> dtypes() {
    return Set.of(DType.F32, DType.I32, DType.U8);
  }

  @Override
  public boolean isNative(Op op) {
    return switch (op) {
      case Source s -> true;
      case Elementwise e -> true;
      case Reduction r -> true;
      case Movement m -> MovementKernels.has(m);
      case Linear l -> true;
      case Resampling.GridSampleGridGradient g -> false;
      case Resampling r -> true;
      case Fused f -> true;
    };
  }

  @Override
  public Kernel<Scratch> kernel(Node node) {
    return switch (node.op()) {
      case Source s -> SourceKernels.of(s);
      case Elementwise e -> ElementwiseKernels.of(e, node);
      case Reduction.Reduce r -> ReduceKernel.of(r, node);
      case Movement m -> MovementKernels.of(m, node);
      case Linear.MatMul m -> new MatMulKernel(m, node);
      case Linear.Conv2d c -> ConvKernels.conv2d(c, node, shared);
      case Linear.ConvTranspose2d c -> ConvKernels.convTranspose2d(c, node, shared);
      case Linear.ConvWeightGradient c -> ConvKernels.weightGradient(c, node, shared);
      case Resampling.Upfirdn2d u -> FilterKernels.upfirdn2d(u, node);
      case Resampling.GridSample g -> gridSample(node);
      case Resampling.GridSampleInputGradient g -> gridSampleInputGradient(node);
      case Resampling.GridSampleGridGradient g -> throw new IllegalArgumentException("lowered");
      case Resampling.Warp w -> warp(node, false);
      case Resampling.WarpInputGradient w -> warp(node, true);
      case Fused.BiasAct b -> biasAct(b, node);
      case Fused.FilteredLrelu f -> FilterKernels.filteredLrelu(f, node);
      case Fused.SignedFilter f -> FilterKernels.signedFilter(f, node);
      case Fused.ModulatedConv2d m -> ConvKernels.modulatedConv2d(m, node, shared);
      case Fused.AdamStep a -> new AdamStepKernel(node.inputs().getFirst().type().elements());
    };
  }

  /** Winograd's form errs more than the direct sum. */
  @Override
  public double errorFactor(Node node) {
    WinogradTile tile = ConvKernels.tile(node);
    return tile == null ? 1 : tile.errorFactor();
  }

  /** Of Winograd's form the products over channels; the transforms are a few hundredths of that. */
  @Override
  public long flops(Node node) {
    WinogradTile tile = ConvKernels.tile(node);
    if (tile == null) {
      return HostKernels.super.flops(node);
    }
    boolean gradient = node.op() instanceof Linear.ConvWeightGradient;
    Shape y = gradient ? node.inputs().get(1).shape() : node.outputs().getFirst().shape();
    Shape w = gradient ? node.outputs().getFirst().shape() : node.inputs().get(1).shape();
    return 2 * y.dim(0) * tile.products(y.intDim(2), y.intDim(3)) * w.dim(0) * w.dim(1);
  }

  @Override
  public Scratch newScratch() {
    return new Scratch();
  }

  /** Runs a piece of work on the backend's threads, stage after stage. */
  static void run(Kernel.Threads<Scratch> threads, Work work) {
    for (int stage = 0; stage < work.stages(); stage++) {
      int current = stage;
      threads.parallel(work.tasks(stage), (task, scratch) -> work.run(current, task, scratch));
    }
  }

  private static Kernel<Scratch> gridSample(Node node) {
    Shape x = node.inputs().get(0).shape();
    Shape y = node.outputs().getFirst().shape();
    return call -> run(call, grid(x, y, call.in(1)).forward(call.in(0), call.out(0)));
  }

  private static Kernel<Scratch> gridSampleInputGradient(Node node) {
    Shape dy = node.inputs().get(0).shape();
    Shape dx = node.outputs().getFirst().shape();
    return call -> run(call, grid(dx, dy, call.in(1)).backward(call.in(0), call.out(0)));
  }

  private static GridSample grid(Shape x, Shape y, MemorySegment points) {
    return new GridSample(
        x.dim(0), x.intDim(1), x.intDim(2), x.intDim(3), y.intDim(2), y.intDim(3), points);
  }

  private static Kernel<Scratch> warp(Node node, boolean adjoint) {
    Shape x = node.inputs().getFirst().shape();
    int[] size = {x.intDim(0), x.intDim(1), x.intDim(2), x.intDim(3)};
    return call -> {
      int[] margins = call.in(2).toArray(ValueLayout.JAVA_INT);
      Resampling.Warp.checkMargins(margins, x);
      float[] taps = call.in(3).toArray(ValueLayout.JAVA_FLOAT);
      run(call, new Warp(adjoint, size, call.in(1), margins, taps, call.in(0), call.out(0)));
    };
  }

  private static Kernel<Scratch> biasAct(Fused.BiasAct op, Node node) {
    Shape x = node.inputs().getFirst().shape();
    int dim = x.axis(op.dim());
    long outer = 1;
    for (int i = 0; i < dim; i++) {
      outer *= x.dim(i);
    }
    long images = outer;
    long inner = x.elements() == 0 ? 0 : x.elements() / (outer * x.dim(dim));
    BiasAct act = new BiasAct(op.activation(), op.alpha(), op.gain(), op.clamp());
    return call ->
        run(
            call,
            act.bind(images, x.intDim(dim), inner, call.in(0), null, call.in(1), call.out(0)));
  }
}
