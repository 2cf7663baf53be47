package org.aliasfree.op;

import java.util.List;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Matrix products and convolutions: linear in each input, accumulated in f32 or wider. */
public sealed interface Linear extends Op {

  /**
   * c[…, m, n] = Σ_k a[…, m, k] · b[…, k, n]; leading axes are broadcast, either matrix may be
   * given transposed.
   */
  record MatMul(boolean transposeA, boolean transposeB) implements Linear {
    @Override
    public String name() {
      return "matmul";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType a = in.get(0);
      TensorType b = in.get(1);
      Check.sameDType(name(), "a", a, "b", b);
      Check.isFloat(name(), "a", a);
      Check.that(
          a.shape().rank() >= 2 && b.shape().rank() >= 2,
          name(),
          "both inputs need 2 axes or more, but they are " + in + ".");
      long k = a.shape().dim(transposeA ? -2 : -1);
      long kb = b.shape().dim(transposeB ? -1 : -2);
      Check.that(
          k == kb,
          name(),
          "the inner sizes "
              + k
              + " and "
              + kb
              + " of "
              + a
              + (transposeA ? " (transposed)" : "")
              + " and "
              + b
              + (transposeB ? " (transposed)" : "")
              + " differ.");
      Shape batch = Elementwise.broadcast(name(), List.of(batchOf(a), batchOf(b)));
      long[] sizes = java.util.Arrays.copyOf(batch.toArray(), batch.rank() + 2);
      sizes[batch.rank()] = a.shape().dim(transposeA ? -1 : -2);
      sizes[batch.rank() + 1] = b.shape().dim(transposeB ? -2 : -1);
      return List.of(TensorType.of(a.dtype(), sizes));
    }

    @Override
    public boolean isCore() {
      return true;
    }

    private static TensorType batchOf(TensorType t) {
      long[] s = t.shape().toArray();
      return TensorType.of(t.dtype(), java.util.Arrays.copyOf(s, s.length - 2));
    }
  }

  /** Convolution of x [N, I, H, W] with w [O, I/groups, kh, kw]: [N, O, H', W']. */
  record Conv2d(ConvGeometry geometry) implements Linear {
    @Override
    public String name() {
      return "conv2d";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      return List.of(convolved(name(), geometry, in.get(0), in.get(1)));
    }
  }

  /**
   * The adjoint of {@link Conv2d} in its first input: y [N, O, H', W'] and w [O, I/groups, kh, kw]
   * give [N, I, height, width]. With w read as [inputs, outputs/groups, kh, kw] it is what is
   * called a transposed convolution.
   */
  record ConvTranspose2d(ConvGeometry geometry, long height, long width) implements Linear {
    @Override
    public String name() {
      return "conv_transpose2d";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType y = in.get(0);
      TensorType w = in.get(1);
      Check.rank(name(), "x", y, 4);
      Check.rank(name(), "the weight", w, 4);
      TensorType x =
          TensorType.of(
              y.dtype(), y.shape().dim(0), w.shape().dim(1) * geometry.groups(), height, width);
      TensorType expected = convolved(name(), geometry, x, w);
      Check.type(
          name(),
          "x",
          y,
          expected.shape(),
          "to be the convolution of an image " + x + " with the weight " + w);
      return List.of(x);
    }
  }

  /**
   * The adjoint of {@link Conv2d} in its second input: x [N, I, H, W] and y [N, O, H', W'] give [O,
   * I/groups, kernelHeight, kernelWidth], summed over the batch.
   */
  record ConvWeightGradient(ConvGeometry geometry, long kernelHeight, long kernelWidth)
      implements Linear {
    @Override
    public String name() {
      return "conv2d_weight_gradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType x = in.get(0);
      TensorType y = in.get(1);
      Check.rank(name(), "x", x, 4);
      Check.rank(name(), "y", y, 4);
      TensorType w =
          TensorType.of(
              x.dtype(),
              y.shape().dim(1),
              x.shape().dim(1) / geometry.groups(),
              kernelHeight,
              kernelWidth);
      TensorType expected = convolved(name(), geometry, x, w);
      Check.type(
          name(),
          "y",
          y,
          expected.shape(),
          "to be the convolution of x " + x + " with a weight " + w);
      return List.of(w);
    }
  }

  @Override
  default boolean isCore() {
    return false;
  }

  /** Type of the convolution of x with w, all fits checked. */
  static TensorType convolved(String op, ConvGeometry g, TensorType x, TensorType w) {
    Check.rank(op, "x", x, 4);
    Check.rank(op, "the weight", w, 4);
    Check.isFloat(op, "x", x);
    Check.sameDType(op, "x", x, "the weight", w);
    long inputs = x.shape().dim(1);
    long outputs = w.shape().dim(0);
    Check.that(
        inputs % g.groups() == 0 && outputs % g.groups() == 0,
        op,
        "the "
            + inputs
            + " input and "
            + outputs
            + " output channels must be multiples of the "
            + g.groups()
            + " groups.");
    Check.that(
        w.shape().dim(1) * g.groups() == inputs,
        op,
        "the weight "
            + w
            + " is for "
            + w.shape().dim(1) * g.groups()
            + " input channels in "
            + g.groups()
            + " groups, but x is "
            + x
            + ".");
    long h = g.outputHeight(x.shape().dim(2), w.shape().dim(2));
    long v = g.outputWidth(x.shape().dim(3), w.shape().dim(3));
    Check.that(
        h >= 1 && v >= 1,
        op,
        "the kernel of " + w + " does not fit into x " + x + " padded by " + g + ".");
    return TensorType.of(x.dtype(), x.shape().dim(0), outputs, h, v);
  }
}
