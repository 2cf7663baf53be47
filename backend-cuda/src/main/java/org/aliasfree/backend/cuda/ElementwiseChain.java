package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.aliasfree.backend.cuda.ElementwiseStep.Code;
import org.aliasfree.backend.support.StridedAxes;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Functions of single elements, one after the other, by one kernel: each node but the first reads
 * the result of the one before, and only the last result is stored. Numbers that a graph fills
 * tensors with are part of the kernel's arguments.
 *
 * <p>f16 is computed in f32; within a chain it is rounded by casts only. Casts from f16 to f32 may
 * stand before the first function: they are done by reading.
 */
final class ElementwiseChain implements OpKernel {
  private static final int MOST_STEPS = 8;
  private static final int MOST_OPERANDS = 10;
  private static final int MOST_AXES = 6;
  private static final long MOST_ELEMENTS = 1L << 31;
  private static final long ALIGNED = 64; // elements, whatever their size and the kernel

  private final List<Tensor> operands = new ArrayList<>();
  private final List<ElementwiseStep> steps = new ArrayList<>();
  private final WidenedHalves widened;
  private final Tensor result;
  private final StridedAxes axes;
  private final boolean costly;

  private ElementwiseChain(List<Node> nodes) {
    widened = WidenedHalves.leading(nodes);
    result = nodes.getLast().outputs().getFirst();
    Tensor value = null;
    for (Node node : nodes.subList(widened.count(), nodes.size())) {
      add(node, value);
      value = node.outputs().getFirst();
    }
    Shape shape = result.shape();
    axes =
        StridedAxes.of(
            shape, operands.stream().map(t -> t.shape().broadcastStrides(shape)).toList());
    costly = steps.stream().anyMatch(s -> s.code().isCostly());
  }

  /**
   * Nodes that one kernel computes.
   *
   * @param nodes {@linkplain WidenedHalves casts} that are seen through, then one; or more, each of
   *     which {@linkplain #canFollow can follow} those before
   */
  static OpKernel of(List<Node> nodes) {
    return new ElementwiseChain(nodes);
  }

  /**
   * Whether a node can be added to those before. What this does not ask is whether somebody else
   * wants the result of the last one, which is not stored then.
   *
   * @param nodes those before; none if the question is whether a chain can begin with the node
   */
  static boolean canFollow(List<Node> nodes, Node next) {
    if (!(next.op() instanceof Elementwise)) {
      return false;
    }
    if (nodes.isEmpty()) {
      return true;
    }
    Tensor last = nodes.getLast().outputs().getFirst();
    Set<Tensor> hidden = new HashSet<>();
    nodes.forEach(n -> hidden.addAll(n.outputs()));
    hidden.remove(last);
    if (!next.inputs().contains(last)
        || !next.outputs().getFirst().shape().equals(last.shape())
        || next.inputs().stream().anyMatch(hidden::contains)) {
      return false;
    }
    List<Node> all = new ArrayList<>(nodes);
    all.add(next);
    ElementwiseChain chain = new ElementwiseChain(all);
    return chain.steps.size() <= MOST_STEPS && chain.operands.size() <= MOST_OPERANDS;
  }

  /** The tensors that are read: not the numbers, nor what is computed on the way. */
  static List<Tensor> reads(List<Node> nodes) {
    return new ElementwiseChain(nodes)
        .operands.stream().filter(t -> !isNumber(t)).distinct().toList();
  }

  private static boolean isNumber(Tensor tensor) {
    return tensor.node().op() instanceof Source.Fill;
  }

  private int operand(Tensor tensor, @Nullable Tensor value) {
    if (tensor.equals(value)) {
      return ElementwiseStep.SAME;
    }
    Tensor source = widened.source(tensor);
    int known = operands.indexOf(source);
    if (known < 0) {
      operands.add(source);
      return operands.size() - 1;
    }
    return known;
  }

  private void add(Node node, @Nullable Tensor before) {
    List<Tensor> in = node.inputs();
    Tensor value = before;
    if (value == null) {
      value = in.getFirst();
      operands.add(widened.source(value));
    }
    DType type = in.getLast().dtype();
    int place = in.indexOf(value);
    switch (node.op()) {
      case Elementwise.Unary o -> add(ElementwiseStep.unary(o.function(), type));
      case Elementwise.Binary o -> {
        int other = operand(in.get(1 - place), value);
        Code code = ElementwiseStep.binary(o.function(), type, place == 1);
        steps.add(new ElementwiseStep(code, other, ElementwiseStep.NONE));
        if (type == DType.U8) {
          add(Code.TO_BYTE);
        }
      }
      case Elementwise.Compare o -> {
        int other = operand(in.get(1 - place), value);
        Code code = ElementwiseStep.compare(o.comparison(), type, place == 1);
        steps.add(new ElementwiseStep(code, other, ElementwiseStep.NONE));
      }
      case Elementwise.Select o -> {
        Code code = List.of(Code.SELECT_BY, Code.SELECT_A, Code.SELECT_B).get(place);
        int first = operand(in.get(place == 0 ? 1 : 0), value);
        int second = operand(in.get(place == 2 ? 1 : 2), value);
        steps.add(new ElementwiseStep(code, first, second));
      }
      case Elementwise.Cast o -> cast(type, o.dtype());
      case Elementwise.StopGradient o -> {}
      case Op o -> throw new IllegalArgumentException(o.name());
    }
  }

  private void add(Code code) {
    steps.add(ElementwiseStep.of(code));
  }

