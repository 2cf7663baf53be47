package org.aliasfree.backend.cpu.reference;

import java.util.function.IntConsumer;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.graph.Node;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * One execution of a node: its inputs and outputs as tensors, and the threads to work on.
 *
 * <p>Work is always split by what is computed, never by what is added up, so that neither the
 * number of threads nor the other images of a batch can change a bit.
 */
record Frame(Node node, Kernel.Call<NoScratch> call) {
  private static final long RANGE = 1 << 14;

  /** What is done with the elements {@code from} … {@code to − 1}. */
  @FunctionalInterface
  interface Range {
    void run(long from, long to);
  }

  /** An input. */
  HostTensor in(int i) {
    return new HostTensor(node.inputs().get(i).type(), call.in(i));
  }

  /** Type of an output. */
  TensorType outType(int i) {
    return node.outputs().get(i).type();
  }

  /** An output to be filled; only for one that is {@linkplain #wants wanted}. */
  HostTensor out(int i) {
    return new HostTensor(outType(i), call.out(i));
  }

  boolean wants(int i) {
    return call.wants(i);
  }

  /** All elements of an input. */
  double[] values(int i) {
    return Doubles.read(in(i));
  }

  /** Runs tasks 0 … n − 1, on several threads. */
  void parallel(long n, IntConsumer task) {
    call.parallel(Math.toIntExact(n), (index, scratch) -> task.accept(index));
  }

  /** Splits 0 … n − 1 into ranges that are run on several threads. */
  void ranges(long n, Range range) {
    parallel(
        Math.ceilDiv(n, RANGE),
        i -> {
          long from = i * RANGE;
          range.run(from, Math.min(n, from + RANGE));
        });
  }
}
