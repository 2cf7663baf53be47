package org.aliasfree.backend.cpu.vector;

import org.aliasfree.AliasFreeException;

/**
 * The shape of a 2-D convolution {@code y[n,o,i,j] = sum over c,a,b of w[o,c,a,b] * x[n, c,
 * i*strideY + a*dilationY - padTop, j*strideX + b*dilationX - padLeft]} with zeros outside x. All
 * tensors are dense NCHW; w is {@code [outChannels, inChannels / groups, kernelHeight,
 * kernelWidth]}. A negative padding crops.
 *
 * @param batch images
 * @param inChannels channels of x over all groups
 * @param height rows of x
 * @param width columns of x
 * @param outChannels channels of y over all groups
 * @param kernelHeight rows of w
 * @param kernelWidth columns of w
 * @param groups divides both channel counts
 * @param strideY rows of x from one row of y to the next
 * @param strideX columns of x from one column of y to the next
 * @param dilationY rows of x from one row of w to the next
 * @param dilationX columns of x from one column of w to the next
 * @param padTop zero rows above x
 * @param padBottom zero rows below x
 * @param padLeft zero columns left of x
 * @param padRight zero columns right of x
 */
record ConvShape(
    int batch,
    int inChannels,
    int height,
    int width,
    int outChannels,
    int kernelHeight,
    int kernelWidth,
    int groups,
    int strideY,
    int strideX,
    int dilationY,
    int dilationX,
    int padTop,
    int padBottom,
    int padLeft,
    int padRight) {

  ConvShape {
    if (Math.min(Math.min(batch, inChannels), Math.min(height, width)) < 1
        || Math.min(Math.min(outChannels, groups), Math.min(kernelHeight, kernelWidth)) < 1
        || Math.min(Math.min(strideY, strideX), Math.min(dilationY, dilationX)) < 1) {
      throw new AliasFreeException(
          "A convolution was given a size, stride or dilation below 1; all must be positive.");
    }
    if (inChannels % groups != 0 || outChannels % groups != 0) {
      throw new AliasFreeException(
          "A convolution in "
              + groups
              + " groups was given "
              + inChannels
              + " input and "
              + outChannels
              + " output channels; both must be multiples of the number of groups.");
    }
  }

  /** Stride 1, no dilation, one group, the same padding on all sides. */
  static ConvShape plain(
      int batch, int inChannels, int height, int width, int outChannels, int kernel, int padding) {
    return new ConvShape(
        batch,
        inChannels,
        height,
        width,
        outChannels,
        kernel,
        kernel,
        1,
        1,
        1,
        1,
        1,
        padding,
        padding,
        padding,
        padding);
  }

  /** Rows of y. */
  int outHeight() {
    return outSize(height, kernelHeight, strideY, dilationY, padTop, padBottom);
  }

  /** Columns of y. */
  int outWidth() {
    return outSize(width, kernelWidth, strideX, dilationX, padLeft, padRight);
  }

  /** Input channels of one group. */
  int groupIn() {
    return inChannels / groups;
  }

  /** Output channels of one group. */
  int groupOut() {
    return outChannels / groups;
  }

  /** Elements of a kernel plane. */
  int kernelArea() {
    return kernelHeight * kernelWidth;
  }

  private static int outSize(
      int size, int kernel, int stride, int dilation, int before, int after) {
    int reach = size + before + after - dilation * (kernel - 1) - 1;
    if (reach < 0) {
      throw new AliasFreeException(
          "A convolution kernel of "
              + kernel
              + " taps (dilation "
              + dilation
              + ") does not fit an image of "
              + size
              + " with padding "
              + before
              + " and "
              + after
              + "; the output would be empty.");
    }
    return reach / stride + 1;
  }
}
