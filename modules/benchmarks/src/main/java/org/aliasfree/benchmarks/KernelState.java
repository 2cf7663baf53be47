package org.aliasfree.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What all benchmarks have in common: an op, made ready before it is measured. */
@State(Scope.Benchmark)
public abstract class KernelState {
  /** What computes. */
  @Param("cpu-vector")
  public String backend = "cpu-vector";

  /** CPU threads; 0 for one a processor. */
  @Param("0")
  public int threads;

  private @Nullable SingleOp op;

  /** For the generated classes. */
  protected KernelState() {}

  /** The op of a shape. */
  abstract KernelCase kernel(String of);

  /** The shape that is measured now. */
  abstract String shape();

  /** Loads the backend and draws the inputs. */
  @Setup(Level.Trial)
  public void open() {
    op = new SingleOp(kernel(shape()), backend, threads);
  }

  /** Executes the op. */
  void execute() {
    Objects.requireNonNull(op).execute();
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    if (op != null) {
      op.close();
    }
  }
}
