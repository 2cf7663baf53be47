package org.aliasfree.cli;

import org.aliasfree.tensor.HostTensor;

/**
 * One picture of a sheet.
 *
 * @param ws f32 [1, numWs, wDim], truncated
 * @param movement of the picture
 * @param seed that decides the noise where it is random
 */
record SheetCell(HostTensor ws, Movement movement, long seed) {
  SheetCell(HostTensor ws, long seed) {
    this(ws, Movement.NONE, seed);
  }
}
