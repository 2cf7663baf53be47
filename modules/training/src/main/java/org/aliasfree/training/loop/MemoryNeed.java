package org.aliasfree.training.loop;

import java.util.Locale;
import org.aliasfree.AliasFreeException;
import org.aliasfree.training.TrainingProgram;

/**
 * What training will take of main memory.
 *
 * @param variables bytes of networks, averages, gradients and moments
 * @param runs bytes of activations
 */
public record MemoryNeed(long variables, long runs) {
  private static final double GIB = 1L << 30;

  /** Java itself, images that are read ahead, weights in other layouts. */
  private static final long BESIDES = 512L << 20;

  /** What a trainer takes. */
  public static MemoryNeed of(Trainer trainer) {
    return new MemoryNeed(trainer.store().bytes().variables(), trainer.runBytes());
  }

  /**
   * Fails at once if not even the variables fit, before anything is taken.
   *
   * @throws AliasFreeException saying how much is needed and there
   */
  public static void requireVariables(TrainingProgram training) {
    long bytes = training.variables().stream().mapToLong(v -> v.type().bytes()).sum();
    new MemoryNeed(bytes, 0).require(0);
  }

  /**
   * Fails if there is not enough memory; the variables may have been taken already.
   *
   * @param batchGpu images computed together, which could be fewer; 0 if that would not help
   * @throws AliasFreeException saying how much is needed and there
   */
  public void require(int batchGpu) {
    long available = ProcessMemory.available();
    long needed = (batchGpu == 0 ? variables : runs) + BESIDES;
    if (needed > available) {
      throw new AliasFreeException(
          String.format(
              Locale.ROOT,
              "Training needs %.1f GiB of memory (%.1f for variables, %.1f for activations), but only"
                  + " %.1f GiB are free; %s.",
              (variables + runs + BESIDES) / GIB,
              variables / GIB,
              runs / GIB,
              (available + (batchGpu == 0 ? 0 : variables)) / GIB,
              batchGpu > 1
                  ? "use a smaller --batch-gpu than " + batchGpu + ", or --cbase, --cmax"
                  : "use a smaller --cbase or --cmax"));
    }
  }

  /** In words. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "Memory: %.2f GiB for variables, %.2f GiB for activations",
        variables / GIB,
        runs / GIB);
  }
}
