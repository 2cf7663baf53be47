package org.aliasfree.training.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.aliasfree.AliasFreeException;

/**
 * What does not decide the result of a run: how long this process works on it, what it leaves, whom
 * it tells.
 *
 * @param formats of network files
 * @param keep network files of so many different ages remain; 0 for all
 * @param stateTicks ticks between two states from which the run could continue
 * @param timeLimit after which a state is written and the process ends
 * @param stop asked after each iteration whether to do so at once
 * @param progress told of each iteration
 */
public record LoopOptions(
    Set<SnapshotFormat> formats,
    int keep,
    int stateTicks,
    Optional<Duration> timeLimit,
    BooleanSupplier stop,
    Progress progress) {
  /** Checks the ranges. */
  public LoopOptions {
    formats = Set.copyOf(formats);
    if (formats.isEmpty() || keep < 0 || stateTicks < 1) {
      throw new AliasFreeException(
          "A run needs a format of snapshots, 0 or more to keep (not "
              + keep
              + "), and a state every 1 or more ticks (not "
              + stateTicks
              + ").");
    }
  }

  /** Is told how far the run is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * An iteration has ended.
     *
     * @param nimg images shown
     * @param tickEnd images shown when the tick ends
     * @param secondsPerKimg of this tick so far
     */
    void iterated(long nimg, long tickEnd, double secondsPerKimg);

    /** Something else is going to be printed. */
    default void clear() {}
  }

  /** How a run ended. */
  public enum Outcome {
    /** All images were shown. */
    FINISHED,
    /** It was asked to stop; the state is written. */
    STOPPED,
    /** The time was over; the state is written. */
    OUT_OF_TIME
  }
}
