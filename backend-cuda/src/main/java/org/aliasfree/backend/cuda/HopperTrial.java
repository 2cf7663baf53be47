package org.aliasfree.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Tries the kernels of kernels_sm90a.cu on a device before they are relied on: they were written
 * without such a device at hand. Each computes small convolutions that the general kernels compute
 * as well.
 */
final class HopperTrial {
  /** The system property that says whether they are used at all: {@code auto} or {@code off}. */
  static final String SWITCH = "aliasfree.cuda.hopper";

  private static final Target TWO_BLOCKS = new Target(Target.Hopper.WHEREVER_POSSIBLE, 2);
  private static final int INPUTS = 80; // a whole block of channels, and a part of one
  private static final int OUTPUTS = 136; // more than any block has
  private static final int FENCE = 64; // bytes behind a result that nobody may write
  private static final double TOLERANCE = 0x1p-9; // of the largest: f16 has 11 digits

  private final Driver driver;
  private final Random random = new Random(1);

  private HopperTrial(Driver driver) {
    this.driver = driver;
  }

  /**
   * Whether the switch is on.
   *
   * @throws AliasFreeException if it says neither {@code auto} nor {@code off}
   */
  static boolean isWanted() {
    String value = System.getProperty(SWITCH, "auto");
    if (!value.equals("auto") && !value.equals("off")) {
      throw new AliasFreeException(
          "The system property " + SWITCH + " is \"" + value + "\"; set it to auto or off.");
    }
    return value.equals("auto");
  }

  /** Runs all kernels; what is wrong with them, nothing if they are as they should be. */
  static Optional<String> problem(Driver driver) {
    try {
      HopperTrial trial = new HopperTrial(driver);
      for (Node node : cases()) {
        Optional<String> problem = trial.problem(node);
        if (problem.isPresent()) {
          return problem;
        }
      }
      return Optional.empty();
    } catch (AliasFreeException e) {
      return Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  /** What is wrong with a convolution of f16 images, in blocks of any size. */
  static Optional<String> problem(Driver driver, Node node) {
    return new HopperTrial(driver).problem(node);
  }

  /** Convolutions that load eight pixels at once, two, and one; modulated and not. */
  private static List<Node> cases() {
    return List.of(
        modulated(DType.F32, 12, 20, 3),
        modulated(DType.F16, 16, 24, 1),
        Ops.conv2d(
                Ops.input("x", TensorType.of(DType.F16, 2, INPUTS, 11, 13)),
                Ops.input("w", TensorType.of(DType.F16, OUTPUTS, INPUTS, 3, 2)),
                ConvGeometry.padded(1))
            .node());
  }

  private static Node modulated(DType weights, int height, int width, int kernel) {
    return Ops.modulatedConv2d(
            Ops.input("x", TensorType.of(DType.F16, 2, INPUTS, height, width)),
            Ops.input("w", TensorType.of(weights, OUTPUTS, INPUTS, kernel, kernel)),
            Ops.input("s", TensorType.of(weights, 2, INPUTS)),
            Ops.input("d", TensorType.of(weights, 2, OUTPUTS)),
            ConvGeometry.padded(kernel / 2))
        .node();
  }

  private Optional<String> problem(Node node) {
    boolean modulated = node.op() instanceof Fused.ModulatedConv2d;
    ConvGeometry geometry =
        node.op() instanceof Fused.ModulatedConv2d m
            ? m.geometry()
            : ((Linear.Conv2d) node.op()).geometry();
    ConvShape shape = ConvKernel.shape(geometry, node);
    OpKernel general = ConvTileKernel.of(shape, false, modulated).orElseThrow();
    ConvHopperKernel special =
        (ConvHopperKernel) ConvHopperKernel.of(shape, false, modulated, TWO_BLOCKS).orElseThrow();
    List<Long> memory = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      Map<Tensor, Long> places = new HashMap<>();
      for (Tensor input : node.inputs()) {
        places.put(input, upload(numbers(input.type()), arena, memory));
      }
      HostTensor expected = computed(node, general, places, arena, memory);
      for (ConvHopper.Size size : ConvHopper.Size.values()) {
        Optional<ConvHopperKernel> kernel = special.in(size);
        if (kernel.isPresent()) {
          HostTensor result = computed(node, kernel.get(), places, arena, memory);
          if (!agree(expected, result)) {
            return Optional.of("the kernel " + size.kernel() + " computes other numbers");
          }
        }
      }
      return Optional.empty();
    } finally {
      memory.forEach(driver::free);
    }
  }

  private MemorySegment numbers(TensorType type) {
    HostTensor value = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      value.set(i, random.nextDouble() * 2 - 1);
    }
    return value.data();
  }

  private long allocate(long bytes, List<Long> memory) {
    long address = driver.allocate(bytes);
    if (address == 0) {
      throw new AliasFreeException("there is not enough memory for a trial");
    }
    memory.add(address);
    return address;
  }

  private long upload(MemorySegment value, Arena arena, List<Long> memory) {
    long address = allocate(value.byteSize(), memory);
    MemorySegment staged = driver.allocateHost(value.byteSize(), arena);
    staged.copyFrom(value);
    driver.submit(List.of(new Driver.Upload(address, staged)));
    driver.await(); // whatever happens next, nothing reads memory of the host that was freed
    return address;
  }

  private HostTensor computed(
      Node node, OpKernel kernel, Map<Tensor, Long> places, Arena arena, List<Long> memory) {
    TensorType type = node.outputs().getFirst().type();
    long result = allocate(type.bytes() + FENCE, memory);
    Map<Tensor, Long> all = new HashMap<>(places);
    all.put(node.outputs().getFirst(), result);
    Launches launches =
        new Launches(
            bytes -> {
              throw new IllegalStateException("convolutions have no tables");
            });
    launches.zero(result, type.bytes() + FENCE);
    List<Long> packed = new ArrayList<>();
    for (OpKernel.Packing packing : kernel.packings()) {
      long to = allocate(packing.bytes(), memory);
      long from = Objects.requireNonNull(all.get(node.inputs().get(packing.input())));
      packing.packer().pack(from, to, launches);
      packed.add(to);
    }
    kernel.launch(
        new Operands(node, t -> Objects.requireNonNull(all.get(t)), t -> true, List.of(), packed),
        launches);
    MemorySegment read = driver.allocateHost(type.bytes() + FENCE, arena);
    launches.download(read, result);
    driver.submit(launches.commands());
    driver.await();
    if (!isZero(read.asSlice(type.bytes()))) {
      throw new AliasFreeException("a kernel writes behind its result");
    }
    HostTensor value = HostTensor.allocate(type);
    value.data().copyFrom(read.asSlice(0, type.bytes()));
    return value;
  }

  private static boolean isZero(MemorySegment bytes) {
    for (byte b : bytes.toArray(ValueLayout.JAVA_BYTE)) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether two results are the same but for what rounding and the order of sums make. */
  static boolean agree(HostTensor expected, HostTensor result) {
    double most = 0;
    for (long i = 0; i < expected.type().elements(); i++) {
      most = Math.max(most, Math.abs(expected.get(i)));
    }
    for (long i = 0; i < expected.type().elements(); i++) {
      // NaN is not within anything.
      if (!(Math.abs(expected.get(i) - result.get(i)) <= TOLERANCE * most)) {
        return false;
      }
    }
    return true;
  }
}
