package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.backend.Backend;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** How fast a backend runs ops of the sizes that networks have. */
public final class Throughput {
  private static final int WARM_UP = 3;
  private static final int MEASURED = 7;

  /** Ops as they occur in a network of 256 × 256 pixels. */
  private static final List<String> CASES =
      List.of(
          "Binary[function=ADD] (f32[1, 64, 256, 256] normal; f32[1, 64, 256, 256] normal) seed 1",
          "Unary[function=TANH] (f32[1, 64, 256, 256] normal) seed 1",
          "Reduce[kind=SUM, axes=[2, 3]] (f32[4, 64, 256, 256] normal) seed 1",
          "Permute[axes=[0, 2, 3, 1]] (f32[1, 64, 256, 256] normal) seed 1",
          "MatMul[transposeA=false, transposeB=true] (f32[512, 512] normal; f32[512, 512] normal stored)"
              + " seed 1",
          "Conv2d[geometry=ConvGeometry[strideY=1, strideX=1, top=1, bottom=1, left=1, right=1,"
              + " dilationY=1, dilationX=1, groups=1]] (f32[1, 64, 128, 128] normal; f32[64, 64, 3, 3] normal"
              + " stored) seed 1",
          "ModulatedConv2d[geometry=ConvGeometry[strideY=1, strideX=1, top=0, bottom=0, left=0, right=0,"
              + " dilationY=1, dilationX=1, groups=1]] (f32[1, 128, 84, 84] normal batched; f32[128, 128, 1, 1]"
              + " normal stored; f32[1, 128] normal batched; f32[1, 128] normal batched) seed 1",
          "ConvTranspose2d[geometry=ConvGeometry[strideY=1, strideX=1, top=1, bottom=1, left=1, right=1,"
              + " dilationY=1, dilationX=1, groups=1], height=64, width=64] (f32[1, 64, 64, 64] normal;"
              + " f32[64, 64, 3, 3] normal stored) seed 1",
          "ConvWeightGradient[geometry=ConvGeometry[strideY=1, strideX=1, top=1, bottom=1, left=1,"
              + " right=1, dilationY=1, dilationX=1, groups=1], kernelHeight=3, kernelWidth=3]"
              + " (f32[2, 64, 64, 64] normal; f32[2, 64, 64, 64] normal) seed 1",
          "Upfirdn2d[geometry=FirGeometry[upX=2, upY=2, downX=1, downY=1, padX0=2, padX1=1, padY0=2,"
              + " padY1=1, flip=false, gain=4.0]] (f32[1, 64, 128, 128] normal; f32[4] normal stored) seed 1",
          "BiasAct[dim=1, activation=LRELU, alpha=0.2, gain=1.4142135623730951, clamp=256.0]"
              + " (f32[1, 64, 256, 256] normal batched; f32[64] normal stored) seed 1",
          "FilteredLrelu[activation=FilteredActivation[up=2, down=2, padX0=9, padX1=8, padY0=9, padY1=8,"
              + " gain=1.4142135623730951, slope=0.2, clamp=256.0, flip=false]] (f32[1, 64, 148, 148] normal"
              + " batched; f32[64] normal stored; f32[12] normal stored; f32[12] normal stored) seed 1",
          "GridSample[] (f32[1, 3, 256, 256] normal batched; f32[1, 256, 256, 2] normal batched) seed 1");

  private Throughput() {}

  /**
   * A line for each op.
   *
   * @param op the op's name
   * @param shape of its first output
   * @param seconds the fastest of several executions
   * @param bytes read and written
   * @param operations by the op's formula, see {@link Workload}
   */
  public record Measurement(
      String op, TensorType shape, double seconds, long bytes, long operations) {
    /** For example {@code conv2d f32[1, 64, 128, 128] 3.1 ms 2.8 GB/s 390 GFLOP/s}. */
    public String line() {
      return String.format(
          Locale.ROOT,
          "%-24s %-24s %10.3f ms %9.2f GB/s %9s",
          op,
          shape,
          seconds * 1e3,
          bytes / seconds / 1e9,
          operations == 0
              ? ""
              : String.format(Locale.ROOT, "%.1f GFLOP/s", operations / seconds / 1e9));
    }
  }

  /** Measures a backend; takes some seconds. */
  public static List<Measurement> of(Backend backend, ConformanceRun.Listener listener) {
    List<Measurement> all = new ArrayList<>();
    for (String line : CASES) {
      Case c = Case.parse(line);
      listener.begins(c.op().name(), all.size(), CASES.size());
      all.add(measure(backend, c));
    }
    return all;
  }

  private static Measurement measure(Backend backend, Case c) {
    Graph graph = new CaseGraph(c, false).graph();
    Map<String, HostTensor> values = c.values(0);
    long best = Long.MAX_VALUE;
    try (Execution execution = new Execution(backend, graph, null)) {
      execution.bind(values);
      for (int i = 0; i < WARM_UP + MEASURED; i++) {
        long nanos = execution.time();
        best = i < WARM_UP ? best : Math.min(best, nanos);
      }
    }
    List<Tensor> arguments = c.arguments().stream().map(a -> Ops.input("", a.type())).toList();
    Node node = Node.of(c.op(), arguments);
    Tensor y = node.outputs().getFirst();
    Workload work = Workload.of(node, y::equals);
    return new Measurement(c.op().name(), y.type(), best / 1e9, work.bytes(), work.flops());
  }
}
