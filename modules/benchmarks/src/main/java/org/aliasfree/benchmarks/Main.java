package org.aliasfree.benchmarks;

import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.graph.Workload;
import org.aliasfree.measure.MachinePeaks;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs the benchmarks with the options of JMH, and then tells what share of the machine's own peaks
 * each kernel reaches.
 */
public final class Main {
  private static final double MEDIAN = 50;
  private static final String ROW = "%-24s %-12s %10s %9s %9s %9s %9s %9s  %s%n";

  private Main() {}

  /**
   * Runs them.
   *
   * @param args those of JMH: a regular expression that chooses benchmarks, {@code -p
   *     shape=t-256/L8}, {@code -p threads=1}, {@code -h} for all
   * @throws RunnerException if a benchmark fails
   * @throws CommandLineOptionException if the options cannot be understood
   * @throws IOException if the help cannot be written
   */
  public static void main(String[] args)
      throws RunnerException, CommandLineOptionException, IOException {
    CommandLineOptions options = new CommandLineOptions(args);
    if (options.shouldHelp()) {
      options.showHelp();
    } else if (options.shouldList()) {
      new Runner(options).list();
    } else {
      print(new Runner(options).run());
    }
  }

  private static void print(Collection<RunResult> results) {
    Map<String, KernelState> families = KernelFamilies.all();
    MachinePeaks peaks = null;
    for (RunResult result : results) {
      BenchmarkParams params = result.getParams();
      int asked = Integer.parseInt(params.getParam("threads"));
      int threads = BackendOptions.defaults().withThreads(asked).effectiveThreads();
      if (peaks == null || peaks.threads() != threads) {
        peaks = MachinePeaks.measure(threads);
        header(peaks);
      }
      String name = params.getBenchmark();
      String family = name.substring(name.lastIndexOf('.') + 1);
      KernelState state = Objects.requireNonNull(families.get(family), family);
      String shape = params.getParam("shape");
      KernelCase kernel = state.kernel(shape);
      double millis = result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
      Workload done =
          new Workload(SingleOp.flops(kernel, params.getParam("backend")), kernel.work().bytes());
      row(family, shape, millis / 1e3, kernel.work(), done, peaks);
    }
  }

  private static void header(MachinePeaks peaks) {
    System.out.printf(
        Locale.ROOT,
        "%nPeaks on %d threads: %.1f GFLOP/s (multiply-adds, %s), %.1f GB/s (copies)%n",
        peaks.threads(),
        peaks.flopRate() / 1e9,
        peaks.arithmetic(),
        peaks.byteRate() / 1e9);
    System.out.printf(
        ROW, "KERNEL", "SHAPE", "MS", "GFLOP", "DONE", "MB", "GFLOP/S", "GB/S", "OF THE ROOFLINE");
  }

  private static void row(
      String family,
      String shape,
      double seconds,
      Workload work,
      Workload done,
      MachinePeaks peaks) {
    double bound = done.seconds(peaks.flopRate(), peaks.byteRate());
    System.out.printf(
        ROW,
        family,
        shape,
        number("%.3f", seconds * 1e3),
        number("%.3f", work.flops() / 1e9),
        number("%.3f", done.flops() / 1e9),
        number("%.2f", work.bytes() / 1e6),
        number("%.1f", work.flops() / seconds / 1e9),
        number("%.2f", work.bytes() / seconds / 1e9),
        number("%.0f %%", 100 * bound / seconds));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
