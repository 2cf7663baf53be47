package org.aliasfree.conformance;

import java.util.List;
import java.util.Map;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;

/** Cases of matrix products and convolutions. */
final class LinearCases {
  private LinearCases() {}

  static void putInto(Map<String, CaseGenerators.Generator> all) {
    all.put("MatMul", LinearCases::matmul);
    all.put("Conv2d", (c, t) -> convolution(c, t, 0));
    all.put("ConvTranspose2d", (c, t) -> convolution(c, t, 1));
    all.put("ConvWeightGradient", (c, t) -> convolution(c, t, 2));
    all.put("ModulatedConv2d", LinearCases::modulated);
    all.put("Conv2d of many channels", LinearCases::wide);
  }

  static Argument tensor(DType t, long... sizes) {
    return Argument.of(TensorType.of(t, sizes), Content.NORMAL);
  }

  private static Case matmul(Choices c, DType t) {
    boolean ta = c.coin();
    boolean tb = c.coin();
    int large = c.below(4);
    long m = large == 1 ? c.large(150) : c.from(1, 9);
    long k = large == 2 ? c.large(140) * c.from(1, 5) : c.from(1, 20);
    long n = large == 3 ? c.large(150) : c.from(1, 9);
    long batch = c.from(1, 3);
    long batchA = c.coin() ? batch : 1;
    Argument b =
        c.coin()
            ? tensor(t, tb ? n : k, tb ? k : n).storedIf(c.coin())
            : tensor(t, batch, tb ? n : k, tb ? k : n);
    return new Case(
        new Linear.MatMul(ta, tb),
        List.of(tensor(t, batchA, ta ? k : m, ta ? m : k), b),
        ElementwiseCases.seed(c));
  }

  private static Case convolution(Choices c, DType t, int form) {
    int groups = c.of(1, 1, 2, 3);
    int large = c.below(5);
    long n = c.from(1, 3);
    long inputs = (long) groups * c.from(1, large == 1 ? 24 : 4);
    long outputs = (long) groups * c.from(1, large == 2 ? 40 : 4);
    long height = large == 3 ? c.large(90) : c.from(1, 9);
    long width = large >= 3 ? c.large(140) : c.from(1, 9);
    long kh = c.of(1, 3, 3, 2, 5);
    long kw = c.of(1, 3, 3, 2, 5);
    ConvGeometry g =
        c.coin()
            ? ConvGeometry.padded((int) kh / 2)
            : new ConvGeometry(
                c.from(1, 3),
                c.from(1, 3),
                c.between(-2, 3),
                c.between(-2, 3),
                c.between(-2, 3),
                c.between(-2, 3),
                c.from(1, 2),
                c.from(1, 2),
                1);
    return convolution(
        c,
        form,
        g.withGroups(groups),
        tensor(t, n, inputs, height, width),
        tensor(t, outputs, inputs / groups, kh, kw));
  }

  private static Case convolution(
      Choices c, int form, ConvGeometry g, Argument x, Argument weight) {
    Argument w = weight.storedIf(c.coin());
    Linear.Conv2d conv = new Linear.Conv2d(g);
    TensorType y = conv.infer(List.of(x.type(), w.type())).getFirst();
    Argument dy = Argument.of(y, Content.NORMAL);
    long seed = ElementwiseCases.seed(c);
    return switch (form) {
      case 0 -> new Case(conv, List.of(x.perImage(), w), seed);
      case 1 -> {
        Op op = new Linear.ConvTranspose2d(g, x.type().shape().dim(2), x.type().shape().dim(3));
        yield new Case(op, List.of(dy.perImage(), w), seed);
      }
      default -> {
        Op op = new Linear.ConvWeightGradient(g, w.type().shape().dim(2), w.type().shape().dim(3));
        yield new Case(op, List.of(x, dy), seed);
      }
    };
  }

  private static Case modulated(Choices c, DType t) {
    int large = c.below(4);
    long n = c.from(1, 3);
    long inputs = large == 1 ? c.from(1, 40) : c.from(1, 6);
    long outputs = large == 2 ? c.from(1, 40) : c.from(1, 6);
    long k = c.of(1, 3, 3);
    long height = c.from(1, 9);
    long width = large == 3 ? c.large(140) : c.from(1, 9);
    DType weights = t == DType.F16 && c.coin() ? DType.F32 : t;
    return modulated(
        c,
        ConvGeometry.padded(c.below(3)),
        tensor(t, n, inputs, height, width),
        tensor(weights, outputs, inputs, k, k));
  }

  private static Case modulated(Choices c, ConvGeometry g, Argument x, Argument weight) {
    long n = x.type().shape().dim(0);
    DType t = weight.type().dtype();
    return new Case(
        new Fused.ModulatedConv2d(g),
        List.of(
            x.perImage(),
            weight.storedIf(c.coin()),
            tensor(t, n, x.type().shape().dim(1)).perImage(),
            tensor(t, n, weight.type().shape().dim(0)).perImage()),
        ElementwiseCases.seed(c));
  }

  /** Of sizes that backends have special forms for, such as Winograd's. */
  private static Case wide(Choices c, DType t) {
    long inputs = c.from(64, 9);
    long outputs = c.from(40, 9);
    ConvGeometry g = ConvGeometry.padded(c.below(3));
    Argument x = tensor(t, c.from(1, 2), inputs, c.from(12, 4), c.from(12, 8));
    Argument w = tensor(t, outputs, inputs, 3, 3);
    int form = c.below(3);
    return form == 2 ? modulated(c, g, x, w) : convolution(c, form, g, x, w);
  }
}
