package org.aliasfree.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;

class GeneratorNetworkTest {
  private static final StyleGan3Generator GENERATOR =
      new StyleGan3Generator(
          StyleGan3Config.stylegan3T(16).with(b -> b.zDim(8).wDim(8).channelMax(64).numLayers(6)));
  private static final GeneratorNetwork NETWORK = GeneratorNetwork.initial(GENERATOR, 3);

  private static HostTensor tensor(GeneratorNetwork network, String name) {
    return Objects.requireNonNull(network.tensors().get(name), name);
  }

  private static Map<String, HostTensor> copy() {
    return new HashMap<>(NETWORK.tensors());
  }

  @Test
  void missingAndExtraTensorsAreNamed() {
    Map<String, HostTensor> tensors = copy();
    tensors.remove("mapping.w_avg");
    tensors.put("mapping.fc7.weight", HostTensor.scalar(DType.F32, 1));
    assertThatThrownBy(() -> new GeneratorNetwork(GENERATOR, tensors))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("it lacks mapping.w_avg: f32[8];")
        .hasMessageContaining("it has mapping.fc7.weight, which nothing uses.");
  }

  @Test
  void tensorOfAnotherShapeIsNamed() {
    Map<String, HostTensor> tensors = copy();
    tensors.put("mapping.w_avg", HostTensor.allocate(TensorType.f32(9)));
    assertThatThrownBy(() -> new GeneratorNetwork(GENERATOR, tensors))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("\"mapping.w_avg\"")
        .hasMessageContaining("f32[9]")
        .hasMessageContaining("f32[8]");
  }

  @Test
  void valuesInDoubleAreRounded() {
    Map<String, HostTensor> tensors = copy();
    HostTensor average = HostTensor.allocate(TensorType.of(DType.F64, 8));
    average.set(0, 1 / 3.0);
    tensors.put("mapping.w_avg", average);
    assertThat(tensor(new GeneratorNetwork(GENERATOR, tensors), "mapping.w_avg").get(0))
        .isEqualTo(1 / 3f);
  }

  @Test
  void sameSeedGivesTheSameNetworkAndAnotherSeedAnother() {
    GeneratorNetwork again = GeneratorNetwork.initial(GENERATOR, 3);
    GeneratorNetwork other = GeneratorNetwork.initial(GENERATOR, 4);
    NETWORK
        .tensors()
        .forEach(
            (name, value) -> {
              assertThat(tensor(again, name).data().mismatch(value.data())).isEqualTo(-1);
              boolean drawn = name.matches(".*(L.*|input|fc.)\\.weight|.*\\.(freqs|phases)");
              assertThat(tensor(other, name).data().mismatch(value.data()) != -1)
                  .as(name)
                  .isEqualTo(drawn || (name.endsWith("affine.weight") && !name.contains("input")));
            });
  }

  @Test
  void firstValuesHaveTheMomentsOfTheOfficialNetworks() {
    assertMoments("synthesis.L1_36_64.weight", 0, 1);
    assertMoments("synthesis.L1_36_64.affine.weight", 0, 1);
    assertMoments("synthesis.input.weight", 0, 1);
    assertMoments("mapping.fc0.weight", 0, 100);
    assertMoments("synthesis.input.phases", 0, Math.sqrt(1 / 12.0));
    assertMoments("synthesis.L1_36_64.affine.bias", 1, 0);
    assertMoments("synthesis.L1_36_64.bias", 0, 0);
    assertMoments("synthesis.L1_36_64.magnitude_ema", 1, 0);
    assertMoments("synthesis.input.affine.weight", 0, 0);
    assertThat(tensor(NETWORK, "synthesis.input.affine.bias").get(0)).isEqualTo(1);
    assertThat(tensor(NETWORK, "synthesis.input.affine.bias").get(1)).isEqualTo(0);
  }

  private static void assertMoments(String name, double mean, double deviation) {
    HostTensor t = tensor(NETWORK, name);
    double sum = 0;
    double squares = 0;
    long n = t.type().elements();
    for (long i = 0; i < n; i++) {
      sum += t.get(i);
      squares += (t.get(i) - mean) * (t.get(i) - mean);
    }
    double error = 4 * deviation / Math.sqrt((double) n);
    assertThat(sum / n).as(name).isCloseTo(mean, within(error));
    assertThat(Math.sqrt(squares / n)).as(name).isCloseTo(deviation, within(error));
  }

  /** For places spread evenly over a disc, the square of the distance is spread evenly. */
  @Test
  void frequenciesAreSpreadEvenlyOverTheDiscOfTheBandwidth() {
    HostTensor freqs = tensor(NETWORK, "synthesis.input.freqs");
    double bandwidth = GENERATOR.config().firstCutoff();
    long n = freqs.type().elements() / 2;
    double sum = 0;
    for (long i = 0; i < n; i++) {
      double square = Math.pow(freqs.get(2 * i), 2) + Math.pow(freqs.get(2 * i + 1), 2);
      assertThat(square).isLessThanOrEqualTo(bandwidth * bandwidth * (1 + 1e-6));
      sum += square / (bandwidth * bandwidth);
    }
    assertThat(sum / n).isCloseTo(0.5, within(4 / Math.sqrt(12.0 * n)));
  }

  @Test
  void filtersAreThoseOfTheDesignRounded() {
    for (SynthesisLayer layer : GENERATOR.synthesis().layers()) {
      layer
          .upFilter()
          .ifPresent(
              f -> {
                HostTensor design = layer.geometry().upFilter().orElseThrow();
                HostTensor value = tensor(NETWORK, f.variable().name());
                for (long i = 0; i < design.type().elements(); i++) {
                  assertThat(value.get(i)).isEqualTo((float) design.get(i));
                }
              });
    }
  }
}
