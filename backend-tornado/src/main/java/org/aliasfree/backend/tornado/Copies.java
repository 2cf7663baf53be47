package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.CopyLoops;

/** Copies from place to place. */
final class Copies {
  private Copies() {}

  static void add(Tasks tasks, Place from, Place to, long elements) {
    int[] p = {Math.toIntExact(elements), from.offset(), to.offset()};
    if (from.array() instanceof float[] floats) {
      tasks.task(CopyLoops::copyFloats, p, floats, to.floats(), Spread.over(elements));
    } else {
      tasks.task(CopyLoops::copyInts, p, from.ints(), to.ints(), Spread.over(elements));
    }
  }
}
