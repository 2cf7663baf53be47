package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Runs a kernel on the emulated device, and the same nodes on the reference. */
final class KernelTrial {
  private static final long FENCE = 64;
  private static final byte POISON = (byte) 0xa5;

  private final Map<Tensor, HostTensor> inputs = new LinkedHashMap<>();
  private final Random random = new Random(5);

  /** An input with numbers from −2 to 2, whole ones in integers from 0 on. */
  Tensor input(TensorType type) {
    HostTensor value = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      value.set(
          i, type.dtype().isFloat() ? random.nextDouble() * 4 - 2 : (double) random.nextInt(3));
    }
    return input(value);
  }

  /** An input with this value. */
  Tensor input(HostTensor value) {
    Tensor tensor = Ops.input("input" + inputs.size(), value.type());
    inputs.put(tensor, value);
    return tensor;
  }

  /** Bytes of a sign map: each two bits are 0, 1 or 2. */
  static HostTensor codes(Shape shape) {
    Random random = new Random(7);
    HostTensor value = HostTensor.allocate(TensorType.of(DType.U8, shape.toArray()));
    for (long i = 0; i < shape.elements(); i++) {
      int codes = 0;
      for (int k = 0; k < 4; k++) {
        codes = codes << 2 | random.nextInt(3);
      }
      value.set(i, codes);
    }
    return value;
  }

  /** What the reference computes. */
  List<HostTensor> expected(List<Tensor> outputs) {
    Graph.Builder graph = Graph.builder();
    for (int i = 0; i < outputs.size(); i++) {
      graph.output("y" + i, outputs.get(i));
    }
    Graph built = graph.build();
    try (Backend backend = Backends.select("cpu-reference");
        VariableStore store = backend.createStore(List.of());
        var program = backend.compile(Program.of("main", built), store);
        Run run = program.plan("main").newRun()) {
      inputs.forEach(
          (tensor, value) -> {
            if (built.inputs().containsKey(name(tensor))) {
              run.bind(name(tensor), value);
            }
          });
      run.execute();
      List<HostTensor> results = new ArrayList<>();
      for (int i = 0; i < outputs.size(); i++) {
        results.add(copy(run.output("y" + i)));
      }
      return results;
    }
  }

  private static String name(Tensor input) {
    return ((org.aliasfree.op.Source.Input) input.node().op()).inputName();
  }

  private static HostTensor copy(HostTensor value) {
    HostTensor copy = HostTensor.allocate(value.type());
    copy.data().copyFrom(value.data());
    return copy;
  }

  /** What a kernel computes; it may write these outputs and nothing else. */
  List<HostTensor> computed(Node first, OpKernel kernel, List<Tensor> outputs) {
    Map<Tensor, Long> places = new LinkedHashMap<>();
    List<MemorySegment> memory = new ArrayList<>();
    try (EmulatedDriver driver = new EmulatedDriver()) {
      inputs.forEach(
          (tensor, value) -> {
            MemorySegment at = memory(driver, value.data().byteSize(), memory);
            at.copyFrom(value.data());
            places.put(tensor, at.address());
          });
      for (Tensor output : outputs) {
        places.put(output, memory(driver, output.type().bytes(), memory).address());
      }
      List<Long> scratch =
          kernel.scratch().stream().map(n -> memory(driver, n, memory).address()).toList();
      Launches launches =
          new Launches(
              bytes -> {
                MemorySegment at = memory(driver, bytes.length, memory);
                at.copyFrom(MemorySegment.ofArray(bytes));
                return at.address();
              });
      Predicate<Tensor> wanted = places::containsKey;
      kernel.launch(
          new Operands(
              first, t -> Objects.requireNonNull(places.get(t)), wanted, scratch, List.of()),
          launches);
      driver.submit(launches.commands());
      List<HostTensor> results = new ArrayList<>();
      for (Tensor output : outputs) {
        HostTensor result = HostTensor.allocate(output.type());
        long place = Objects.requireNonNull(places.get(output));
        result.data().copyFrom(segment(place, output.type().bytes()));
        results.add(result);
      }
      for (MemorySegment piece : memory) {
        MemorySegment fence = segment(piece.address() + piece.byteSize(), FENCE);
        assertThat(fence.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)).containsOnly(POISON);
        driver.free(piece.address());
      }
      return results;
    }
  }

  private static MemorySegment memory(
      EmulatedDriver driver, long bytes, List<MemorySegment> memory) {
    long address = driver.allocate(bytes + FENCE);
    segment(address, bytes + FENCE).fill(POISON);
    MemorySegment piece = segment(address, bytes);
    memory.add(piece);
    return piece;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /**
   * Checks a kernel.
   *
   * @param tolerance of each element, relative to the largest
   */
  void check(Node first, OpKernel kernel, List<Tensor> outputs, double tolerance) {
    List<HostTensor> expected = expected(outputs);
    List<HostTensor> computed = computed(first, kernel, outputs);
    for (int k = 0; k < expected.size(); k++) {
      HostTensor y = expected.get(k);
      double most = 0;
      for (long i = 0; i < y.type().elements(); i++) {
        most = Math.max(most, Math.abs(y.get(i)));
      }
      for (long i = 0; i < y.type().elements(); i++) {
        double value = computed.get(k).get(i);
        if (Double.compare(value, y.get(i)) != 0
            && !(Math.abs(value - y.get(i)) <= tolerance * most)) {
          throw new AssertionError(
              "element "
                  + i
                  + " of "
                  + y.type()
                  + " is "
                  + value
                  + " instead of "
                  + y.get(i)
                  + " in "
                  + outputs);
        }
      }
    }
  }
}
