package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStateTest {
  private static final GoldenCase RANDN = Goldens.file("random/randn.safetensors");
  private static final GoldenCase INTEGERS = Goldens.file("random/integers.safetensors");

  static LongStream randnSeeds() {
    return RANDN.param("seeds").valueStream().mapToLong(s -> s.asLong());
  }

  static LongStream integerSeeds() {
    return INTEGERS.param("seeds").valueStream().mapToLong(s -> s.asLong());
  }

  @ParameterizedTest
  @MethodSource("randnSeeds")
  void normalValuesAreNumpysAndExactWhenRoundedToFloat(long seed) {
    RandomState random = new RandomState(seed);
    HostTensor z = random.randn(TensorType.of(DType.F64, 512));
    HostTensor first = RANDN.tensor("seed" + seed + ".first16");
    HostTensor last = RANDN.tensor("seed" + seed + ".last4");
    for (int i = 0; i < 16; i++) {
      assertNormal(z.get(i), first.get(i));
    }
    for (int i = 0; i < 4; i++) {
      assertNormal(z.get(508 + i), last.get(i));
    }
    double sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += z.get(i);
    }
    assertThat(Math.abs(sum - RANDN.tensor("seed" + seed + ".sum").get(0))).isLessThan(1e-12);
    HostTensor after = RANDN.tensor("seed" + seed + ".randint_after");
    assertThat(new int[] {random.randint(3), random.randint(10), random.randint(1000)})
        .containsExactly((int) after.get(0), (int) after.get(1), (int) after.get(2));
  }

  @ParameterizedTest
  @MethodSource("randnSeeds")
  void anOddCountKeepsTheSecondValueOfThePairForTheNextCall(long seed) {
    RandomState random = new RandomState(seed);
    HostTensor a = random.randn(TensorType.f32(7));
    HostTensor b = random.randn(TensorType.f32(4));
    HostTensor expected = RANDN.tensor("seed" + seed + ".randn7_then_randn4");
    for (int i = 0; i < 11; i++) {
      assertThat(i < 7 ? a.get(i) : b.get(i - 7)).isEqualTo((float) expected.get(i));
    }
  }

  private static void assertNormal(double got, double expected) {
    assertThat(Math.abs(got - expected)).isLessThanOrEqualTo(2 * Math.ulp(expected));
    assertThat((float) got).isEqualTo((float) expected);
  }

  @ParameterizedTest
  @MethodSource("integerSeeds")
  void integersShufflesAndChoicesAreNumpys(long seed) {
    String prefix = "seed" + seed + ".";
    int checked = 0;
    for (Map.Entry<String, HostTensor> e : INTEGERS.tensors().entrySet()) {
      if (e.getKey().startsWith(prefix)) {
        String draw = e.getKey().substring(prefix.length());
        int n = Integer.parseInt(draw.replaceAll("\\D", ""));
        RandomState random = new RandomState(seed);
        assertThat(draw(random, draw.replaceAll("\\d", ""), n))
            .as(e.getKey())
            .containsExactly(ints(e.getValue()));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(20);
  }

  private static int[] draw(RandomState random, String kind, int n) {
    return switch (kind) {
      case "randint" -> IntStream.range(0, 8).map(i -> random.randint(n)).toArray();
      case "shuffle_array", "shuffle_list" -> random.permutation(n);
      case "choice" ->
          Stream.of(random.choice(n, n / 2), random.choice(n, n / 2))
              .flatMapToInt(Arrays::stream)
              .toArray();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static int[] ints(HostTensor t) {
    return IntStream.range(0, (int) t.type().elements()).map(i -> (int) t.get(i)).toArray();
  }

  static Stream<GoldenCase> videoShuffles() {
    return Goldens.cases("random.video_shuffle").stream();
  }

  @ParameterizedTest
  @MethodSource("videoShuffles")
  void shufflingSeedsGivesTheOfficialOrderOfAVideo(GoldenCase golden) {
    int[] seeds = golden.param("seeds").valueStream().mapToInt(s -> s.asInt()).toArray();
    new RandomState(golden.param("shuffle_seed").asLong()).shuffle(seeds);
    assertThat(seeds).containsExactly(ints(golden.tensor("out.order")));
  }

  @Test
  void theTenThousandthWordIsThatOfTheReferenceGenerator() {
    RandomState random = new RandomState(5489);
    for (int i = 1; i < 10000; i++) {
      random.nextUInt32();
    }
    assertThat(Integer.toUnsignedLong(random.nextUInt32())).isEqualTo(4123659995L);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4294967296L, Long.MIN_VALUE})
  void aSeedOutsideTheRangeIsRefused(long seed) {
    assertThatThrownBy(() -> new RandomState(seed))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining(Long.toString(seed))
        .hasMessageContaining("0 to 4294967295");
  }
}
