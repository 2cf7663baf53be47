package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.cpu.vector.CpuVectorProvider;
import org.aliasfree.backend.cpu.vector.Sabotage;
import org.aliasfree.backend.cpu.vector.SabotagedProvider;
import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit catches what it is made for, with the default number of tries. */
class SabotageTest {
  /** The first violation among the default cases of an op. */
  static @Nullable Violation caught(BackendProvider provider, String op, long seed) {
    try (Subject subject = new Subject(provider)) {
      OpChecks checks = new OpChecks(subject);
      Random random = new Random(seed);
      for (int i = Settings.DEFAULTS.triesOf(op, Rule.OP_1); i > 0; i--) {
        Case made = CaseGenerators.of(op, DType.F32, random);
        try {
          checks.check(made);
        } catch (Violation v) {
          return v;
        }
      }
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultOfOneOpIsCaught(Sabotage sabotage) {
    Violation violation =
        sabotage.op().isEmpty()
            ? byAllRules(SabotagedProvider.of(sabotage))
            : caught(SabotagedProvider.of(sabotage), sabotage.op(), Settings.DEFAULTS.seed());
    assertThat(violation).as("violation found").isNotNull();
  }

  private static @Nullable Violation byAllRules(BackendProvider provider) {
    try (Subject subject = new Subject(provider)) {
      RuleChecks checks = new RuleChecks(subject, Settings.DEFAULTS);
      for (Rule rule : List.of(Rule.RES_1, Rule.ERR_1, Rule.MEM_4, Rule.CON_1, Rule.CON_2)) {
        try {
          checks.check(rule);
        } catch (Violation v) {
          return v;
        }
      }
      return null;
    }
  }

  /** Ops that have a kernel in cpu-vector, and numbers to be wrong. */
  static List<String> floatOps() {
    List<String> others = List.of("Compare", "StopGradient", "Reshape", "GridSampleGridGradient");
    return CaseGenerators.names().stream()
        .filter(name -> !name.contains(" ") && !others.contains(name))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("floatOps")
  void aRelativeErrorOf1e3InOneElementIsCaught(String op) {
    Violation violation =
        caught(SabotagedProvider.withOneWrongElement(op), op, Settings.DEFAULTS.seed());
    assertThat(violation).as("violation found").isNotNull();
  }

  /** Memory of the third run of a backend is not given back. */
  @Test
  void aLeakIsCaught() {
    AtomicInteger runs = new AtomicInteger();
    BackendOptions leaking = BackendOptions.defaults().withThreads(2);
    BackendProvider provider =
        new Delegating(new CpuVectorProvider()) {
          @Override
          public org.aliasfree.backend.Backend open(BackendOptions options) {
            return super.open(
                options.withAllocator(own -> new Leaking(options.allocator().apply(own), runs)));
          }
        };
    try (Subject subject = new Subject(provider, leaking)) {
      Violation violation =
          catchThrowableOfType(
              Violation.class, () -> new RuleChecks(subject, Settings.DEFAULTS).check(Rule.MEM_1));
      assertThat(violation.rule()).isEqualTo(Rule.RES_1);
      assertThat(violation.fact()).contains("activations of");
    }
  }

  private record Leaking(Allocator allocator, AtomicInteger runs) implements Allocator {
    @Override
    public Allocation allocate(long bytes, String holder) {
      Allocation right = allocator.allocate(bytes, holder);
      if (!holder.startsWith("activations") || runs.incrementAndGet() != 3) {
        return right;
      }
      return new Allocation() {
        @Override
        public java.lang.foreign.MemorySegment segment() {
          return right.segment();
        }

        @Override
        public void close() {
          // forgotten
        }
      };
    }
  }

  /** Another provider, to be changed. */
  private abstract static class Delegating implements BackendProvider {
    private final BackendProvider right;

    Delegating(BackendProvider right) {
      this.right = right;
    }

    @Override
    public String id() {
      return right.id();
    }

    @Override
    public int spiVersion() {
      return right.spiVersion();
    }

    @Override
    public org.aliasfree.backend.Availability probe() {
      return right.probe();
    }

    @Override
    public org.aliasfree.backend.Backend open(BackendOptions options) {
      return right.open(options);
    }
  }

  @Test
  void aFailureComesWithASmallCaseThatFailsAgain() {
    try (Subject subject = new Subject(SabotagedProvider.of(Sabotage.OFF_BY_ONE_TILE_EDGE))) {
      Violation violation =
          catchThrowableOfType(
              Violation.class, () -> new RuleChecks(subject, Settings.DEFAULTS).check(Rule.OP_1));
      String message = String.valueOf(violation.getMessage());
      String line = message.replaceAll("(?s).*-Dconformance\\.case='(.*?)'.*", "$1");
      Case small = Case.parse(line);
      assertThat(small.op().name()).isEqualTo("upfirdn2d");
      assertThat(small.elements()).as("elements of %s", line).isLessThan(700);
      assertThat(catchThrowableOfType(Violation.class, () -> new Trials(subject).all(small)))
          .isNotNull();
    }
  }
}
