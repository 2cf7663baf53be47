package org.aliasfree.backend.cpu.vector;

import java.util.Arrays;

/** Rearranging of operands into the orders that {@link GemmKernel} reads. */
final class GemmPacking {
  private static final boolean TRANSPOSE = VectorSupport.used() && TransposeKernel.used();

  /**
   * So many blocks are moved without vectors first. Before it is compiled a vector operation takes
   * a microsecond, and a first image needs too few of them for that to pay.
   */
  private static final int PLAIN_BLOCKS = 1024;

  /** Blocks moved until now, roughly: threads may overwrite each other's count. */
  private static int moved;

  private GemmPacking() {}

  /**
   * Transposes: {@code to[at + k*step + i] = lines[i*pitch + k]} for i below {@code rows} and k
   * below {@code count}; places i from {@code rows} up to {@code width} become zero.
   */
  static void interleave(
      float[] lines, int pitch, int rows, int count, float[] to, int at, int step, int width) {
    if (TRANSPOSE && count >= TransposeKernel.SIZE && moved++ >= PLAIN_BLOCKS) {
      moved = PLAIN_BLOCKS;
      for (int i = 0; i < rows; i += TransposeKernel.SIZE) {
        int height = Math.min(TransposeKernel.SIZE, rows - i);
        TransposeKernel.run(lines, i * pitch, pitch, height, count, to, at + i, step);
      }
      for (int k = 0; rows < width && k < count; k++) {
        Arrays.fill(to, at + k * step + rows, at + k * step + width, 0f);
      }
      return;
    }
    for (int k = 0; k < count; k++) {
      int next = at + k * step;
      for (int i = 0; i < rows; i++) {
        to[next + i] = lines[i * pitch + k];
      }
      for (int i = rows; i < width; i++) {
        to[next + i] = 0f;
      }
    }
  }

  /**
   * Packs rows that lie side by side: {@code width} values of one k, cut into row blocks.
   *
   * @param line the values of one k for all rows
   * @param rows how many there are
   * @param depth values of k in each packed block
   * @param to packed blocks, the first at 0
   */
  static void spread(float[] line, int rows, int k, int depth, float[] to) {
    for (int block = 0; block < GemmKernel.blocks(rows); block++) {
      int height = GemmKernel.blockRows(rows, block);
      int first = block * GemmKernel.ROWS;
      int count = Math.min(height, rows - first);
      int at = first * depth + k * height;
      System.arraycopy(line, first, to, at, count);
      Arrays.fill(to, at + count, at + height, 0f);
    }
  }
}
