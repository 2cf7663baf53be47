package org.aliasfree.op;

import java.util.List;
import java.util.OptionalDouble;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * Ops that are chains of simpler ones, kept whole because a backend can run the chain without
 * storing what is between.
 */
public sealed interface Fused extends Op {

  /**
   * clamp(gain · f(x + b)): inputs x and b, one number for each index of axis {@code dim}.
   *
   * @param clamp largest magnitude of the result; infinite for none
   */
  record BiasAct(int dim, Activation activation, double alpha, double gain, double clamp)
      implements Fused {
    /** Checks the clamp. */
    public BiasAct {
      Check.that(clamp >= 0, "bias_act", "clamp must be 0 or more, but it is " + clamp + ".");
    }

    /**
     * Along the channels, with the activation's default slope.
     *
     * @param gain factor of the default gain, and of the clamp
     */
    public static BiasAct ofChannels(Activation activation, double gain, OptionalDouble clamp) {
      return new BiasAct(
          1,
          activation,
          activation.defaultAlpha(),
          activation.defaultGain() * gain,
          clamp.orElse(Double.POSITIVE_INFINITY) * gain);
    }

    @Override
    public String name() {
      return "bias_act";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType x = in.get(0);
      Check.isFloat(name(), "x", x);
      Check.sameDType(name(), "x", x, "the bias", in.get(1));
      Check.type(
          name(),
          "the bias",
          in.get(1),
          Shape.of(x.shape().dim(dim)),
          "(axis " + dim + " of x " + x + ")");
      return List.of(x);
    }
  }

