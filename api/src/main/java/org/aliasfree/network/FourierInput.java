package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * The signal that synthesis starts from: sine waves over the continuous plane, moved and turned as
 * w and the user say, and mixed (Karras et al. 2021, section 3.1).
 *
 * @param geometry channels, size and rates
 * @param weight [C, C], mixes the waves
 * @param transform [3, 3], the user's transformation as the file has it; passes take it as an
 *     argument instead
 * @param freqs [C, 2], frequencies in cycles per image width
 * @param phases [C], phases in cycles
 * @param affine from w to (cos, sin, tx, ty)
 */
public record FourierInput(
    InputGeometry geometry,
    NetworkVariable weight,
    NetworkVariable transform,
    NetworkVariable freqs,
    NetworkVariable phases,
    FullyConnected affine) {

  /** The input of this geometry; its variables are called {@code synthesis.input.…}. */
  static FourierInput of(InputGeometry geometry, int wDim) {
    int channels = geometry.channels();
    String name = "synthesis.input";
    double bandwidth = geometry.bandwidth();
    return new FourierInput(
        geometry,
        NetworkVariable.parameter(name + ".weight", Initializer.normal(1), channels, channels),
        NetworkVariable.buffer(
            name + ".transform", Initializer.copyOf(InputTransform.identity()), 3, 3),
        NetworkVariable.buffer(
            name + ".freqs", (type, random) -> inDisc(type, bandwidth, random), channels, 2),
        NetworkVariable.buffer(name + ".phases", Initializer.uniform(-0.5, 0.5), channels),
        FullyConnected.of(name + ".affine", wDim, 4, Activation.LINEAR, 1, 0, 1, 0, 0, 0));
  }

  /** Frequencies spread evenly over a disc: v / (|v| · exp(|v|²)^¼) · bandwidth for normal v. */
  private static HostTensor inDisc(TensorType type, double bandwidth, RandomState random) {
    HostTensor value = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i += 2) {
      double x = random.randn();
      double y = random.randn();
      double square = x * x + y * y;
      double scale = bandwidth / (StrictMath.sqrt(square) * StrictMath.exp(square / 4));
      value.set(i, x * scale);
      value.set(i + 1, y * scale);
    }
    return value;
  }

  /**
   * The signal, [N, C, size, size].
   *
   * @param w [N, wDim]
   * @param userTransform [3, 3], the inverse of the transformation wanted of the image
   */
  public Tensor apply(Tensor w, Tensor userTransform, ForwardPass pass) {
    long n = w.dim(0);
    long channels = geometry.channels();
    double rate = geometry.samplingRate();
    Tensor moved = pass.read(freqs).matmul(matrix(affine.apply(w, pass), userTransform));
    Tensor f = moved.slice(2, 0, 2);
    Tensor phase = pass.read(phases).reshape(1, channels, 1).add(moved.slice(2, 2, 1));
    // Frequencies that the grid cannot carry fade out.
    Tensor excess = f.square().sum(2).sqrt().add(-geometry.bandwidth());
    Tensor fade = excess.mul(-1 / (rate / 2 - geometry.bandwidth())).add(1);
    Tensor amplitude =
        fade.max(fade.scalar(0)).min(fade.scalar(1)).mul(1 / Math.sqrt((double) channels));
    Tensor waves = f.matmulTransposed(grid()).add(phase).mul(2 * Math.PI).sin().mul(amplitude);
    return pass.read(weight).matmul(waves).reshape(n, channels, geometry.size(), geometry.size());
  }

  /**
   * The first two rows of rotation · translation · userTransform, [N, 2, 3]: from places in the
   * image to places in the plane.
   */
  private static Tensor matrix(Tensor motion, Tensor userTransform) {
    Tensor turn = motion.slice(1, 0, 2);
    Tensor t = motion.div(turn.square().sum(1).sqrt());
    Tensor cos = t.slice(1, 0, 1);
    Tensor sin = t.slice(1, 1, 1);
    Tensor tx = t.slice(1, 2, 1);
    Tensor ty = t.slice(1, 3, 1);
    Tensor elements =
        Ops.concat(
            1,
            List.of(
                cos,
                sin.neg(),
                sin.mul(ty).sub(cos.mul(tx)),
                sin,
                cos,
                sin.mul(tx).add(cos.mul(ty)).neg()));
    return elements.reshape(motion.dim(0), 2, 3).matmul(userTransform);
  }

  /** The place of every pixel's centre, (x, y) in image widths from the middle: [size², 2]. */
  private Tensor grid() {
    long size = geometry.size();
    List<Tensor> axes = new ArrayList<>();
    for (int axis : new int[] {1, 0}) {
      axes.add(
          Ops.iota(DType.I32, Shape.of(size, size), axis)
              .cast(DType.F32)
              .add(0.5 - size / 2.0)
              .mul(1.0 / geometry.samplingRate())
              .reshape(size * size, 1));
    }
    return Ops.concat(1, axes);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(List.of(weight, transform, freqs, phases));
    all.addAll(affine.variables());
    return all;
  }
}
