package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.backend.support.Schedule;

/** Cuts the work of a graph into units. */
final class Units {
  private Units() {}

  /** Units that compute what is done in every run, in order. */
  static List<Unit> of(Schedule schedule) {
    return schedule.work().stream().map(n -> new Unit(List.of(n), OpKernels.of(n))).toList();
  }
}