  /**
   * StyleGAN3's alias-free non-linearity. Inputs x [N, C, H, W], bias [C] of x's type, up filter
   * and down filter (f32, as for {@link Resampling.Upfirdn2d}; a filter of the one tap 1 is no
   * filter). Outputs: y, and the sign map that its gradient needs: u8 [N, C, H″, ⌈W″/4⌉] where H″ ×
   * W″ is the size after the up filter; each byte holds four neighbours, the leftmost in its lowest
   * two bits: 0 where the slope is 1, 1 where it is {@code slope}, 2 where the value was clamped.
   */
  record FilteredLrelu(FilteredActivation activation) implements Fused {
    @Override
    public String name() {
      return "filtered_lrelu";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 4);
      TensorType x = in.get(0);
      Check.sameDType(name(), "x", x, "the bias", in.get(1));
      Check.type(
          name(),
          "the bias",
          in.get(1),
          Shape.of(x.shape().dim(1)),
          "(one for each channel of x " + x + ")");
      TensorType high = filtered(name(), activation.upFilter(), x, in.get(2));
      TensorType y = filtered(name(), activation.downFilter(), high, in.get(3));
      return List.of(y, signMap(high));
    }
  }

  /**
   * The linear part of {@link FilteredLrelu} at a given sign map: filter v up, multiply by gain
   * times the slope that the map tells (0 where it says clamped), filter down. Inputs v [N, C, H,
   * W], signs, up filter, down filter. It is the gradient of filtered_lrelu, and its own gradient
   * is of the same form.
   *
   * <p>Sample (i, j) of the up-sampled v takes the sign at (i + offsetY, j + offsetX) of the map;
   * outside the map the slope is 1. The clamp of {@code activation} is not applied.
   */
  record SignedFilter(FilteredActivation activation, int offsetX, int offsetY, long signWidth)
      implements Fused {
    @Override
    public String name() {
      return "signed_filter";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 4);
      TensorType v = in.get(0);
      TensorType signs = in.get(1);
      Check.dtype(name(), "the sign map", signs, DType.U8);
      Check.rank(name(), "the sign map", signs, 4);
      Shape s = signs.shape();
      Check.type(
          name(),
          "the sign map",
          signs,
          Shape.of(v.shape().dim(0), v.shape().dim(1), s.dim(2), (signWidth + 3) / 4),
          "to match v " + v + " and a map " + signWidth + " wide");
      TensorType high = filtered(name(), activation.upFilter(), v, in.get(2));
      return List.of(filtered(name(), activation.downFilter(), high, in.get(3)));
    }
  }

  /**
   * Convolution with a weight that each sample modulates: y[n, o] = d[n, o] · conv(x[n] · s[n],
   * w)[o]. Inputs x [N, I, H, W], w [O, I, k, k], styles s [N, I] and output scales d [N, O]
   * (demodulation and input gain). Scaling activations instead of weights is the same by linearity,
   * and leaves one weight for all samples. x may be f16 while the others are f32: then the product
   * is computed in f32 and rounded once.
   */
  record ModulatedConv2d(ConvGeometry geometry) implements Fused {
    @Override
    public String name() {
      return "modulated_conv2d";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 4);
      TensorType x = in.get(0);
      TensorType w = in.get(1);
      Check.that(
          geometry.groups() == 1,
          name(),
          "groups must be 1, but they are " + geometry.groups() + ".");
      TensorType y = Linear.convolved(name(), geometry, x.withDType(w.dtype()), w);
      Check.sameDType(name(), "the weight", w, "the styles", in.get(2));
      Check.sameDType(name(), "the weight", w, "the output scales", in.get(3));
      Check.that(
          x.dtype() == w.dtype() || x.dtype() == DType.F16,
          name(),
          "x must be of the weight's type or f16, but x is " + x + " and the weight " + w + ".");
      long n = x.shape().dim(0);
      Check.type(
          name(),
          "the styles",
          in.get(2),
          Shape.of(n, x.shape().dim(1)),
          "(one for each sample and input channel)");
      Check.type(
          name(),
          "the output scales",
          in.get(3),
          Shape.of(n, w.shape().dim(0)),
          "(one for each sample and output channel)");
      return List.of(y.withDType(x.dtype()));
    }
  }

  /**
   * One step of Adam (Kingma and Ba 2015), after the gradient was cleaned: NaN becomes 0, ±∞
   * becomes ±{@value #LARGEST}. Inputs, all of one type but for the last one's shape: parameter θ,
   * gradient g, first moment m, second moment v, and the seven numbers of {@code rates}: β₁, 1 −
   * β₁, β₂, 1 − β₂, the step lr / (1 − β₁ᵗ), √(1 − β₂ᵗ), ε. They are inputs because they change
   * from step to step, and 1 − β is given beside β because f32 would lose its digits. Outputs:
   *
   * <pre>
   * θ − step · m′ / (√v′ / √(1 − β₂ᵗ) + ε)
   * m′ = β₁ m + (1 − β₁) g
   * v′ = β₂ v + (1 − β₂) g²
   * </pre>
   */
  record AdamStep() implements Fused {
    /** What an infinite gradient is taken for. */
    public static final double LARGEST = 1e5;

    /** How many numbers {@code rates} has. */
    public static final int RATES = 7;

    @Override
    public String name() {
      return "adam_step";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 5);
      TensorType parameter = in.getFirst();
      Check.isFloat(name(), "the parameter", parameter);
      List<String> names = List.of("the gradient", "the first moment", "the second moment");
      for (int i = 1; i <= names.size(); i++) {
        String what = names.get(i - 1);
        Check.sameDType(name(), "the parameter", parameter, what, in.get(i));
        Check.type(name(), what, in.get(i), parameter.shape(), "(that of the parameter)");
      }
      Check.sameDType(name(), "the parameter", parameter, "the rates", in.get(4));
      Check.type(name(), "the rates", in.get(4), Shape.of(RATES), "(see its documentation)");
      return List.of(parameter, parameter, parameter);
    }
  }

  @Override
  default boolean isCore() {
    return false;
  }

  /** Type of an image after a filter. */
  static TensorType filtered(String op, FirGeometry g, TensorType x, TensorType filter) {
    Resampling.checkFilter(op, "a filter", filter);
    try {
      return new Resampling.Upfirdn2d(g).infer(List.of(x, filter)).getFirst();
    } catch (ShapeException e) {
      throw new ShapeException(op, String.valueOf(e.getMessage()));
    }
  }

  /** Type of the sign map for a signal at the high rate. */
  static TensorType signMap(TensorType high) {
    Shape s = high.shape();
    return TensorType.of(DType.U8, s.dim(0), s.dim(1), s.dim(2), (s.dim(3) + 3) / 4);
  }
}
