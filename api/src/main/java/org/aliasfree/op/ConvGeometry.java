package org.aliasfree.op;

/**
 * How a 2-D convolution walks over its input: y[o, p, q] = Σ_{i,u,v} w[o, i, u, v] · x[i, p·strideY
 * + u·dilationY − top, q·strideX + v·dilationX − left], zero outside x (a correlation: the kernel
 * is not flipped).
 *
 * @param top rows of zeros added above the image; negative values remove rows. The other sides
 *     alike
 * @param groups blocks of channels that do not mix
 */
public record ConvGeometry(
    int strideY,
    int strideX,
    int top,
    int bottom,
    int left,
    int right,
    int dilationY,
    int dilationX,
    int groups) {

  /** Checks that strides, dilations and groups are 1 or more. */
  public ConvGeometry {
    Check.that(
        strideY >= 1 && strideX >= 1 && dilationY >= 1 && dilationX >= 1 && groups >= 1,
        "conv2d",
        "strides ("
            + strideY
            + ", "
            + strideX
            + "), dilations ("
            + dilationY
            + ", "
            + dilationX
            + ") and groups ("
            + groups
            + ") must be 1 or more.");
  }

  /** The same padding on all sides, one group, no stride, no dilation. */
  public static ConvGeometry padded(int padding) {
    return new ConvGeometry(1, 1, padding, padding, padding, padding, 1, 1, 1);
  }

  /** Height of the output for an input of this height; 0 or less where the kernel does not fit. */
  public long outputHeight(long height, long kernel) {
    return size(height + top + bottom, kernel, strideY, dilationY);
  }

  /** Width of the output for an input of this width. */
  public long outputWidth(long width, long kernel) {
    return size(width + left + right, kernel, strideX, dilationX);
  }

  private static long size(long padded, long kernel, int stride, int dilation) {
    return Math.floorDiv(padded - dilation * (kernel - 1) - 1, (long) stride) + 1;
  }

  /** This walk with another number of groups. */
  public ConvGeometry withGroups(int g) {
    return new ConvGeometry(strideY, strideX, top, bottom, left, right, dilationY, dilationX, g);
  }
}
