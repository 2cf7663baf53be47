package org.aliasfree.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many bytes of activations hot kernels ask for, over the least possible: each input read and
 * each output written once. What caches would save is not taken off; weights, filters and biases,
 * which all blocks read and caches hold, are not counted.
 */
@EnabledIfSystemProperty(
    named = "aliasfree.cuda.traffic",
    matches = "true",
    disabledReason = "compiles the kernels once more; -Daliasfree.cuda.traffic=true")
class TrafficTest {
  private static final long MEMORY = 1L << 28;

  /** A device whose memory is one piece, all accesses to which are counted. */
  private static final class CountingDriver extends EmulatedDriver {
    private final Arena arena = Arena.ofShared();
    private final long base = arena.allocate(MEMORY, 256).address();
    private final EmulatedLibrary library;
    private long used;

    CountingDriver(EmulatedLibrary library) {
      super(library, 80);
      this.library = library;
    }

    @Override
    public synchronized long allocate(long bytes) {
      long address = base + used;
      used += Math.ceilDiv(bytes, 256L) * 256;
      return used > MEMORY ? 0 : address;
    }

    @Override
    public void free(long address) {}

    /** Bytes allocated so far. */
    long used() {
      return used;
    }

    /** Counts from now on what is read and written of memory allocated in between. */
    void watch(long before, long after) throws Throwable {
      MethodHandle watch =
          library.function("aliasfree_watch", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
      watch.invokeExact(base + before, after - before);
    }

    long bytes() throws Throwable {
      FunctionDescriptor counter = FunctionDescriptor.of(JAVA_LONG);
      return (long) library.function("aliasfree_bytes_read", counter).invokeExact()
          + (long) library.function("aliasfree_bytes_written", counter).invokeExact();
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /**
   * A layer's hot op.
   *
   * @param most bytes over the least possible
   */
  record Layer(String name, Tensor result, double most) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Tensor half(long... sizes) {
    return Ops.input("x", TensorType.of(DType.F16, sizes));
  }

  private static Tensor taps(String name, long... sizes) {
    return Ops.read(new Variable(name, TensorType.f32(sizes)));
  }

  private static Tensor filtered(int channels, int side, int up, int down, boolean radial) {
    int upTaps = up == 1 ? 1 : 6 * up;
    int downTaps = down == 1 ? 1 : 6 * down;
    // As the networks' schedule pads, for an image of side · up / down.
    int pad = (side * up / down - 1) * down + 1 - side * up + upTaps + downTaps - 2;
    int before = (pad + up) / 2;
    FilteredActivation a =
        new FilteredActivation(
            up, down, before, pad - before, before, pad - before, Math.sqrt(2), 0.2, 256, false);
    Tensor bias = Ops.read(new Variable("bias", TensorType.of(DType.F16, channels)));
    Tensor upFilter = taps("up", upTaps);
    Tensor downFilter = radial ? taps("down", downTaps, downTaps) : taps("down", downTaps);
    return Ops.filteredLrelu(half(1, channels, side, side), bias, upFilter, downFilter, a);
  }

  private static Tensor conv(int channels, int side, int kernel) {
    Tensor w = Ops.read(new Variable("w", TensorType.f32(channels, channels, kernel, kernel)));
    Tensor styles = Ops.read(new Variable("s", TensorType.f32(1, channels)));
    Tensor scales = Ops.read(new Variable("d", TensorType.f32(1, channels)));
    return Ops.modulatedConv2d(
        half(1, channels, side, side), w, styles, scales, ConvGeometry.padded(kernel / 2));
  }

  static List<Layer> layers() {
    Tensor x = half(1, 16, 256, 256);
    Tensor other = Ops.input("other", x.type());
    Tensor third = Ops.input("third", x.type());
    return List.of(
        new Layer("filtered_lrelu 2/2", filtered(32, 276, 2, 2, false), 1.3),
        new Layer("filtered_lrelu 4/2", filtered(64, 148, 4, 2, false), 1.15),
        new Layer("filtered_lrelu 2/2, radial", filtered(64, 148, 2, 2, true), 1.3),
        new Layer("filtered_lrelu 4/2, radial", filtered(64, 148, 4, 2, true), 1.15),
        new Layer("modulated_conv2d 3×3, 64 channels at 276²", conv(64, 276, 3), 1.3),
        // Small tiles, which read more, so that each multiprocessor has one.
        new Layer("modulated_conv2d 3×3, 64 channels at 84²", conv(64, 84, 3), 1.45),
        new Layer("modulated_conv2d 1×1, 64 channels", conv(64, 84, 1), 1.05),
        new Layer(
            "bias_act",
            Ops.biasAct(x, Ops.fill(TensorType.of(DType.F16, 16), 0.5), 1, Activation.LRELU),
            1.05),
        new Layer("chain of 5", x.mul(2).add(other).sqrt().mul(third).neg(), 1.05));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void activationsAreReadAndWrittenAboutOnce(Layer layer) throws Throwable {
    CountingDriver driver = new CountingDriver(EmulatedLibrary.counting());
    Graph graph = Graph.builder().output("y", layer.result()).build();
    try (CudaBackend backend = new CudaBackend("cuda-counted", driver, BackendOptions.defaults());
        VariableStore store = backend.createStore(graph.variables());
        CompiledProgram program = backend.compile(new Program(Map.of("run", graph)), store)) {
      long before = driver.used();
      try (Run run = program.plan("run").newRun()) {
        long after = driver.used();
        graph.inputs().forEach((name, in) -> run.bind(name, HostTensor.allocate(in.type())));
        run.execute(); // what is prepared is not counted
        driver.watch(before, after);
        run.execute();
      }
    }
    long least =
        Stream.concat(
                graph.inputs().values().stream().map(Source.Input::type),
                Stream.of(layer.result().type()))
            .mapToLong(TensorType::bytes)
            .sum();
    double ratio = (double) driver.bytes() / least;
    System.out.printf(Locale.ROOT, "%-40s %5.2f of %d bytes%n", layer, ratio, least);
    assertThat(ratio).isLessThanOrEqualTo(layer.most());
  }
}
