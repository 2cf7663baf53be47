package org.aliasfree.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import org.aliasfree.backend.Availability;
import org.aliasfree.conformance.Rule;
import org.aliasfree.conformance.Subject;
import org.aliasfree.conformance.Trials;
import org.aliasfree.tensor.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of compute capability 9.0, wherever they can be used. */
class HopperKernelsTest {
  private static final int TRIES = Integer.getInteger("conformance.tries", 8);
  private static final int NUMBERS = 1000; // enough for any case

  private static Subject subject;

  @BeforeAll
  static void open() {
    EmulatedHopperProvider provider = new EmulatedHopperProvider();
    assumeTrue(provider.probe() instanceof Availability.Available, EmulatedLibrary::whyNot);
    subject = new Subject(provider);
  }

  @AfterAll
  static void close() {
    if (subject != null) {
      subject.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Conv2d", "ConvTranspose2d", "ModulatedConv2d", "Conv2d of many channels"})
  void convolutionsOfHalves(String op) {
    Random random = new Random(op.hashCode());
    for (int i = 0; i < TRIES; i++) {
      List<Integer> choices = random.ints(NUMBERS, 0, Integer.MAX_VALUE).boxed().toList();
      new Trials(subject).trial(Rule.OP_1, op, DType.F16, choices);
    }
  }
}
