package org.aliasfree.backend.tornado;

import org.aliasfree.backend.tornado.device.AdamLoops;
import org.aliasfree.graph.Node;

/** Adam's update: one task for up to three outputs. */
final class AdamTasks {
  private AdamTasks() {}

  static OpKernel of(Node node) {
    int count = Math.toIntExact(node.outputs().getFirst().type().elements());
    int n = Spread.over(count);
    return (at, tasks) -> {
      int[] p = new int[9];
      p[0] = count;
      for (int i = 0; i < 5; i++) {
        p[1 + i] = at.in(i).offset();
      }
      float[][] out = new float[3][];
      int wanted = 0;
      for (int i = 0; i < 3; i++) {
        // What nobody wants is not stored, into whatever array.
        out[i] = at.wants(i) ? at.out(i).floats() : at.in(0).floats();
        p[6 + i] = at.wants(i) ? at.out(i).offset() : 0;
        wanted |= at.wants(i) ? 1 << i : 0;
      }
      if (count == 0 || wanted == 0) {
        return;
      }
      tasks.task(
          AdamLoops::update,
          p,
          at.in(0).floats(),
          at.in(1).floats(),
          at.in(2).floats(),
          at.in(3).floats(),
          at.in(4).floats(),
          out[0],
          out[1],
          out[2],
          wanted,
          n);
    };
  }
}
