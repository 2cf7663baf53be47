package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * The lowering table: what every op outside {@linkplain Op#isCore() the core} means, in terms of
 * simpler ops. A definition may use ops that are not core themselves, one step further down; {@link
 * Lowering} goes all the way. Definitions are the meaning of an op, not a way to run it fast.
 *
 * <p>Values in f16 are computed in f32 and rounded once at the end.
 */
public final class Definitions {
  private Definitions() {}

  /**
   * All outputs of an op applied to these inputs, built from simpler ops.
   *
   * @throws AliasFreeException if the op is core and has no definition
   */
  public static List<Tensor> of(Op op, List<Tensor> inputs) {
    return switch (op) {
      case Source s -> throw core(s);
      case Elementwise e -> throw core(e);
      case Reduction r -> throw core(r);
      case Movement m -> List.of(movement(m, inputs));
      case Linear l -> List.of(linear(l, inputs));
      case Resampling r -> List.of(resampling(r, inputs));
      case Fused f -> fused(f, inputs);
    };
  }

  private static Tensor movement(Movement op, List<Tensor> in) {
    return switch (op) {
      case Movement.Reshape o -> throw core(o);
      case Movement.Permute o -> throw core(o);
      case Movement.Expand o -> throw core(o);
      case Movement.Slice o -> throw core(o);
      case Movement.Gather o -> throw core(o);
      case Movement.Pad pad ->
          switch (pad.mode()) {
            case ZERO -> throw core(pad);
            case REFLECT -> reflect(in.getFirst(), pad);
          };
      case Movement.Flip flip -> flip(in.getFirst(), flip.axes());
      case Movement.Concat concat -> concat(in, in.getFirst().shape().axis(concat.axis()));
      case Movement.ScatterAdd s -> scatterAdd(in.get(0), in.get(1), s.axis(), s.size());
    };
  }

  private static Tensor linear(Linear op, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    return switch (op) {
      case Linear.MatMul o -> throw core(o);
      case Linear.Conv2d o -> ConvolutionDefinitions.conv2d(a, b, o.geometry());
      case Linear.ConvTranspose2d o ->
          ConvolutionDefinitions.transpose(a, b, o.geometry(), o.height(), o.width());
      case Linear.ConvWeightGradient o ->
          ConvolutionDefinitions.weightGradient(
              a, b, o.geometry(), o.kernelHeight(), o.kernelWidth());
    };
  }

  private static Tensor resampling(Resampling op, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    return switch (op) {
      case Resampling.Upfirdn2d o -> FilterDefinitions.upfirdn2d(a, b, o.geometry());
      case Resampling.GridSample o -> GridSampleDefinitions.sample(a, b);
      case Resampling.GridSampleInputGradient o ->
          GridSampleDefinitions.inputGradient(a, b, o.height(), o.width());
      case Resampling.GridSampleGridGradient o ->
          GridSampleDefinitions.gridGradient(a, b, in.get(2));
      case Resampling.Warp o -> WarpDefinitions.warp(a, b, in.get(2), in.get(3));
      case Resampling.WarpInputGradient o ->
          WarpDefinitions.inputGradient(a, b, in.get(2), in.get(3));
    };
  }

  private static List<Tensor> fused(Fused op, List<Tensor> in) {
    return switch (op) {
      case Fused.BiasAct o -> List.of(ActivationDefinitions.biasAct(in.get(0), in.get(1), o));
      case Fused.FilteredLrelu o ->
          FilterDefinitions.filteredLrelu(
              in.get(0), in.get(1), in.get(2), in.get(3), o.activation());
      case Fused.SignedFilter o ->
          List.of(FilterDefinitions.signedFilter(in.get(0), in.get(1), in.get(2), in.get(3), o));
      case Fused.ModulatedConv2d o ->
          List.of(
              ConvolutionDefinitions.modulated(
                  in.get(0), in.get(1), in.get(2), in.get(3), o.geometry()));
      case Fused.AdamStep o -> OptimizerDefinitions.adamStep(in);
    };
  }

  private static AliasFreeException core(Op op) {
    return new AliasFreeException(
        "The op " + op.name() + " is core: it has no definition, every backend must run it.");
  }

  /** y[i] = x[|i − before|], mirrored once more at the far edge. */
  private static Tensor reflect(Tensor x, Movement.Pad pad) {
    Tensor y = x;
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      long before = pad.before().get(axis);
      long after = pad.after().get(axis);
      if (before != 0 || after != 0) {
        long size = x.dim(axis);
        Tensor i = index(before + size + after).add((double) -before).abs();
        y = Ops.gather(y, axis, i.min(i.neg().add(2.0 * (size - 1))));
      }
    }
    return y;
  }

  /** y[i] = x[size − 1 − i] along each axis. */
  private static Tensor flip(Tensor x, List<Integer> axes) {
    Tensor y = x;
    for (int axis : axes) {
      long size = x.dim(axis);
      y = Ops.gather(y, axis, index(size).neg().add(size - 1.0));
    }
    return y;
  }

  /** Each part is padded to the whole size; which one is taken is decided by the index. */
  private static Tensor concat(List<Tensor> parts, int axis) {
    int rank = parts.getFirst().shape().rank();
    long total = parts.stream().mapToLong(t -> t.dim(axis)).sum();
    long[] line = new long[rank];
    Arrays.fill(line, 1);
    line[axis] = total;
    Tensor i = Ops.iota(DType.I32, Shape.of(line), axis);
    Tensor y = null;
    long end = total;
    for (Tensor part : parts.reversed()) {
      long start = end - part.dim(axis);
      Tensor padded = part.pad(axis, start, total - end);
      y = y == null ? padded : i.lt(i.scalar((double) end)).select(padded, y);
      end = start;
    }
    return java.util.Objects.requireNonNull(y);
  }

  /**
   * y[j] = Σ_k (indices[k] = j ? x[k] : 0). Selected rather than multiplied by 0 and 1, so that an
   * infinite element stays where it belongs.
   */
  private static Tensor scatterAdd(Tensor x, Tensor indices, int axisOrBack, long size) {
    int axis = x.shape().axis(axisOrBack);
    List<Long> wide = new ArrayList<>();
    for (long s : x.shape().toArray()) {
      wide.add(s);
    }
    wide.add(axis + 1, 1L);
    long[] column = new long[wide.size()];
    Arrays.fill(column, 1);
    long[] row = column.clone();
    column[axis] = x.dim(axis);
    row[axis + 1] = size;
    Tensor here =
        indices.reshape(Shape.of(column)).eq(Ops.iota(DType.I32, Shape.of(row), axis + 1));
    Tensor spread = x.reshape(Shape.of(wide.stream().mapToLong(Long::longValue).toArray()));
    return here.select(spread, x.scalar(0)).sum(axis).reshape(x.shape().with(axis, size));
  }

  /** 0, 1, … size − 1 as i32. */
  static Tensor index(long size) {
    return Ops.iota(DType.I32, Shape.of(size), 0);
  }

  /** Puts {@code factor − 1} zeros after each element along an axis. */
  static Tensor insertZeros(Tensor x, int axis, long factor) {
    if (factor == 1) {
      return x;
    }
    int rank = x.shape().rank();
    long[] sizes = x.shape().toArray();
    long[] split = new long[rank + 1];
    System.arraycopy(sizes, 0, split, 0, axis + 1);
    split[axis + 1] = 1;
    System.arraycopy(sizes, axis + 1, split, axis + 2, rank - axis - 1);
    return x.reshape(Shape.of(split))
        .pad(axis + 1, 0, factor - 1)
        .reshape(x.shape().with(axis, sizes[axis] * factor));
  }

  /** The type that arithmetic on elements of this type is done in. */
  static DType computeType(DType dtype) {
    return dtype == DType.F16 ? DType.F32 : dtype;
  }
}