  private void cast(DType from, DType to) {
    switch (to) {
      case F16 -> {
        if (!from.isFloat()) {
          add(Code.TO_FLOAT);
        }
        if (from != to) {
          add(Code.TO_F16);
        }
      }
      case F32 -> {
        if (!from.isFloat()) {
          add(Code.TO_FLOAT);
        }
      }
      case I32, U8 -> {
        if (from.isFloat()) {
          add(Code.TO_INT);
        }
        if (to == DType.U8 && from != to) {
          add(Code.TO_BYTE);
        }
      }
      case F64, I64 -> throw new IllegalArgumentException("kernels have no " + to.label());
    }
  }

  @Override
  public void launch(Operands at, Launches launches) {
    if (steps.isEmpty()) {
      Tensor x = operands.getFirst();
      if (!isNumber(x) && x.type().equals(result.type())) {
        launches.copy(at.of(result), at.of(x), x.type().bytes());
        return;
      }
    }
    long[] addresses = operands.stream().mapToLong(t -> isNumber(t) ? 0 : at.of(t)).toArray();
    launch(axes, addresses, at.of(result), launches);
  }

  /** Where there are more elements or axes than a kernel can count, there are more launches. */
  private void launch(StridedAxes part, long[] from, long to, Launches launches) {
    long count = part.count();
    int last = part.rank() - 1;
    if (count < MOST_ELEMENTS && part.rank() <= MOST_AXES) {
      if (count != 0) {
        launchPart(part, count, from, to, launches);
      }
      return;
    }
    long size = part.sizes().get(last);
    long inner = count / size;
    long most = part.rank() > MOST_AXES ? 1 : Math.max(1, (MOST_ELEMENTS - 1) / inner);
    most = most > ALIGNED ? most / ALIGNED * ALIGNED : most;
    for (long start = 0; start < size; start += most) {
      long[] addresses = from.clone();
      for (int i = 0; i < addresses.length; i++) {
        if (!isNumber(operands.get(i))) {
          addresses[i] += start * part.stride(i, last) * operands.get(i).dtype().bytes();
        }
      }
      long y = to + start * inner * result.dtype().bytes();
      launch(part.withOutermost(Math.min(most, size - start)), addresses, y, launches);
    }
  }

  private void launchPart(StridedAxes part, long count, long[] from, long to, Launches launches) {
    int group = group(part, from, to);
    Arguments arguments = new Arguments().address(to);
    for (int i = 0; i < MOST_OPERANDS; i++) {
      if (i < operands.size()) {
        addOperand(part, i, from[i], group, arguments);
      } else {
        arguments.address(0).int32s(MOST_AXES + 2);
      }
    }
    for (int k = 0; k < MOST_AXES; k++) {
      long size = k < part.rank() ? part.sizes().get(k) : 1;
      Divisor.of(k == 0 ? Math.ceilDiv(size, group) : size).addTo(arguments);
    }
    for (int i = 0; i < MOST_STEPS; i++) {
      (i < steps.size() ? steps.get(i) : ElementwiseStep.of(Code.NEG)).addTo(arguments);
    }
    arguments.int32(Math.max(1, part.rank())).int32(steps.size()).type(result.dtype()).int32(count);
    String kernel = (costly ? "elementwise_costly_chain_" : "elementwise_chain_") + group;
    launches.forEach(kernel, Math.ceilDiv(count, group), arguments);
  }

  private void addOperand(
      StridedAxes part, int operand, long address, int group, Arguments arguments) {
    Tensor tensor = operands.get(operand);
    arguments.address(address);
    for (int k = 0; k < MOST_AXES; k++) {
      long stride = k < part.rank() ? part.stride(operand, k) : 0;
      arguments.int32(k == 0 ? stride * group : stride);
    }
    arguments.bits(tensor.node().op() instanceof Source.Fill f ? word(f) : 0).type(tensor.dtype());
  }

  /** How a kernel holds a number. */
  private static int word(Source.Fill fill) {
    return switch (fill.type().dtype()) {
      case F32 -> Float.floatToRawIntBits((float) fill.value());
      case F16 ->
          Float.floatToRawIntBits(Float.float16ToFloat(Float.floatToFloat16((float) fill.value())));
      case I32 -> (int) fill.value();
      case U8 -> (int) fill.value() & 0xff;
      case F64, I64 -> throw new IllegalArgumentException("kernels have no wide numbers");
    };
  }

  /**
   * How many neighbours a thread computes: rows are made of whole groups, or there is one row. That
   * one may be part of more, and begin where a group does not.
   */
  private int group(StridedAxes part, long[] from, long to) {
    if (part.rank() == 0) {
      return 1;
    }
    boolean halves =
        result.dtype() == DType.F16
            || operands.stream().anyMatch(t -> t.dtype() == DType.F16 && !isNumber(t));
    boolean oneRow = part.rank() == 1;
    for (int group : costly || !halves ? new int[] {4} : new int[] {8, 4}) {
      if ((oneRow || part.sizes().getFirst() % group == 0) && isAligned(part, from, to, group)) {
        return group;
      }
    }
    return 1;
  }

  /** Whether everything that is read or written in groups begins at a multiple of a group. */
  private boolean isAligned(StridedAxes part, long[] from, long to, int group) {
    return to % ((long) group * result.dtype().bytes()) == 0
        && IntStream.range(0, from.length)
            .filter(i -> !isNumber(operands.get(i)) && part.stride(i, 0) != 0)
            .allMatch(i -> from[i] % ((long) group * operands.get(i).dtype().bytes()) == 0);
  }
}
