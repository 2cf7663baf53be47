package org.aliasfree.training.augment;

import java.util.Arrays;
import java.util.List;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.Initializer;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * The augmentation pipe as a function that builds a graph: it warps images, changes their colours,
 * filters them, adds noise and cuts out a rectangle (Karras et al. 2020, appendix B). What happens
 * to each image comes in through the graph's inputs ({@link AugmentInput}), so the graph is the
 * same whatever was drawn. The result is affine in the images, and gradients of any order pass
 * through.
 */
public final class AugmentPipe {
  private final AugmentConfig config;
  private final NetworkVariable p;
  private final NetworkVariable lowPass;
  private final NetworkVariable bandPass;

  /** A pipe whose variables are called as in network files: p, Hz_geom, Hz_fbank. */
  public AugmentPipe(AugmentConfig config) {
    this.config = config;
    p = buffer("p", Initializer.constant(1));
    lowPass = filter("Hz_geom", FilterBank.lowPass(), FilterBank.lowPass().length);
    bandPass = filter("Hz_fbank", FilterBank.bandPass(), FilterBank.BANDS, FilterBank.TAPS);
  }

  private static NetworkVariable filter(String name, double[] taps, long... sizes) {
    return buffer(name, Initializer.values(taps), sizes);
  }

  private static NetworkVariable buffer(String name, Initializer initializer, long... sizes) {
    return new NetworkVariable(new Variable(name, TensorType.f32(sizes)), false, initializer);
  }

  /** What the pipe may do. */
  public AugmentConfig config() {
    return config;
  }

  /**
   * The overall strength, f32 []. Graphs do not read it: whoever {@linkplain AugmentDraws draws}
   * does.
   */
  public NetworkVariable p() {
    return p;
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    return List.of(p, lowPass, bandPass);
  }

  /** The inputs that {@link #apply} makes for images [N, C, H, W]. */
  public List<AugmentInput> inputs(Shape images) {
    return Arrays.stream(AugmentInput.values()).filter(i -> i.isNeeded(config, images)).toList();
  }

  /**
   * Augments images.
   *
   * @param images [N, C, H, W], −1 … 1; gray or RGB where colours change
   * @param pass its prefix tells the inputs from those of other batches in the graph, its scope the
   *     variables from those of other networks in the program
   * @return images of the same type
   * @throws org.aliasfree.AliasFreeException if the images have too many channels or are too small
   */
  public Tensor apply(Tensor images, ForwardPass pass) {
    AugmentInput.checkImages(config, images.shape());
    Inputs in = new Inputs(images, pass.prefix());
    Tensor y = images;
    if (config.hasGeometry()) {
      y =
          Ops.warp(
              y,
              in.get(AugmentInput.INVERSE),
              in.get(AugmentInput.MARGINS),
              Ops.read(pass.variable(lowPass)));
    }
    if (config.hasColor(images.dim(1))) {
      y = recolored(y, in.number(AugmentInput.COLOR));
    }
    if (config.has(Augmentation.IMGFILTER)) {
      y = filtered(y, in.number(AugmentInput.BAND_GAINS), pass);
    }
    if (config.has(Augmentation.NOISE)) {
      Tensor sigma = in.number(AugmentInput.NOISE_SIGMA).reshape(-1, 1, 1, 1);
      y = y.add(in.number(AugmentInput.NOISE).mul(sigma));
    }
    if (config.has(Augmentation.CUTOUT)) {
      Tensor half = in.get(AugmentInput.CUTOUT_SIZE).mul(0.5).reshape(-1, 1, 1, 1);
      y = cut(y, half, in.get(AugmentInput.CUTOUT_CENTER));
    }
    return y;
  }

  /** The inputs of one batch. */
  private record Inputs(Tensor images, String prefix) {
    Tensor get(AugmentInput input) {
      return Ops.input(prefix + input.label(), input.type(images.shape()));
    }

    /** In the images' element type. */
    Tensor number(AugmentInput input) {
      return get(input).cast(images.dtype());
    }
  }

  /** color[:, :, :C] · pixel + color[:, :, C]. */
  private static Tensor recolored(Tensor x, Tensor color) {
    long channels = x.dim(1);
    return color
        .slice(2, 0, channels)
        .matmul(x.reshape(x.dim(0), channels, x.dim(2) * x.dim(3)))
        .add(color.slice(2, channels, 1))
        .reshape(x.shape());
  }

  /** Reflects the edges and applies to each image its mixture of the bands, along x and y. */
  private Tensor filtered(Tensor x, Tensor gains, ForwardPass pass) {
    long n = x.dim(0);
    long planes = n * x.dim(1);
    Shape taps = Shape.of(n, x.dim(1), FilterBank.TAPS);
    Tensor filters =
        gains
            .matmul(Ops.read(pass.variable(bandPass)).cast(x.dtype()))
            .reshape(n, 1, FilterBank.TAPS)
            .expand(taps);
    List<Long> reach = List.of(0L, 0L, FilterBank.TAPS / 2L, FilterBank.TAPS / 2L);
    Tensor padded =
        x.apply(new Movement.Pad(reach, reach, Movement.PadMode.REFLECT))
            .reshape(1, planes, x.dim(2) + FilterBank.TAPS - 1, x.dim(3) + FilterBank.TAPS - 1);
    ConvGeometry each = new ConvGeometry(1, 1, 0, 0, 0, 0, 1, 1, Math.toIntExact(planes));
    Tensor alongX = Ops.conv2d(padded, filters.reshape(planes, 1, 1, FilterBank.TAPS), each);
    return Ops.conv2d(alongX, filters.reshape(planes, 1, FilterBank.TAPS, 1), each)
        .reshape(x.shape());
  }

  /** 0 where both |(x + ½)/W − cx| and |(y + ½)/H − cy| are less than half the size. */
  private static Tensor cut(Tensor x, Tensor half, Tensor center) {
    Tensor outsideX = half.le(distance(x, 3, center.slice(1, 0, 1)));
    Tensor outsideY = half.le(distance(x, 2, center.slice(1, 1, 1)));
    Tensor zero = x.scalar(0);
    return outsideX.select(x, outsideY.select(x, zero));
  }

  private static Tensor distance(Tensor x, int axis, Tensor center) {
    Shape line = Shape.of(1, 1, 1, 1).with(axis, x.dim(axis));
    Tensor position = Ops.iota(DType.F32, line, axis).add(0.5);
    return position
        .div(position.scalar((double) x.dim(axis)))
        .sub(center.reshape(-1, 1, 1, 1))
        .abs();
  }
}
