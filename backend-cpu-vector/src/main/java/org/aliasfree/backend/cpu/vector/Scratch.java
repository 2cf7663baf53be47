package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The working memory of one thread: arrays by slot, grown on demand and kept, so that a steady
 * state allocates nothing. Contents are whatever the last user left.
 */
final class Scratch {
  /** Slots of each kind of array. */
  static final int SLOTS = 8;

  private static final int PANEL_SLOTS = 3;

  /**
   * Loads the classes of segments on the heap, which come up now and then. Were one loaded later,
   * the JVM would discard all kernels that it has compiled for the segments known so far.
   */
  @SuppressWarnings("UnusedVariable")
  private static final List<MemorySegment> ON_HEAP =
      List.of(MemorySegment.ofArray(new byte[0]), MemorySegment.ofArray(new float[0]));

  private final float[][] floats = new float[SLOTS][0];
  private final double[][] doubles = new double[SLOTS][0];
  private final int[][] ints = new int[SLOTS][0];
  private byte[] bytes = new byte[0];
  private final @Nullable GemmPanels[] panels = new GemmPanels[PANEL_SLOTS];
  private MemorySegment memory = MemorySegment.NULL;
  private final AtomicIntegerArray least;

  /** Scratch that is as large as was ever asked for. */
  Scratch() {
    this(new AtomicIntegerArray(SLOTS));
  }

  /** Scratch whose floats in a slot are never fewer than {@code least} says. */
  Scratch(AtomicIntegerArray least) {
    this.least = least;
  }

  /** Slot {@code slot} (0 to 7) with room for at least {@code count} floats. */
  float[] floats(int slot, int count) {
    if (floats[slot].length < count) {
      floats[slot] = new float[0]; // The collector may have it before its successor is made.
      floats[slot] = new float[Math.max(count, least.get(slot))];
    }
    return floats[slot];
  }

  /** Panels in slot {@code slot} (0 to 2) with room for at least {@code count} floats. */
  GemmPanels panels(int slot, int count) {
    GemmPanels held = panels[slot];
    if (held == null || held.floats() < count) {
      if (held != null) {
        held.free();
      }
      held = new GemmPanels(count);
      panels[slot] = held;
    }
    return held;
  }

  /** Slot {@code slot} (0 to 7) with room for at least {@code count} doubles. */
  double[] doubles(int slot, int count) {
    if (doubles[slot].length < count) {
      doubles[slot] = new double[count];
    }
    return doubles[slot];
  }

  /** Slot {@code slot} (0 to 7) with room for at least {@code count} ints. */
  int[] ints(int slot, int count) {
    if (ints[slot].length < count) {
      ints[slot] = new int[count];
    }
    return ints[slot];
  }

  /**
   * Memory for at least {@code floats} floats, at a cache line, where large vectors are fastest.
   */
  MemorySegment memory(long floats) {
    if (memory.byteSize() < 4 * floats) {
      memory = Arena.ofAuto().allocate(4 * floats, 64);
    }
    return memory;
  }

  /** Room for at least {@code count} bytes. */
  byte[] bytes(int count) {
    if (bytes.length < count) {
      bytes = new byte[count];
    }
    return bytes;
  }
}
