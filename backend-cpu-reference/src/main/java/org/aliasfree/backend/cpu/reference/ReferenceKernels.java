package org.aliasfree.backend.cpu.reference;

import java.util.EnumSet;
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

/** A kernel for every op of the set. */
final class ReferenceKernels implements HostKernels<NoScratch> {
  @Override
  public Set<DType> dtypes() {
    return EnumSet.of(DType.F16, DType.F32, DType.F64, DType.I32, DType.U8);
  }

  @Override
  public boolean isNative(Op op) {
    return true;
  }

  @Override
  public Kernel<NoScratch> kernel(Node node) {
    return call -> run(node.op(), new Frame(node, call));
  }

  @Override
  public NoScratch newScratch() {
    return NoScratch.NONE;
  }

  private static void run(Op op, Frame f) {
    switch (op) {
      case Source o -> SourceKernels.run(o, f);
      case Elementwise o -> ElementwiseKernels.run(o, f);
      case Reduction.Reduce o -> ReductionKernel.run(o, f);
      case Movement o -> MovementKernels.run(o, f);
      case Linear.MatMul o -> MatMulKernel.run(o, f);
      case Linear.Conv2d o -> ConvolutionKernels.conv2d(o, f);
      case Linear.ConvTranspose2d o -> ConvolutionKernels.transpose(o, f);
      case Linear.ConvWeightGradient o -> ConvolutionKernels.weightGradient(o, f);
      case Resampling.Upfirdn2d o -> FilterKernels.upfirdn2d(o, f);
      case Resampling.GridSample o -> GridSampleKernels.sample(f);
      case Resampling.GridSampleInputGradient o -> GridSampleKernels.inputGradient(f);
      case Resampling.GridSampleGridGradient o -> GridSampleKernels.gridGradient(f);
      case Resampling.Warp o -> WarpKernels.warp(f);
      case Resampling.WarpInputGradient o -> WarpKernels.inputGradient(f);
      case Fused.BiasAct o -> BiasActKernel.run(o, f);
      case Fused.FilteredLrelu o -> FilterKernels.filteredLrelu(o, f);
      case Fused.SignedFilter o -> FilterKernels.signedFilter(o, f);
      case Fused.ModulatedConv2d o -> ConvolutionKernels.modulated(o, f);
      case Fused.AdamStep o -> AdamStepKernel.run(f);
    }
  }
}
