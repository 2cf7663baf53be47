package org.aliasfree.backend.cpu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.backend.support.NativeAllocator;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;

/** Who holds memory, who gives it back, and what happens when there is not enough. */
class MemoryTest {
  private static final TensorType TYPE = TensorType.f32(100);
  private static final Variable WEIGHT = new Variable("weight", TYPE);

  /** y = x · exp(weight)²: the factor is prepared from the variable in two steps. */
  private static Program program() {
    return Program.of(
        "test",
        Graph.builder()
            .output("y", Ops.input("x", TYPE).mul(Ops.read(WEIGHT).exp().square()))
            .build());
  }

  /** An allocator that fails once the given number of allocations has been made. */
  private static final class Limited implements Allocator {
    final NativeAllocator memory = new NativeAllocator();
    int left = Integer.MAX_VALUE;

    @Override
    public Allocation allocate(long bytes, String holder) {
      if (left-- <= 0) {
        throw new OutOfMemoryException(bytes, holder, "the test's memory.", null);
      }
      return memory.allocate(bytes, holder);
    }
  }

  @Test
  void closingEverythingGivesAllMemoryBack() {
    Limited allocator = new Limited();
    try (Backend backend = open(allocator)) {
      try (VariableStore store = backend.createStore(List.of(WEIGHT))) {
        Plan plan = backend.compile(program(), store).plan("test");
        try (Run run = plan.newRun()) {
          execute(run);
          assertThat(allocator.memory.livePieces())
              .as("variables, activations and one prepared value")
              .isEqualTo(3);
          assertThat(allocator.memory.liveBytes())
              .isBetween(plan.runBytes() + 800, plan.runBytes() + 1000);
        }
        assertThat(allocator.memory.livePieces()).isEqualTo(2);
      }
      assertThat(allocator.memory.livePieces()).isZero();
    }
    assertThat(allocator.memory.liveBytes()).isZero();
  }

  @Test
  void aBackendWithoutEnoughMemorySaysWhoAskedAndStaysUsable() {
    Limited allocator = new Limited();
    try (Backend backend = open(allocator)) {
      // Whichever allocation fails, the same thing works when there is memory again.
      for (int allowed = 0; allowed < 4; allowed++) {
        allocator.left = allowed;
        assertThatThrownBy(() -> all(backend))
            .isInstanceOf(OutOfMemoryException.class)
            .hasMessageContaining("asked for");
        assertThat(allocator.memory.livePieces()).as("after failure %d", allowed).isZero();
      }
      allocator.left = Integer.MAX_VALUE;
      assertThat(all(backend)).isEqualTo(5);
    }
    assertThat(allocator.memory.livePieces()).isZero();
  }

  @Test
  void aRunThatFailsForLackOfMemoryCanBeRepeated() {
    Limited allocator = new Limited();
    try (Backend backend = open(allocator);
        VariableStore store = backend.createStore(List.of(WEIGHT));
        Run run = backend.compile(program(), store).plan("test").newRun()) {
      allocator.left = 1; // the second step of the prepared value
      assertThatThrownBy(() -> execute(run))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("400 bytes");
      allocator.left = Integer.MAX_VALUE;
      assertThat(execute(run)).isEqualTo(5);
    }
    assertThat(allocator.memory.livePieces()).isZero();
  }

  private static Backend open(Allocator allocator) {
    return new CpuReferenceProvider()
        .open(BackendOptions.defaults().withThreads(2).withAllocator(own -> allocator));
  }

  private static double all(Backend backend) {
    try (VariableStore store = backend.createStore(List.of(WEIGHT));
        Run run = backend.compile(program(), store).plan("test").newRun()) {
      return execute(run);
    }
  }

  /** Runs with x = 5 and the weight 0. */
  private static double execute(Run run) {
    HostTensor x = HostTensor.allocate(TYPE);
    x.set(99, 5);
    run.bind("x", x);
    run.execute();
    return run.output("y").get(99);
  }
}
