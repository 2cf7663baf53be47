package org.aliasfree.conformance.junit;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.RandomDistribution;
import org.aliasfree.conformance.Choices;

/**
 * The choices of a random case.
 *
 * @param numbers what a generator makes a case of
 */
record Choice(List<Integer> numbers) {
  /** Makes choices for jqwik. */
  static final class Supplier implements ArbitrarySupplier<Choice> {
    @Override
    public Arbitrary<Choice> get() {
      return Arbitraries.integers()
          .between(0, Integer.MAX_VALUE)
          .withDistribution(RandomDistribution.uniform())
          .withoutEdgeCases()
          .list()
          .ofSize(Choices.ENOUGH)
          .map(Choice::new);
    }
  }

  /** Readable in a failure whose op is not known: the kit's message has the case. */
  @Override
  public String toString() {
    return "choices of a case (the message below has the case itself)";
  }
}
