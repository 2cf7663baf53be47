package org.aliasfree.backend.cpu.vector;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Memory that the tasks of one kernel share, for as many kernels as ever ran at once. Kernels say
 * when they are made what they will ask for, so that the first one to run makes room for all of
 * them: memory that grew from layer to layer would leave its former selves to the collector.
 */
final class SharedScratch {
  private final Deque<Scratch> free = new ConcurrentLinkedDeque<>();
  private final AtomicIntegerArray least = new AtomicIntegerArray(Scratch.SLOTS);

  /** Some kernel will ask for {@code count} floats in slot {@code slot}. */
  void expect(int slot, int count) {
    least.accumulateAndGet(slot, count, Math::max);
  }

  /** Memory that nobody else uses until it is given back. */
  Scratch borrow() {
    Scratch memory = free.poll();
    return memory == null ? new Scratch(least) : memory;
  }

  /** Gives back what was borrowed. */
  void giveBack(Scratch memory) {
    free.push(memory);
  }
}
