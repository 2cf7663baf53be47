package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/**
 * Working memory for B of matrix products in panels: {@link #COLUMNS} columns side by side, row
 * after row. It is native where {@link PanelKernel} reads it, since Java's arrays do not begin at a
 * cache line: loads across two lines cost a tenth of the speed.
 */
final class GemmPanels {
  /** Columns of a panel. */
  static final int COLUMNS = GemmKernel.COLUMNS;

  private static final int LINE_BYTES = 64;
  private static final Cleaner CLEANER = Cleaner.create();

  /** The panels. */
  final MemorySegment memory;

  private final float[] array;
  private final Cleaner.Cleanable cleanable;

  /** Room for {@code floats} floats. */
  @SuppressWarnings("MustBeClosedChecker") // free() or the cleaner closes the arena
  GemmPanels(int floats) {
    Arena arena = Arena.ofShared();
    cleanable = CLEANER.register(this, arena::close);
    if (GemmKernel.WIDE) {
      array = new float[0];
      memory = arena.allocate((long) floats * Float.BYTES, LINE_BYTES);
    } else {
      array = new float[floats];
      memory = MemorySegment.ofArray(array);
    }
  }

  /** How many floats there is room for. */
  int floats() {
    return Math.toIntExact(memory.byteSize() / Float.BYTES);
  }

  /** Gives the memory back at once; nobody may use it any more. */
  void free() {
    cleanable.clean();
  }

  /**
   * Multiplies a row block by a panel: {@code C[r][j] = sum over k of A[k][r] * B[k][j]}, as one
   * chain of fused multiply-adds in the order of k.
   *
   * @param rows rows of the block, from {@link GemmKernel#blockRows}
   * @param depth terms of each sum
   * @param a packed A, the block's first value at {@code ao}
   * @param bo first float of the panel
   * @param c the result, first value at {@code co}, row pitch {@code cs}
   */
  void multiply(int rows, int depth, float[] a, int ao, int bo, float[] c, int co, int cs) {
    if (GemmKernel.WIDE) {
      PanelKernel.run(rows, depth, a, ao, memory, (long) bo * Float.BYTES, c, co, cs);
      return;
    }
    GemmKernel.panel(rows, depth, a, ao, array, bo, c, co, cs);
  }
}
