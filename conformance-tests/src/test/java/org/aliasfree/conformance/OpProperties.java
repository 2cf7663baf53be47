package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Lowering;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;

/** What holds for every op on every backend, for any attributes and shapes. */
class OpProperties {
  private static final Backend REFERENCE = Backends.select("cpu-reference");
  private static final List<Backend> BACKENDS = new ArrayList<>();
  private static final List<Backend> OTHER_THREADS = new ArrayList<>();

  @BeforeContainer
  static void open() {
    for (String id : TestBackends.ids()) {
      BackendOptions options = BackendOptions.defaults();
      BACKENDS.add(Backends.select(id, options.withThreads(2)));
      OTHER_THREADS.add(Backends.select(id, options.withThreads(1)));
      OTHER_THREADS.add(Backends.select(id, options.withThreads(3)));
    }
  }

  @AfterContainer
  static void close() {
    BACKENDS.forEach(Backend::close);
    OTHER_THREADS.forEach(Backend::close);
    REFERENCE.close();
  }

  @Provide
  Arbitrary<String> ops() {
    return Arbitraries.of(RandomOp.names());
  }

  @Provide
  Arbitrary<DType> types() {
    return Arbitraries.of(DType.F16, DType.F32, DType.F64);
  }

  @Property(tries = 1500)
  void anOpGivesWhatItsDefinitionGivesOnTheReference(
      @ForAll("ops") String name, @ForAll("types") DType type, @ForAll long seed) {
    RandomOp op = RandomOp.of(name, type, seed);
    Graph graph = graph(op);
    Map<String, HostTensor> expected = run(REFERENCE, Lowering.lower(graph, Op::isCore), op);
    for (Backend backend : BACKENDS) {
      if (backend.dtypes().contains(type)) {
        Map<String, HostTensor> got = run(backend, graph, op);
        expected.forEach(
            (output, e) -> {
              if (e.dtype() != DType.U8 || isExact(op, type)) {
                assertNear(
                    backend.id() + ": " + op.op(), e, Objects.requireNonNull(got.get(output)));
              }
            });
      }
    }
  }

  @Property(tries = 500)
  void theNumberOfThreadsChangesNoBit(@ForAll("ops") String name, @ForAll long seed) {
    RandomOp op = RandomOp.of(name, DType.F32, seed);
    Graph graph = graph(op);
    for (Backend other : OTHER_THREADS) {
      for (Backend backend : BACKENDS) {
        if (backend.id().equals(other.id())) {
          assertSameBits(op, run(backend, graph, op), run(other, graph, op));
        }
      }
    }
  }

  @Property(tries = 500)
  void anImageIsTheSameAloneAndInABatch(@ForAll("ops") String name, @ForAll long seed) {
    RandomOp op = RandomOp.of(name, DType.F32, seed);
    if (op.perImage().isEmpty()) {
      return;
    }
    for (Backend backend : BACKENDS) {
      Map<String, HostTensor> batch = run(backend, graph(op), op);
      for (int n = 0; n < op.inputs().getFirst().shape().dim(0); n++) {
        RandomOp alone = op.image(n);
        Map<String, HostTensor> part = new LinkedHashMap<>();
        for (Map.Entry<String, HostTensor> e : batch.entrySet()) {
          part.put(e.getKey(), e.getValue().row(n));
        }
        assertSameBits(op, part, run(backend, graph(alone), alone));
      }
    }
  }

  @Property(tries = 500)
  void whatMemoryHeldBeforeHasNoInfluence(@ForAll("ops") String name, @ForAll long seed) {
    RandomOp op = RandomOp.of(name, DType.F32, seed);
    Graph graph = graph(op);
    for (Backend backend : BACKENDS) {
      try (Backend dirty =
          Backends.select(
              backend.id(), BackendOptions.defaults().withThreads(2).withAllocator(Poison::new))) {
        assertSameBits(op, run(backend, graph, op), run(dirty, graph, op));
      }
    }
  }

  /** Memory whose floats are all NaN. */
  private record Poison(Allocator allocator) implements Allocator {
    @Override
    public Allocation allocate(long bytes, String holder) {
      Allocation memory = allocator.allocate(bytes, holder);
      memory.segment().fill((byte) 0xff);
      return memory;
    }
  }

  /**
   * Whether masks must agree; signs of filtered values that are nearly 0 may differ by rounding.
   */
  private static boolean isExact(RandomOp op, DType type) {
    return type == DType.F64 || !(op.op() instanceof Fused.FilteredLrelu);
  }

  /** Outputs called 0, 1, …. */
  private static Graph graph(RandomOp op) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    op.node().outputs().forEach(t -> outputs.put(Integer.toString(t.index()), t));
    return Evaluate.graph(outputs);
  }

  private static Map<String, HostTensor> run(Backend backend, Graph graph, RandomOp op) {
    return Evaluate.evaluate(backend, graph, name -> op.inputs().get(Integer.parseInt(name)));
  }

  private static void assertSameBits(
      RandomOp op, Map<String, HostTensor> expected, Map<String, HostTensor> got) {
    expected.forEach(
        (output, e) ->
            assertThat(Objects.requireNonNull(got.get(output)).data().mismatch(e.data()))
                .as("first different byte of output %s of %s", output, op.op())
                .isEqualTo(-1));
  }

  /** Equal up to rounding. */
  private static void assertNear(String what, HostTensor expected, HostTensor got) {
    double tolerance =
        switch (expected.dtype()) {
          case F16 -> 2e-3;
          case F32 -> 1e-4;
          case F64 -> 1e-6;
          default -> 0;
        };
    double largest = 1;
    for (long i = 0; i < expected.type().elements(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
    }
    assertThat(got.type()).as(what).isEqualTo(expected.type());
    for (long i = 0; i < expected.type().elements(); i++) {
      assertThat(got.get(i))
          .as("element %d of %s from %s", i, got.type(), what)
          .isCloseTo(expected.get(i), within(tolerance * largest));
    }
  }
}
