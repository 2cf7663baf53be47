package org.aliasfree.backend.cpu.vector;

import java.util.List;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Kernels of the convolutions. Weights are packed once, where they do not change from run to run.
 */
final class ConvKernels {
  private ConvKernels() {}

  static Kernel<Scratch> conv2d(Linear.Conv2d op, Node node, SharedScratch shared) {
    return new Conv(Convolution.forward(shape(node, op.geometry())), false, shared);
  }

  static Kernel<Scratch> modulatedConv2d(
      Fused.ModulatedConv2d op, Node node, SharedScratch shared) {
    return new Conv(Convolution.forward(shape(node, op.geometry())), true, shared);
  }

  static Kernel<Scratch> convTranspose2d(
      Linear.ConvTranspose2d op, Node node, SharedScratch shared) {
    return new Conv(transposed(op, node), false, shared);
  }

  static Kernel<Scratch> weightGradient(
      Linear.ConvWeightGradient op, Node node, SharedScratch shared) {
    ConvWeightGradient plan = weightGradient(op, node);
    return call -> {
      Scratch memory = shared.borrow();
      try {
        VectorKernels.run(call, plan.bind(call.in(0), call.in(1), call.out(0), memory));
      } finally {
        shared.giveBack(memory);
      }
    };
  }

  private static ConvWeightGradient weightGradient(Linear.ConvWeightGradient op, Node node) {
    Shape x = node.inputs().get(0).shape();
    Shape w = node.outputs().getFirst().shape();
    return ConvWeightGradient.of(shape(x, w.intDim(0), w, op.geometry()));
  }

  /** The tile of a convolution, or of its gradient, that Winograd's form computes; else null. */
  static @Nullable WinogradTile tile(Node node) {
    if (node.op() instanceof Linear.ConvWeightGradient op) {
      return weightGradient(op, node) instanceof WinogradWeightGradient ? WinogradTile.FOUR : null;
    }
    Convolution plan =
        switch (node.op()) {
          case Linear.Conv2d op -> Convolution.forward(shape(node, op.geometry()));
          case Fused.ModulatedConv2d op -> Convolution.forward(shape(node, op.geometry()));
          case Linear.ConvTranspose2d op -> transposed(op, node);
          default -> null;
        };
    return plan instanceof WinogradPlan winograd ? winograd.tile : null;
  }

  private static Convolution transposed(Linear.ConvTranspose2d op, Node node) {
    Shape y = node.inputs().get(0).shape();
    Shape w = node.inputs().get(1).shape();
    int outputs = w.intDim(1) * op.geometry().groups();
    return Convolution.transposed(
        shape(y, outputs, w, op.geometry()),
        Math.toIntExact(op.height()),
        Math.toIntExact(op.width()));
  }

  private static ConvShape shape(Node node, ConvGeometry g) {
    Shape w = node.inputs().get(1).shape();
    return shape(node.inputs().get(0).shape(), w.intDim(0), w, g);
  }

  private static ConvShape shape(Shape x, int outputs, Shape w, ConvGeometry g) {
    return new ConvShape(
        x.intDim(0),
        x.intDim(1),
        x.intDim(2),
        x.intDim(3),
        outputs,
        w.intDim(2),
        w.intDim(3),
        g.groups(),
        g.strideY(),
        g.strideX(),
        g.dilationY(),
        g.dilationX(),
        g.top(),
        g.bottom(),
        g.left(),
        g.right());
  }

  /**
   * A convolution with its weight as input 1 and, when modulated, styles and output scales as
   * inputs 2 and 3. Memory that its tasks share is borrowed for the time of a run.
   */
  private record Conv(Convolution plan, boolean modulated, SharedScratch shared)
      implements Kernel<Scratch> {
    Conv {
      plan.announce(shared);
    }

    @Override
    public List<Packing<Scratch>> packings() {
      return List.of(
          new Packing<>(
              1,
              plan.layout(),
              (weight, threads) -> {
                float[] packed = new float[plan.packedFloats()];
                VectorKernels.run(threads, plan.packing(weight, packed));
                return new Packed(packed, packed.length * 4L);
              }));
    }

    @Override
    public void run(Call<Scratch> call) {
      Scratch memory = shared.borrow();
      try {
        VectorKernels.run(
            call,
            plan.bind(
                call.in(0),
                (float[]) call.packed(0),
                call.out(0),
                modulated ? call.in(2) : null,
                modulated ? call.in(3) : null,
                memory));
      } finally {
        shared.giveBack(memory);
      }
    }
  }
}
