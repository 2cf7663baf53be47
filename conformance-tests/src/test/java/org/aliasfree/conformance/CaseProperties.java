package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Cases are written as one line and read back, and their choices can be taken again. */
class CaseProperties {
  @Provide
  Arbitrary<String> ops() {
    return Arbitraries.of(CaseGenerators.names());
  }

  @Provide
  Arbitrary<DType> types() {
    return Arbitraries.of(DType.F16, DType.F32, DType.F64);
  }

  @Property(tries = 1500)
  void aCaseIsReadBackFromItsLine(
      @ForAll("ops") String op, @ForAll("types") DType type, @ForAll long seed) {
    Case made = CaseGenerators.of(op, type, new Random(seed));
    assertThat(made.toString()).doesNotContain("\n");
    assertThat(Case.parse(made.toString())).isEqualTo(made);
  }

  @Property(tries = 500)
  void theChoicesThatWereTakenMakeTheSameCase(@ForAll("ops") String op, @ForAll long seed) {
    List<Integer> numbers = Choices.random(new Random(seed));
    Case made = CaseGenerators.of(op, DType.F32, numbers);
    assertThat(CaseGenerators.of(op, DType.F32, CaseGenerators.taken(op, DType.F32, numbers)))
        .isEqualTo(made);
  }

  @Example
  void theSimplestCaseOfEachOpIsTiny() {
    for (String op : CaseGenerators.names()) {
      Case simplest = CaseGenerators.of(op, DType.F32, List.of());
      assertThat(simplest.elements()).as(op).isLessThan(op.contains("many") ? 70_000 : 40);
    }
  }

  @Example
  void casesAreLargerThanAnyTileAndOddAndSingle() {
    List<Case> cases =
        new Random(4)
            .longs(200)
            .mapToObj(s -> CaseGenerators.of("Conv2d", DType.F32, new Random(s)))
            .toList();
    List<Shape> images = cases.stream().map(c -> c.arguments().getFirst().type().shape()).toList();
    assertThat(images).anyMatch(s -> s.dim(3) > 64 && s.dim(3) % 2 == 1);
    assertThat(images).anyMatch(s -> s.dim(2) == 1);
    assertThat(images).anyMatch(s -> s.dim(0) == 3);
    assertThat(cases).anyMatch(c -> c.toString().contains("left=-"));
    assertThat(cases).anyMatch(c -> c.toString().contains("stored"));
  }

  @Example
  void aLineLooksLikeThis() {
    Argument x = Argument.of(TensorType.f32(1, 3), Content.NORMAL);
    assertThat(new Case(new Movement.Flip(List.of(0, 1)), List.of(x), 5))
        .hasToString("Flip[axes=[0, 1]] (f32[1, 3] normal) seed 5");
  }

  @Example
  void aLineThatIsNoCaseIsRefusedWithThePlace() {
    for (String line :
        List.of("", "Flop[]", "Flip[axes=[0]] (f32[3] normal) seed", "Flip[axes=[x]]")) {
      assertThatThrownBy(() -> Case.parse(line))
          .as(line)
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("cannot be read");
    }
  }
}
