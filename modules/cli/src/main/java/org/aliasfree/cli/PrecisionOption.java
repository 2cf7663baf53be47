package org.aliasfree.cli;

import org.aliasfree.backend.Backend;
import org.aliasfree.network.Precision;
import picocli.CommandLine.Option;

/** Which element types networks compute in. */
final class PrecisionOption {
  @Option(
      names = "--fp32",
      description =
          "Compute in f32 throughout. Without it layers that a network wants in f16 have f16 activations on GPUs; "
              + "CPUs always compute in f32.")
  private boolean fp32;

  /** Whether f32 was asked for. */
  boolean isFull() {
    return fp32;
  }

  /** What was asked for, or what the backend is made for. */
  Precision on(Backend backend) {
    return of(fp32, backend);
  }

  /** f32 if that was asked for, else what the backend is made for. */
  static Precision of(boolean fp32, Backend backend) {
    return fp32 ? Precision.F32 : Precision.preferredBy(backend);
  }
}
