package org.aliasfree.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class WassersteinProperties {
  @Example
  void casesByHand() {
    assertThat(Wasserstein.distance(new float[] {0, 1, 3}, new float[] {5, 6, 8})).isEqualTo(5);
    assertThat(Wasserstein.distance(new float[] {0, 4}, new float[] {1, 2})).isEqualTo(1.5);
    // Between the quantiles 1/2 and 2/3 one is 12 and the other 0.
    assertThat(Wasserstein.distance(new float[] {0, 12}, new float[] {0, 0, 12})).isEqualTo(2);
  }

  /** The same distance is the area between the two distribution functions. */
  @Property(tries = 300)
  void itIsTheAreaBetweenTheDistributionFunctions(
      @ForAll @Size(min = 1, max = 40) float[] a, @ForAll @Size(min = 1, max = 40) float[] b) {
    float[] first = a.clone();
    float[] second = b.clone();
    Arrays.sort(first);
    Arrays.sort(second);
    double range =
        (double) Math.max(first[first.length - 1], second[second.length - 1])
            - Math.min(first[0], second[0]);
    // Either sum has at most 80 terms, each rounded a few times.
    assertThat(Wasserstein.distance(first, second))
        .isCloseTo(area(a, b), within(80 * 4 * 0x1p-52 * range));
  }

  private static double area(float[] a, float[] b) {
    float[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    Arrays.sort(all);
    double area = 0;
    for (int i = 0; i + 1 < all.length; i++) {
      area += ((double) all[i + 1] - all[i]) * Math.abs(below(a, all[i]) - below(b, all[i]));
    }
    return area;
  }

  private static double below(float[] values, float x) {
    return (double) IntStream.range(0, values.length).filter(i -> values[i] <= x).count()
        / values.length;
  }
}
