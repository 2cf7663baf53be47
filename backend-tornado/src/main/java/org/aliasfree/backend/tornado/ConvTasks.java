package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.tornado.device.ConvLoops;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.Shape;

/** Convolutions and their adjoints in the image: windows are cut, and then all taps are shifts. */
final class ConvTasks {
  private static final int BLOCK = 8;

  private ConvTasks() {}

  /**
   * How the weight is read, and sizes.
   *
   * @param outputs a group; {@code inputs} likewise
   * @param stepOutput of the weight; {@code stepInput} likewise
   */
  private record Weight(
      int groups, int outputs, int inputs, int stepOutput, int stepInput, int kernelX) {}

  /** An image that goes in or out. */
  private record Image(int n, int channels, int height, int width) {
    static Image of(Tensor t) {
      Shape s = t.shape();
      return new Image(s.intDim(0), s.intDim(1), s.intDim(2), s.intDim(3));
    }

    int planes() {
      return n * channels;
    }
  }

  /** Convolution of inputs x and w; if there are also styles and scales, a modulated one. */
  static OpKernel convolution(ConvGeometry g, Node node) {
    Image x = Image.of(node.inputs().get(0));
    Image y = Image.of(node.outputs().getFirst());
    Shape w = node.inputs().get(1).shape();
    int kernel = w.intDim(2) * w.intDim(3);
    Weight weight =
        new Weight(
            g.groups(),
            y.channels / g.groups(),
            x.channels / g.groups(),
            x.channels / g.groups() * kernel,
            kernel,
            w.intDim(3));
    Walk alongY = Walk.forward(g.strideY(), g.dilationY(), g.top(), y.height, w.intDim(2));
    Walk alongX = Walk.forward(g.strideX(), g.dilationX(), g.left(), y.width, w.intDim(3));
    boolean asItIs =
        kernel == 1
            && node.inputs().size() == 2
            && g.equals(ConvGeometry.padded(0).withGroups(g.groups()))
            && x.height * x.width >= BLOCK;
    if (asItIs) {
      return (at, tasks) ->
          correlate(
              weight, x, y, alongY, alongX, 0, x.height * x.width - BLOCK, at.in(0), at, tasks);
    }
    return windowed(weight, x, y, List.of(alongY), List.of(alongX));
  }

  /** Its adjoint in x: for each remainder of rows and columns by the strides a convolution. */
  static OpKernel transposed(ConvGeometry g, Node node) {
    Image x = Image.of(node.inputs().get(0));
    Image y = Image.of(node.outputs().getFirst());
    Shape w = node.inputs().get(1).shape();
    int kernel = w.intDim(2) * w.intDim(3);
    Weight weight =
        new Weight(
            g.groups(),
            y.channels / g.groups(),
            x.channels / g.groups(),
            kernel,
            y.channels / g.groups() * kernel,
            w.intDim(3));
    return windowed(
        weight,
        x,
        y,
        Walk.adjoint(g.strideY(), g.dilationY(), g.top(), y.height, w.intDim(2)),
        Walk.adjoint(g.strideX(), g.dilationX(), g.left(), y.width, w.intDim(3)));
  }

  private static OpKernel windowed(
      Weight weight, Image x, Image y, List<Walk> alongY, List<Walk> alongX) {
    Walk anyY = alongY.getFirst();
    Walk anyX = alongX.getFirst();
    long plane = Walk.plane(anyY, anyX, BLOCK);
    return new WithScratch(
        List.of(plane * x.planes()),
        (at, tasks) -> {
          Place from = at.scratch().getFirst();
          boolean styled = at.node().inputs().size() > 2;
          Place styles = at.in(styled ? 2 : 0);
          int[] p = Walk.window(anyY, anyX, x.planes(), x.height, x.width, BLOCK, at.in(0), from);
          p[14] = styled ? 1 : 0;
          p[15] = styles.offset();
          tasks.task(
              ConvLoops::window,
              p,
              at.in(0).floats(),
              styles.floats(),
              from.floats(),
              Spread.over(p[0]));
          for (Walk v : alongY) {
            for (Walk h : alongX) {
              correlate(weight, x, y, v, h, BLOCK, Integer.MAX_VALUE, from, at, tasks);
            }
          }
        });
  }

  private static void correlate(
      Weight w,
      Image in,
      Image out,
      Walk alongY,
      Walk alongX,
      int slack,
      int lastBegin,
      Place x,
      Operands at,
      Tasks tasks) {
    int[] table = Walk.taps(alongY, alongX, w.kernelX);
    int positions = (alongY.outputs() - 1) * alongX.size() + alongX.outputs();
    int blocks = Math.ceilDiv(positions, BLOCK);
    int outputBlocks = Math.ceilDiv(w.outputs, BLOCK);
    boolean scaled = at.node().inputs().size() > 3;
    Place scales = at.in(scaled ? 3 : 0);
    Place weight = at.in(1);
    Place y = at.out(0);
    int items = Math.toIntExact((long) blocks * outputBlocks * w.groups * in.n);
    int[] head = {
      items,
      blocks,
      outputBlocks,
      in.n,
      w.inputs,
      table.length / 2,
      x.offset(),
      Walk.plane(alongY, alongX, slack),
      in.channels,
      positions,
      lastBegin,
      alongX.size(),
      alongX.outputs(),
      weight.offset(),
      w.stepOutput,
      w.stepInput,
      // The weight of a group is that of its outputs, or of its inputs in an adjoint.
      Math.max(w.outputs * w.stepOutput, w.inputs * w.stepInput),
      w.outputs,
      out.channels,
      y.offset() + alongY.first() * out.width + alongX.first(),
      out.height * out.width,
      alongY.spacing() * out.width,
      alongX.spacing(),
      scaled ? 1 : 0,
      scales.offset(),
      0
    };
    tasks.task(
        ConvLoops::correlate,
        Walk.parameters(ConvLoops.TAPS, head, table),
        x.floats(),
        weight.floats(),
        scales.floats(),
        y.floats(),
        Spread.evenly(items));
  }
}
