package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.tensor.HostTensor;

/** Random numbers that the original drew, given out again in their order. */
final class RecordedDraws implements ImageRandom {
  private final Deque<Map.Entry<String, HostTensor>> left = new ArrayDeque<>();

  /**
   * The draws among tensors.
   *
   * @param prefix what their names begin with; a number and {@code .rand} or {@code .randn} follow
   */
  RecordedDraws(Map<String, HostTensor> tensors, String prefix) {
    tensors.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix))
        .sorted(Map.Entry.comparingByKey())
        .forEach(left::add);
  }

  /** How many have not been given out. */
  int left() {
    return left.size();
  }

  @Override
  public void uniform(HostTensor values) {
    next("rand", values);
  }

  @Override
  public void normal(HostTensor values) {
    next("randn", values);
  }

  private void next(String kind, HostTensor values) {
    Map.Entry<String, HostTensor> draw = left.remove();
    assertThat(draw.getKey()).endsWith("." + kind);
    assertThat(draw.getValue().type().elements()).isEqualTo(values.type().elements());
    values.data().copyFrom(draw.getValue().data());
  }
}
