package org.aliasfree.backend.cuda;

import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * The sizes of a convolution, whichever of its three forms is computed.
 *
 * @param type of the images
 * @param weightType of the weight, the styles and the output scales
 * @param inputs channels of the convolution's input, all groups together
 * @param height of the convolution's input
 * @param outHeight of the convolution's output
 */
record ConvShape(
    ConvGeometry geometry,
    DType type,
    DType weightType,
    int images,
    int inputs,
    int outputs,
    int height,
    int width,
    int outHeight,
    int outWidth,
    int kernelHeight,
    int kernelWidth) {

  /**
   * The sizes.
   *
   * @param x [N, I, H, W]
   * @param w [O, I/groups, kh, kw]
   * @param y [N, O, H', W']
   */
  static ConvShape of(
      ConvGeometry geometry, DType type, DType weightType, Shape x, Shape w, Shape y) {
    return new ConvShape(
        geometry,
        type,
        weightType,
        x.intDim(0),
        x.intDim(1),
        w.intDim(0),
        x.intDim(2),
        x.intDim(3),
        y.intDim(2),
        y.intDim(3),
        w.intDim(2),
        w.intDim(3));
  }

  /** Input channels that one output channel sees. */
  int groupInputs() {
    return inputs / geometry.groups();
  }

  /** Output channels that one input channel goes to. */
  int groupOutputs() {
    return outputs / geometry.groups();
  }

  /** Channels that an element of the result sums over, of the convolution or of its adjoint. */
  int terms(boolean adjoint) {
    return adjoint ? groupOutputs() : groupInputs();
  }

  /** Channels of a group of the result, of the convolution or of its adjoint. */
  int results(boolean adjoint) {
    return adjoint ? groupInputs() : groupOutputs();
  }

  /** Positions of the kernel. */
  int taps() {
    return kernelHeight * kernelWidth;
  }

  /** What the plain kernels take: {@code ConvPlainArgs}. */
  Arguments plain(long x, long w, long styles, long scales, long result) {
    return new Arguments()
        .address(x)
        .address(w)
        .address(styles)
        .address(scales)
        .address(result)
        .type(type)
        .type(weightType)
        .int32(images)
        .int32(inputs)
        .int32(outputs)
        .int32(geometry.groups())
        .int32(height)
        .int32(width)
        .int32(outHeight)
        .int32(outWidth)
        .int32(kernelHeight)
        .int32(kernelWidth)
        .int32(geometry.strideY())
        .int32(geometry.strideX())
        .int32(geometry.top())
        .int32(geometry.left())
        .int32(geometry.dilationY())
        .int32(geometry.dilationX());
  }
}
