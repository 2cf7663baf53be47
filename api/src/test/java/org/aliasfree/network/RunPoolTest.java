package org.aliasfree.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Graph;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;

class RunPoolTest {
  /** Counts runs; has memory for only so many. */
  private static final class CountingPlan implements Plan {
    private final AtomicInteger live;
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private final int memory;

    CountingPlan(AtomicInteger live, int memory) {
      this.live = live;
      this.memory = memory;
    }

    @Override
    public Graph graph() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Step> steps() {
      return List.of();
    }

    @Override
    public long runBytes() {
      return 1;
    }

    @Override
    public Run newRun() {
      int now = live.incrementAndGet();
      if (now > memory) {
        live.decrementAndGet();
        throw new OutOfMemoryException(1, "one more run", "the test", null);
      }
      made.incrementAndGet();
      most.accumulateAndGet(now, Math::max);
      return new CountingRun(live);
    }
  }

  private record CountingRun(AtomicInteger live) implements Run {
    @Override
    public void bind(String input, HostTensor value) {}

    @Override
    public void execute(StepListener listener) {}

    @Override
    public HostTensor output(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      live.decrementAndGet();
    }
  }

  private final AtomicInteger live = new AtomicInteger();

  @Test
  void neverMoreRunsThanAllowedHoweverManyThreadsAndPlans() throws Exception {
    CountingPlan one = new CountingPlan(live, 100);
    CountingPlan two = new CountingPlan(live, 100);
    try (RunPool pool = new RunPool(3);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        Plan plan = i % 3 == 0 ? two : one;
        done.add(threads.submit(() -> pool.use(plan, run -> 0)));
      }
      for (Future<?> f : done) {
        f.get();
      }
    }
    assertThat(Math.max(one.most.get(), two.most.get())).isLessThanOrEqualTo(3);
    assertThat(live).hasValue(0);
  }

  @Test
  void runIsUsedAgainUnlessItFailed() {
    CountingPlan plan = new CountingPlan(live, 100);
    try (RunPool pool = new RunPool(2)) {
      pool.use(plan, run -> 0);
      pool.use(plan, run -> 0);
      assertThat(plan.made).hasValue(1);
      assertThatThrownBy(
              () ->
                  pool.use(
                      plan,
                      run -> {
                        throw new AliasFreeException("It failed.");
                      }))
          .hasMessage("It failed.");
      assertThat(live).hasValue(0);
      pool.use(plan, run -> 0);
      assertThat(plan.made).hasValue(2);
    }
    assertThat(live).hasValue(0);
  }

  @Test
  void idleRunsMakeRoomWhereMemoryIsShort() {
    CountingPlan big = new CountingPlan(live, 1);
    CountingPlan small = new CountingPlan(live, 1);
    try (RunPool pool = new RunPool(4)) {
      pool.use(small, run -> 0);
      pool.use(big, run -> 0);
      assertThat(live).hasValue(1);
    }
    CountingPlan none = new CountingPlan(live, 0);
    try (RunPool pool = new RunPool(4)) {
      assertThatThrownBy(() -> pool.use(none, run -> 0)).isInstanceOf(OutOfMemoryException.class);
    }
  }

  @Test
  void closedPoolLendsNothing() {
    RunPool pool = new RunPool(1);
    pool.close();
    assertThatThrownBy(() -> pool.use(new CountingPlan(live, 1), run -> 0))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("closed");
  }
}
