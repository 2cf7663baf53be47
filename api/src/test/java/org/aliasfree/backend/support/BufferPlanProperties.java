package org.aliasfree.backend.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.aliasfree.backend.support.BufferPlan.Life;

class BufferPlanProperties {
  @Provide
  Arbitrary<List<Life>> lives() {
    Arbitrary<Life> life =
        Combinators.combine(
                Arbitraries.longs().between(0, 2000),
                Arbitraries.integers().between(0, 30),
                Arbitraries.integers().between(0, 10))
            .as((bytes, first, steps) -> new Life(bytes, first, first + steps));
    return life.list().ofMaxSize(40);
  }

  @Property
  void buffersInUseAtTheSameTimeDoNotOverlap(@ForAll("lives") List<Life> lives) {
    BufferPlan plan = BufferPlan.of(lives);
    for (int i = 0; i < lives.size(); i++) {
      long from = plan.offset(i);
      long to = from + lives.get(i).bytes();
      assertThat(from).isGreaterThanOrEqualTo(0);
      assertThat(from % 64).isZero();
      assertThat(to).isLessThanOrEqualTo(plan.bytes());
      for (int j = 0; j < i; j++) {
        boolean together =
            lives.get(i).first() <= lives.get(j).last()
                && lives.get(j).first() <= lives.get(i).last();
        boolean apart = to <= plan.offset(j) || plan.offset(j) + lives.get(j).bytes() <= from;
        assertThat(!together || apart || lives.get(i).bytes() == 0 || lives.get(j).bytes() == 0)
            .as("buffers %d and %d of %s", j, i, lives)
            .isTrue();
      }
    }
  }

  /** Reuse is worth something: never more than all buffers side by side. */
  @Property
  void thePieceIsNoLargerThanAllBuffersTogether(@ForAll("lives") List<Life> lives) {
    long sum = lives.stream().mapToLong(l -> Math.ceilDiv(l.bytes(), 64L) * 64).sum();
    assertThat(BufferPlan.of(lives).bytes()).isLessThanOrEqualTo(sum);
  }
}
