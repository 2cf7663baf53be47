package org.aliasfree.graph;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.TensorType;

/**
 * What an op asks of a machine: the arithmetic of its formula, and the least traffic with memory
 * that any way of computing it needs. Together with the machine's peaks they bound the time from
 * below (the roofline of Williams, Waterman and Patterson, 2009).
 *
 * @param flops floating-point operations: an addition, a multiplication or a function of a number
 *     is one each; comparing, choosing and moving numbers is none. Multiplications by zeros that
 *     up-sampling inserts are not counted, those by the zeros of padding are
 * @param bytes each input read once, each wanted output written once
 */
public record Workload(long flops, long bytes) {
  /** Nothing to do. */
  public static final Workload NONE = new Workload(0, 0);

  /** The workload of a node, of which all outputs are wanted. */
  public static Workload of(Node node) {
    return of(node, output -> true);
  }

  /**
   * The workload of a node.
   *
   * @param wanted which of its outputs are; the others need not be written
   */
  public static Workload of(Node node, Predicate<Tensor> wanted) {
    Set<Tensor> distinct = new LinkedHashSet<>(node.inputs());
    long written = node.outputs().stream().filter(wanted).mapToLong(Workload::bytes).sum();
    long read = distinct.stream().mapToLong(Workload::bytes).sum();
    List<TensorType> inputs = node.inputs().stream().map(Tensor::type).toList();
    return new Workload(
        FlopCounts.of(node.op(), inputs, node.outputs().getFirst().type()),
        traffic(node.op(), read, written));
  }

  private static long bytes(Tensor tensor) {
    return tensor.type().bytes();
  }

  /** What picks some of its input's elements reads no others. */
  private static long traffic(Op op, long read, long written) {
    return switch (op) {
      case Source.Input input -> 0;
      case Source.Read variable -> 0;
      case Movement.Reshape reshape -> 0;
      case Movement.ScatterAdd scatter -> read + written;
      case Movement movement -> Math.min(read, written) + written;
      default -> read + written;
    };
  }

  /** Both together. */
  public Workload plus(Workload other) {
    return new Workload(flops + other.flops, bytes + other.bytes);
  }

  /**
   * The least time that it takes, in seconds.
   *
   * @param flopRate operations a second that the machine can do at most
   * @param byteRate bytes a second, read and written, that its memory can move at most
   */
  public double seconds(double flopRate, double byteRate) {
    return Math.max(flops / flopRate, bytes / byteRate);
  }
}
