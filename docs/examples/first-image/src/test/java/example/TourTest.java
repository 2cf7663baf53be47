package example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3ConfigBuilder;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TourTest {
  private static Backend backend;
  private static ImageGenerator generator;

  @BeforeAll
  static void open() {
    backend = Backends.select("auto");
    generator = ImageGenerator.open(backend, GeneratorFiles.load(BundledNetworks.first()));
  }

  @AfterAll
  static void close() {
    generator.close();
    backend.close();
  }

  private final Tour tour = new Tour(generator);

  private static HostTensor image(long seed) {
    return generator.generate(generator.latents(seed), GenerationRequest.defaults()).image();
  }

  private static void assertEqual(HostTensor expected, HostTensor got) {
    assertEquals(expected.type().elements(), got.type().elements());
    assertArrayEquals(floats(expected), floats(got));
  }

  private static float[] floats(HostTensor tensor) {
    return tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  @Test
  void aLineInWBeginsAndEndsAtTheImagesOfItsSeeds() {
    HostTensor line = tour.lineInW(5);
    assertEquals(TensorType.f32(5, 3, 64, 64), line.type());
    assertEqual(image(1), line.row(0));
    assertEqual(image(2), line.row(4));
  }

  @Test
  void requestsGiveWhatTheyName() {
    assertEquals(TensorType.f32(3, 3, 64, 64), tour.truncated().type());
    assertEquals(TensorType.f32(3, 64, 64), tour.mixed().type());
    assertEquals(TensorType.f32(1, 3, 64, 64), tour.moved().type());
    String layer =
        generator.generator().layerNames().stream()
            .filter(n -> n.contains(".L1_"))
            .findFirst()
            .orElseThrow();
    assertEquals(4, tour.layer(layer).shape().rank());
  }

  @Test
  void conditionalNetworksMakeImagesOfAClass() {
    StyleGan3Config config =
        new StyleGan3ConfigBuilder(StyleGan3Config.preset("stylegan3-t-16"))
            .cDim(3)
            .channelBase(512)
            .channelMax(16)
            .build();
    try (ImageGenerator conditional =
        ImageGenerator.open(backend, GeneratorNetwork.random(config, 1))) {
      assertEquals(TensorType.f32(1, 3, 16, 16), new Tour(conditional).ofClass(2).type());
    }
  }

  @Test
  void threadsGetTheImagesThatOneGets() {
    List<GeneratedImages> all = tour.onAllThreads();
    for (int seed = 0; seed < all.size(); seed++) {
      assertEqual(image(seed), all.get(seed).image());
    }
  }
}
