package org.aliasfree.conformance;

import java.util.Random;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * An input of a case.
 *
 * @param type its type
 * @param content what it is filled with
 * @param bound of indices; else 0
 * @param stored whether it is a variable, as weights are, rather than an input bound to each run
 * @param batched whether its first axis is the batch, the images of which do not mix
 */
public record Argument(
    TensorType type, Content content, int bound, boolean stored, boolean batched) {

  static Argument of(TensorType type, Content content) {
    return new Argument(type, content, 0, false, false);
  }

  static Argument index(TensorType type, long bound) {
    return new Argument(type, Content.INDEX, Math.toIntExact(bound), false, false);
  }

  /** This argument as a variable. */
  Argument storedIf(boolean yes) {
    return new Argument(type, content, bound, yes, batched);
  }

  /** This argument with the batch as its first axis. */
  Argument perImage() {
    return new Argument(type, content, bound, stored, true);
  }

  /** This argument with another type. */
  Argument withType(TensorType other) {
    return new Argument(other, content, bound, stored, batched);
  }

  HostTensor fill(Random random) {
    return content.fill(type, bound, random);
  }
}
