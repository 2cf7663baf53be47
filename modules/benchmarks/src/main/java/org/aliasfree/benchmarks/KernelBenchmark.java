package org.aliasfree.benchmarks;

import java.util.concurrent.TimeUnit;
import org.aliasfree.op.Linear;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A benchmark for each family of kernels. The backend has threads of its own, so JMH runs one. The
 * collector and its sizes are those of the launcher.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "-XX:+UseSerialGC",
      "-XX:MaxNewSize=32m",
      "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"
    })
public class KernelBenchmark {
  /** For the generated classes. */
  public KernelBenchmark() {}

  /** The 3 × 3 convolution of configuration T. */
  @State(Scope.Benchmark)
  public static class ModulatedConv3x3 extends KernelState {
    /** Which. */
    @Param({"t-256/L0", "t-256/L6", "t-256/L8", "t-256/L11", "t-1024/L9", "t-1024/L11"})
    public String shape = "";

    /** For the generated classes. */
    public ModulatedConv3x3() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return NetworkCases.convolution(of);
    }
  }

  /** See {@link ModulatedConv3x3}. */
  @Benchmark
  public void modulatedConv3x3(ModulatedConv3x3 state) {
    state.execute();
  }

  /** The 1 × 1 convolution of configuration R. */
  @State(Scope.Benchmark)
  public static class ModulatedConv1x1 extends KernelState {
    /** Which. */
    @Param({"r-256/L0", "r-256/L8", "r-256/L11", "r-1024/L11"})
    public String shape = "";

    /** For the generated classes. */
    public ModulatedConv1x1() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return NetworkCases.convolution(of);
    }
  }

  /** See {@link ModulatedConv1x1}. */
  @Benchmark
  public void modulatedConv1x1(ModulatedConv1x1 state) {
    state.execute();
  }

  /** The gradient of a convolution in its input. */
  @State(Scope.Benchmark)
  public static class ConvInputGradient extends KernelState {
    /** Which. */
    @Param({"t-256/L0", "t-256/L8", "t-256/L11", "r-256/L8"})
    public String shape = "";

    /** For the generated classes. */
    public ConvInputGradient() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return NetworkCases.convolutionGradient(of, Linear.ConvTranspose2d.class);
    }
  }

  /** See {@link ConvInputGradient}. */
  @Benchmark
  public void convInputGradient(ConvInputGradient state) {
    state.execute();
  }

  /** The gradient of a convolution in its weight. */
  @State(Scope.Benchmark)
  public static class ConvWeightGradient extends KernelState {
    /** Which. */
    @Param({"t-256/L0", "t-256/L8", "t-256/L11", "r-256/L8"})
    public String shape = "";

    /** For the generated classes. */
    public ConvWeightGradient() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return NetworkCases.convolutionGradient(of, Linear.ConvWeightGradient.class);
    }
  }

  /** See {@link ConvWeightGradient}. */
  @Benchmark
  public void convWeightGradient(ConvWeightGradient state) {
    state.execute();
  }

  /**
   * The alias-free non-linearity: of one rate and between two, separable (t) and radial (r)
   * filters.
   */
  @State(Scope.Benchmark)
  public static class FilteredLrelu extends KernelState {
    /** Which. */
    @Param({
      "t-256/L1",
      "t-256/L8",
      "t-256/L10",
      "t-1024/L10",
      "t-1024/L11",
      "r-256/L8",
      "r-256/L10",
      "r-1024/L11"
    })
    public String shape = "";

    /** For the generated classes. */
    public FilteredLrelu() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return NetworkCases.filteredLrelu(of);
    }
  }

  /** See {@link FilteredLrelu}. */
  @Benchmark
  public void filteredLrelu(FilteredLrelu state) {
    state.execute();
  }

  /** The gradient of the non-linearity in its input. */
  @State(Scope.Benchmark)
  public static class FilteredLreluGradient extends KernelState {
    /** Which. */
    @Param({"t-256/L1", "t-256/L8", "t-256/L10", "r-256/L8", "r-256/L10"})
    public String shape = "";

    /** For the generated classes. */
    public FilteredLreluGradient() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return NetworkCases.filteredGradient(of);
    }
  }

  /** See {@link FilteredLreluGradient}. */
  @Benchmark
  public void filteredLreluGradient(FilteredLreluGradient state) {
    state.execute();
  }

  /** Resampling by StyleGAN2's filter. */
  @State(Scope.Benchmark)
  public static class Upfirdn2d extends KernelState {
    /** Which. */
    @Param({"up 128", "down 256", "same 256"})
    public String shape = "";

    /** For the generated classes. */
    public Upfirdn2d() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return SingleCases.upfirdn2d(of);
    }
  }

  /** See {@link Upfirdn2d}. */
  @Benchmark
  public void upfirdn2d(Upfirdn2d state) {
    state.execute();
  }

  /** Bias and activation. */
  @State(Scope.Benchmark)
  public static class BiasAct extends KernelState {
    /** Which. */
    @Param({"lrelu 256", "linear 256"})
    public String shape = "";

    /** For the generated classes. */
    public BiasAct() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return SingleCases.biasAct(of);
    }
  }

  /** See {@link BiasAct}. */
  @Benchmark
  public void biasAct(BiasAct state) {
    state.execute();
  }

  /** A layer of the mapping network. */
  @State(Scope.Benchmark)
  public static class Matmul extends KernelState {
    /** Which. */
    @Param({"mapping 1", "mapping 16", "mapping 256"})
    public String shape = "";

    /** For the generated classes. */
    public Matmul() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return SingleCases.matmul(of);
    }
  }

  /** See {@link Matmul}. */
  @Benchmark
  public void matmul(Matmul state) {
    state.execute();
  }

  /** A step of the optimiser. */
  @State(Scope.Benchmark)
  public static class AdamStep extends KernelState {
    /** Which. */
    @Param({"conv 512"})
    public String shape = "";

    /** For the generated classes. */
    public AdamStep() {}

    @Override
    String shape() {
      return shape;
    }

    @Override
    KernelCase kernel(String of) {
      return SingleCases.adamStep(of);
    }
  }

  /** See {@link AdamStep}. */
  @Benchmark
  public void adamStep(AdamStep state) {
    state.execute();
  }
}
