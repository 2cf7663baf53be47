package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import org.aliasfree.backend.Availability;
import org.aliasfree.conformance.Rule;
import org.aliasfree.conformance.Subject;
import org.aliasfree.conformance.Trials;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** Some random cases of an op in f16. */
  private static void tryHalves(Rule rule, String op) {
    Random random = new Random(op.hashCode());
    for (int i = 0; i < TRIES; i++) {
      List<Integer> choices = random.ints(NUMBERS, 0, Integer.MAX_VALUE).boxed().toList();
      new Trials(subject).trial(rule, op, DType.F16, choices);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Conv2d", "ConvTranspose2d", "ModulatedConv2d", "Conv2d of many channels"})
  void convolutionsOfHalves(String op) {
    tryHalves(Rule.OP_1, op);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Conv2d", "ConvTranspose2d", "ModulatedConv2d"})
  void anImageIsTheSameAloneAndInABatch(String op) {
    tryHalves(Rule.DET_3, op);
  }

  /** Many channels and blocks, dilation, groups, pixels that are loaded by eight, two and one. */
  @ParameterizedTest
  @CsvSource({
    "1, 130, 141, 20, 28, 3, 1, 1",
    "2, 64, 72, 24, 16, 1, 1, 0",
    "1, 65, 33, 17, 9, 3, 2, 2",
    "2, 96, 80, 9, 13, 5, 1, 2",
    "1, 200, 256, 12, 12, 3, 1, 1",
    "3, 40, 8, 40, 36, 2, 1, 1",
    "1, 72, 300, 4, 4, 3, 1, 1"
  })
  void sizesOfLayers(
      int images, int inputs, int outputs, int height, int width, int kernel, int step, int pad) {
    ConvGeometry geometry = new ConvGeometry(1, 1, pad, pad, pad, pad, step, step, 1);
    Tensor x = Ops.input("x", TensorType.of(DType.F16, images, inputs, height, width));
    Tensor w = Ops.input("w", TensorType.of(DType.F16, outputs, inputs, kernel, kernel));
    try (EmulatedDriver driver = new EmulatedDriver(90)) {
      assertThat(HopperTrial.problem(driver, Ops.conv2d(x, w, geometry).node())).isEmpty();
    }
  }
}
