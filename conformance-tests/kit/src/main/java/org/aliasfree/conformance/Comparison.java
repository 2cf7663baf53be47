package org.aliasfree.conformance;

import java.util.Locale;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** Compares results with what is expected, and keeps the largest error seen. */
final class Comparison {
  /** Beyond this numbers of f16 overflow, or nearly so. */
  private static final double MOST_F16 = 60_000;

  private double worst;
  private long elements;
  private long unchecked;

  /** Largest error, as a part of what is allowed. */
  double worst() {
    return worst;
  }

  /** Elements compared. */
  long elements() {
    return elements;
  }

  /** Those among them where anything was allowed, as rounding decides there. */
  long unchecked() {
    return unchecked;
  }

  void add(Comparison other) {
    worst = Math.max(worst, other.worst);
    elements += other.elements;
    unchecked += other.unchecked;
  }

  /** What is wrong with a result, as a sentence, or null. */
  @Nullable String wrong(String name, Expected expected, HostTensor got) {
    if (!got.shape().equals(expected.value().shape())) {
      return name + " is " + got.type() + " instead of " + expected.value().type() + ".";
    }
    elements += got.type().elements();
    for (long i = 0; i < got.type().elements(); i++) {
      String problem =
          got.dtype().isFloat() ? element(expected, got, i) : integer(expected, got, i);
      if (problem != null) {
        return "element " + i + " of " + name + " " + got.type() + " is " + problem;
      }
    }
    return null;
  }

  private @Nullable String integer(Expected expected, HostTensor got, long i) {
    HostTensor doubt = expected.doubt();
    if (doubt != null && doubt.get(i) != 0) {
      unchecked++;
      return null;
    }
    return got.get(i) == expected.value().get(i)
        ? null
        : (long) got.get(i) + " instead of " + (long) expected.value().get(i) + ".";
  }

  private @Nullable String element(Expected expected, HostTensor got, long i) {
    double right = expected.value().get(i);
    double value = got.get(i);
    HostTensor variance = expected.variance();
    double deviation = variance == null ? 0 : Math.sqrt(variance.get(i));
    if (Double.isNaN(right) || Double.isInfinite(right)) {
      return Double.compare(right, value) == 0 ? null : value + " instead of " + right + ".";
    }
    if (!Double.isFinite(deviation) || (got.dtype() == DType.F16 && Math.abs(right) > MOST_F16)) {
      unchecked++;
      return null;
    }
    double error = Math.abs(value - right);
    if (error == 0) {
      return null;
    }
    double units = error / deviation;
    if (!(units <= ErrorModel.UNITS)) {
      return String.format(
          Locale.ROOT,
          "%s instead of %s: off by %.3g, of which %.3g is allowed (%.3g units).",
          value,
          right,
          error,
          ErrorModel.UNITS * deviation,
          units);
    }
    worst = Math.max(worst, units / ErrorModel.UNITS);
    return null;
  }
}
