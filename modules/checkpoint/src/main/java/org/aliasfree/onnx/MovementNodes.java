package org.aliasfree.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Movement.Concat;
import org.aliasfree.op.Movement.Expand;
import org.aliasfree.op.Movement.Flip;
import org.aliasfree.op.Movement.Gather;
import org.aliasfree.op.Movement.Pad;
import org.aliasfree.op.Movement.PadMode;
import org.aliasfree.op.Movement.Permute;
import org.aliasfree.op.Movement.Reshape;
import org.aliasfree.op.Movement.ScatterAdd;
import org.aliasfree.op.Movement.Slice;

/** Ops that move elements. */
final class MovementNodes {
  private final Translation translation;
  private final OnnxModel model;

  MovementNodes(Translation translation) {
    this.translation = translation;
    model = translation.model();
  }

  void add(Movement op, Node node) {
    Tensor out = node.outputs().getFirst();
    Tensor x = node.inputs().getFirst();
    switch (op) {
      case Reshape _ -> reshape(out, x);
      case Permute permute ->
          translation.emit(
              out,
              "Transpose",
              List.of(translation.of(x)),
              Attribute.ints(
                  "perm", permute.axes().stream().mapToLong(Integer::longValue).toArray()));
      case Expand _ ->
          translation.emit(out, "Expand", List.of(translation.of(x), translation.shapeOf(out)));
      case Pad pad -> pad(out, x, pad);
      case Flip flip -> flip(out, x, flip);
      case Slice slice -> slice(out, x, slice);
      case Concat concat ->
          translation.emit(
              out,
              "Concat",
              node.inputs().stream().map(translation::of).toList(),
              Attribute.of("axis", (long) concat.axis()));
      case Gather gather ->
          translation.emit(
              out,
              "Gather",
              List.of(translation.of(x), translation.of(node.inputs().get(1))),
              Attribute.of("axis", (long) gather.axis()));
      case ScatterAdd _ -> throw new IllegalArgumentException(op.name());
    }
  }

  private void reshape(Tensor out, Tensor x) {
    if (out.shape().equals(x.shape())) {
      translation.alias(out, translation.of(x));
      return;
    }
    Sizes sizes = translation.sizes(out);
    String shape =
        sizes.hasOneGrowingAxis() ? model.integers(sizes.withUnknown()) : translation.shapeOf(out);
    translation.emit(out, "Reshape", List.of(translation.of(x), shape));
  }

  private void pad(Tensor out, Tensor x, Pad pad) {
    long[] sides =
        LongStream.concat(
                pad.before().stream().mapToLong(Long::longValue),
                pad.after().stream().mapToLong(Long::longValue))
            .toArray();
    if (Arrays.stream(sides).allMatch(s -> s == 0)) {
      translation.alias(out, translation.of(x));
      return;
    }
    translation.emit(
        out,
        "Pad",
        List.of(translation.of(x), model.integers(sides)),
        Attribute.of("mode", pad.mode() == PadMode.ZERO ? "constant" : "reflect"));
  }

  private void flip(Tensor out, Tensor x, Flip flip) {
    long[] axes = flip.axes().stream().mapToLong(Integer::longValue).toArray();
    long[] last = new long[axes.length];
    Arrays.fill(last, -1);
    long[] beforeFirst = new long[axes.length];
    Arrays.fill(beforeFirst, Integer.MIN_VALUE);
    emitSlice(out, x, last, beforeFirst, axes, last);
  }

  private void slice(Tensor out, Tensor x, Slice slice) {
    List<Long> starts = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    List<Long> axes = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      long start = slice.starts().get(axis);
      long step = slice.steps().get(axis);
      if (start == 0 && step == 1 && out.dim(axis) == x.dim(axis)) {
        continue;
      }
      if (!translation.sizes(out).isFixed(axis)) {
        throw new AliasFreeException(
            "The network takes a part of the images of a batch, so it needs a fixed batch size.");
      }
      starts.add(start);
      ends.add(start + (out.dim(axis) - 1) * step + 1);
      axes.add((long) axis);
      steps.add(step);
    }
    if (axes.isEmpty()) {
      translation.alias(out, translation.of(x));
    } else {
      emitSlice(out, x, array(starts), array(ends), array(axes), array(steps));
    }
  }

  private static long[] array(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  private void emitSlice(
      Tensor out, Tensor x, long[] starts, long[] ends, long[] axes, long[] steps) {
    translation.emit(
        out,
        "Slice",
        List.of(
            translation.of(x),
            model.integers(starts),
            model.integers(ends),
            model.integers(axes),
            model.integers(steps)));
  }
}
