package org.aliasfree.graph;

import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/** What the convolutions mean: matrix products with the patches that the kernel walks over. */
final class ConvolutionDefinitions {
  private ConvolutionDefinitions() {}

  /** y[n, g] = w[g] · patches(x)[n, g], g running over the groups. */
  static Tensor conv2d(Tensor x, Tensor w, ConvGeometry geometry) {
    long groups = geometry.groups();
    long height = geometry.outputHeight(x.dim(2), w.dim(2));
    long width = geometry.outputWidth(x.dim(3), w.dim(3));
    Tensor kernel = w.reshape(groups, w.dim(0) / groups, w.dim(1) * w.dim(2) * w.dim(3));
    return kernel
        .matmul(patches(x, geometry, w.dim(2), w.dim(3)))
        .reshape(x.dim(0), w.dim(0), height, width);
  }

  /**
   * The transpose of a walk in steps over the image is a walk in single steps over y, zeros
   * inserted between its elements, with the kernel reversed and its channels exchanged.
   */
  static Tensor transpose(Tensor y, Tensor w, ConvGeometry geometry, long height, long width) {
    long groups = geometry.groups();
    long outputs = w.dim(0) / groups;
    long inputs = w.dim(1);
    Tensor reversed =
        w.reshape(groups, outputs, inputs, w.dim(2), w.dim(3))
            .permute(0, 2, 1, 3, 4)
            .reshape(groups * inputs, outputs, w.dim(2), w.dim(3))
            .flip(2, 3);
    Tensor spread =
        Definitions.insertZeros(
            Definitions.insertZeros(y, 2, geometry.strideY()), 3, geometry.strideX());
    long top = (w.dim(2) - 1) * geometry.dilationY() - geometry.top();
    long left = (w.dim(3) - 1) * geometry.dilationX() - geometry.left();
    return Ops.conv2d(
        spread,
        reversed,
        new ConvGeometry(
            1,
            1,
            Math.toIntExact(top),
            Math.toIntExact(height - spread.dim(2) + geometry.top()),
            Math.toIntExact(left),
            Math.toIntExact(width - spread.dim(3) + geometry.left()),
            geometry.dilationY(),
            geometry.dilationX(),
            geometry.groups()));
  }

  /** w[g] = Σ_n y[n, g] · patches(x)[n, g]ᵀ, the sum over the batch within the matrix product. */
  static Tensor weightGradient(
      Tensor x, Tensor y, ConvGeometry geometry, long kernelHeight, long kernelWidth) {
    long groups = geometry.groups();
    long outputs = y.dim(1) / groups;
    long positions = y.dim(2) * y.dim(3);
    Tensor patches = patches(x, geometry, kernelHeight, kernelWidth).permute(1, 2, 0, 3);
    Tensor columns = patches.reshape(groups, patches.dim(1), x.dim(0) * positions);
    return y.reshape(x.dim(0), groups, outputs, positions)
        .permute(1, 2, 0, 3)
        .reshape(groups, outputs, x.dim(0) * positions)
        .matmulTransposed(columns)
        .reshape(y.dim(1), x.dim(1) / groups, kernelHeight, kernelWidth);
  }

  /** y = d · conv(x · s, w), computed in the weight's type. */
  static Tensor modulated(Tensor x, Tensor w, Tensor s, Tensor d, ConvGeometry geometry) {
    DType type = Definitions.computeType(w.dtype());
    Tensor scaled = x.cast(type).mul(s.cast(type).reshape(x.dim(0), x.dim(1), 1, 1));
    return Ops.conv2d(scaled, w.cast(type), geometry)
        .mul(d.cast(type).reshape(x.dim(0), w.dim(0), 1, 1))
        .cast(x.dtype());
  }

  /**
   * For each position of the kernel the elements under it: [N, groups, I/groups·kh·kw, H'·W'],
   * gathered from the padded image with its rows joined.
   */
  private static Tensor patches(Tensor x, ConvGeometry geometry, long kh, long kw) {
    long height = geometry.outputHeight(x.dim(2), kh);
    long width = geometry.outputWidth(x.dim(3), kw);
    Tensor padded =
        x.pad(2, geometry.top(), geometry.bottom()).pad(3, geometry.left(), geometry.right());
    Tensor row = walk(0, kh, geometry.dilationY()).add(walk(2, height, geometry.strideY()));
    Tensor column = walk(1, kw, geometry.dilationX()).add(walk(3, width, geometry.strideX()));
    Tensor index = row.mul((double) padded.dim(3)).add(column).reshape(kh * kw * height * width);
    Tensor lines = padded.reshape(x.dim(0), x.dim(1), padded.dim(2) * padded.dim(3));
    long groups = geometry.groups();
    return Ops.gather(lines, 2, index)
        .reshape(x.dim(0), groups, x.dim(1) / groups * kh * kw, height * width);
  }

  /** 0, step, 2·step, … along one of four axes. */
  private static Tensor walk(int axis, long size, int step) {
    return Ops.iota(DType.I32, Shape.of(1, 1, 1, 1).with(axis, size), axis).mul(step);
  }
}
