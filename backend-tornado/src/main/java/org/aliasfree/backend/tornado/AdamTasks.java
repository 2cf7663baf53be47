package org.aliasfree.backend.tornado;

import java.util.IdentityHashMap;
import org.aliasfree.backend.tornado.device.AdamLoops;
import org.aliasfree.graph.Node;

/** Adam's update: one task for those of its three outputs that lie in one array. */
final class AdamTasks {
  private static final int OUTPUTS = 3;

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
      IdentityHashMap<float[], Integer> wanted = new IdentityHashMap<>();
      for (int i = 0; i < OUTPUTS; i++) {
        if (at.wants(i)) {
          p[6 + i] = at.out(i).offset();
          wanted.merge(at.out(i).floats(), 1 << i, Integer::sum);
        }
      }
      wanted.forEach(
          (out, which) ->
              tasks.task(
                  AdamLoops::update,
                  p,
                  at.in(0).floats(),
                  at.in(1).floats(),
                  at.in(2).floats(),
                  at.in(3).floats(),
                  at.in(4).floats(),
                  out,
                  which,
                  n));
    };
  }
}
