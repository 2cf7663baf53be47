package org.aliasfree.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.aliasfree.backend.Availability;
import org.aliasfree.conformance.Rule;
import org.aliasfree.conformance.RuleChecks;
import org.aliasfree.conformance.Settings;
import org.aliasfree.conformance.Skipped;
import org.aliasfree.conformance.Subject;
import org.aliasfree.conformance.Trials;
import org.aliasfree.tensor.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The way of programs to a device: JCuda, memory, recorded commands. In a process of its own. */
class FakeDriverTest {
  private static final Settings FEW = new Settings(1, 2);
  private static final int NUMBERS = 1000; // enough for any case

  /** About kernels, which are the same as those of {@link CudaConformanceTest}. */
  private static final Set<String> OF_KERNELS = Set.of("OP", "LAW", "NET", "DET", "MEM-1", "MEM-2");

  private static Subject subject;

  @BeforeAll
  static void open() {
    FakeDriverProvider provider = new FakeDriverProvider();
    assumeTrue(provider.probe() instanceof Availability.Available, () -> EmulatedLibrary.whyNot());
    subject = new Subject(provider);
  }

  @AfterAll
  static void close() {
    if (subject != null) {
      subject.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> rules() {
    return Arrays.stream(Rule.values())
        .filter(rule -> OF_KERNELS.stream().noneMatch(rule.id()::startsWith))
        .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> check(rule)));
  }

  private static void check(Rule rule) {
    try {
      new RuleChecks(subject, FEW).check(rule);
    } catch (Skipped s) {
      Assumptions.abort(s.getMessage());
    }
  }

  @Test
  void someOpsOfEachKind() {
    Random random = new Random(1);
    for (String op : List.of("MatMul", "Conv2d", "ModulatedConv2d", "FilteredLrelu")) {
      List<Integer> choices = random.ints(NUMBERS, 0, Integer.MAX_VALUE).boxed().toList();
      new Trials(subject).trial(Rule.OP_1, op, DType.F16, choices);
    }
  }

  @Test
  void wholeNetworks() {
    check(Rule.NET_1);
  }
}
