package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Computes one node on the host. A kernel is made for one node, so it knows all shapes; it is
 * immutable and runs on any number of threads at once.
 *
 * @param <S> scratch memory of a thread, as the backend likes it
 */
@FunctionalInterface
public interface Kernel<S> {
  /** Computes the wanted outputs of the call from its inputs. */
  void run(Call<S> call);

  /**
   * How inputs are rearranged before use. Where an input depends on variables only, that is done
   * once for all runs.
   */
  default List<Packing<S>> packings() {
    return List.of();
  }

  /** The memory and the threads of one execution. */
  interface Call<S> extends Threads<S> {
    /** Dense row-major data of an input. */
    MemorySegment in(int i);

    /** Memory for an output, with arbitrary content; fails for one that is not wanted. */
    MemorySegment out(int i);

    /** Whether an output is used by anyone. */
    boolean wants(int i);

    /** The rearranged input of {@code packings().get(i)}. */
    Object packed(int i);
  }

  /** The threads of a backend. */
  @FunctionalInterface
  interface Threads<S> {
    /**
     * Runs tasks 0 … n − 1 on the backend's threads, in any order, and returns when all are done.
     * What a task computes must not depend on the thread or on other tasks.
     */
    void parallel(int tasks, Task<S> task);
  }

  /** A part of a kernel's work. */
  @FunctionalInterface
  interface Task<S> {
    /** Runs task {@code index} with scratch memory that no other thread uses meanwhile. */
    void run(int index, S scratch);
  }

  /**
   * A rearrangement of one input: a weight in panels for a matrix kernel, transformed for Winograd.
   *
   * @param input which input
   * @param layout what tells this rearrangement from others of the same tensor; compared by equals
   * @param packer does it
   */
  record Packing<S>(int input, Object layout, Packer<S> packer) {}

  /** Does a rearrangement. */
  @FunctionalInterface
  interface Packer<S> {
    /** Returns the rearranged data; the input is not valid afterwards. */
    Packed pack(MemorySegment input, Threads<S> threads);
  }

  /** A rearranged input and the bytes it takes. */
  record Packed(Object value, long bytes) {}
}
