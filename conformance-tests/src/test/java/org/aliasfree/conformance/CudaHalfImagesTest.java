package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.cuda.EmulatedHopperProvider;
import org.aliasfree.backend.cuda.EmulatedProvider;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose layers are in f16 where the network file says so, against those of f32. */
class CudaHalfImagesTest {
  private static final double LEAST_DECIBELS = 45;
  private static final double RANGE = 2; // of images, from -1 to 1
  private static final long SEED = 3;

  private static HostTensor image(Backend backend, GeneratorNetwork network, Precision precision) {
    try (ImageGenerator generator = ImageGenerator.open(backend, network, precision, 1)) {
      GenerationRequest request = GenerationRequest.defaults();
      if (generator.generator().cDim() > 0) {
        request = request.withClassLabel(1);
      }
      return generator.generate(generator.latents(SEED), request).image();
    }
  }

  /** The ratio of the range of images to the error, its mean square over all images. */
  private static double decibels(HostTensor got, HostTensor expected) {
    long n = expected.type().elements();
    double squares = 0;
    for (long i = 0; i < n; i++) {
      squares += Math.pow(got.get(i) - expected.get(i), 2);
    }
    return 10 * Math.log10(RANGE * RANGE / (squares / n));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3", "sg2_32"})
  void imagesOfF16LayersAreThoseOfF32To45Decibels(String name) {
    compare(name, new EmulatedProvider());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3", "sg2_32"})
  void alsoByTheKernelsOfCapability90(String name) {
    compare(name, new EmulatedHopperProvider());
  }

  private static void compare(String name, EmulatedProvider provider) {
    if (provider.probe() instanceof Availability.Unavailable(String why)) {
      System.out.println("Images in f16 are not compared with those in f32: " + why);
      assumeTrue(false, why);
    }
    GeneratorNetwork network = TestNetworks.load(name);
    assertThat(
            network.generator().generate(1, Precision.OFFICIAL_F16).nodes().stream()
                .flatMap(node -> node.outputs().stream()))
        .as("layers in f16")
        .anyMatch(tensor -> tensor.type().dtype() == DType.F16);
    try (Backend backend = provider.open(BackendOptions.defaults())) {
      HostTensor half = image(backend, network, Precision.OFFICIAL_F16);
      HostTensor full = image(backend, network, Precision.F32);
      double decibels = decibels(half, full);
      System.out.printf(
          Locale.ROOT,
          "%s on %s: f16 layers against f32, PSNR %.1f dB%n",
          name,
          provider.id(),
          decibels);
      assertThat(decibels).isGreaterThanOrEqualTo(LEAST_DECIBELS);
    }
  }
}
