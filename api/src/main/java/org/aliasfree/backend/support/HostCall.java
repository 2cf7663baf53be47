package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a kernel. Where a tensor lies is asked once, as kernels ask in their inner
 * loops; tasks that ask at the same time get the same answer.
 */
final class HostCall<S> implements Kernel.Call<S> {
  private final Node node;
  private final Function<Tensor, MemorySegment> memory;
  private final Predicate<Tensor> wanted;
  private final List<Object> packed;
  private final Kernel.Threads<S> threads;
  private final @Nullable MemorySegment[] in;
  private final @Nullable MemorySegment[] out;

  /**
   * @param memory where a tensor lies
   * @param wanted whether an output is used by anyone
   * @param packed the rearranged inputs
   */
  HostCall(
      Node node,
      Function<Tensor, MemorySegment> memory,
      Predicate<Tensor> wanted,
      List<Object> packed,
      Kernel.Threads<S> threads) {
    this.node = node;
    this.memory = memory;
    this.wanted = wanted;
    this.packed = packed;
    this.threads = threads;
    in = new MemorySegment[node.inputs().size()];
    out = new MemorySegment[node.outputs().size()];
  }

  @Override
  public MemorySegment in(int i) {
    MemorySegment known = in[i];
    if (known == null) {
      known = memory.apply(node.inputs().get(i));
      in[i] = known;
    }
    return known;
  }

  @Override
  public MemorySegment out(int i) {
    MemorySegment known = out[i];
    if (known == null) {
      known = memory.apply(node.outputs().get(i));
      out[i] = known;
    }
    return known;
  }

  @Override
  public boolean wants(int i) {
    return wanted.test(node.outputs().get(i));
  }

  @Override
  public Object packed(int i) {
    return packed.get(i);
  }

  @Override
  public void parallel(int tasks, Kernel.Task<S> task) {
    threads.parallel(tasks, task);
  }
}
