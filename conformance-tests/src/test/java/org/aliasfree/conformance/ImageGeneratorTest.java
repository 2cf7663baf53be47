package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.Plan;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not change an image: the layers asked for, the batch, the threads, the caller. */
class ImageGeneratorTest {
  private static final GenerationRequest PLAIN = GenerationRequest.defaults();

  /** Small, but with every kind of layer, odd numbers of channels and a label. */
  private static final GeneratorNetwork NETWORK =
      GeneratorNetwork.random(
          StyleGan3Config.stylegan3T(24)
              .with(b -> b.zDim(11).wDim(13).cDim(3).channelBase(150).channelMax(9).numLayers(6)),
          5);

  private static final GenerationRequest LABELLED = PLAIN.withClassLabel(2);

  static List<String> backends() {
    return TestBackends.ids();
  }

  private static void assertSameBits(HostTensor got, HostTensor expected) {
    assertThat(got.type()).isEqualTo(expected.type());
    assertThat(got.data().mismatch(expected.data())).isEqualTo(-1);
  }

  private static List<String> layers() {
    return NETWORK.generator().layerNames().stream().filter(l -> !l.equals("image")).toList();
  }

  private static List<String> labels(Plan plan) {
    return plan.steps().stream().map(Plan.Step::label).filter(l -> !l.isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void askingForLayersChangesNoBit(String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
      HostTensor z = generator.latents(7);
      HostTensor image = generator.generate(z, LABELLED).image();
      GeneratedImages all =
          generator.generate(z, LABELLED.withLayers(layers().toArray(String[]::new)));
      assertSameBits(all.image(), image);
      for (String layer : layers()) {
        GeneratedImages one = generator.generate(z, LABELLED.withLayers(layer));
        assertSameBits(one.image(), image);
        assertSameBits(one.layer(layer), all.layer(layer));
        GeneratedImages alone = generator.generate(z, LABELLED.withOnlyLayers(layer));
        assertThat(alone.images()).isEmpty();
        assertSameBits(alone.layer(layer), all.layer(layer));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void onlyWhatALayerNeedsIsRun(String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
      List<String> layers =
          layers().stream().filter(layer -> layer.startsWith("synthesis.")).toList();
      int steps = 0;
      for (String layer : layers) {
        Plan plan = generator.plan(1, LABELLED.withOnlyLayers(layer));
        List<String> run = labels(plan).stream().filter(l -> l.startsWith("synthesis.")).toList();
        assertThat(run).isEqualTo(layers.subList(0, layers.indexOf(layer) + 1));
        assertThat(plan.steps()).hasSizeGreaterThan(steps);
        steps = plan.steps().size();
      }
      Plan mapping = generator.plan(1, LABELLED.withOnlyLayers("mapping"));
      assertThat(labels(mapping)).doesNotContainAnyElementsOf(layers);
      assertThat(mapping.steps()).noneMatch(step -> step.op().contains("filtered_lrelu"));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void imageIsTheSameAloneAndInABatch(String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
      HostTensor batch = generator.generate(generator.latents(3, 4, 5, 6, 7), LABELLED).image();
      for (int i = 0; i < 5; i++) {
        HostTensor alone = generator.generate(generator.latents(3 + i), LABELLED).image();
        assertSameBits(alone.row(0), batch.row(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void imageIsTheSameForAnyNumberOfThreads(String id) {
    List<HostTensor> images = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      try (Backend backend = Backends.select(id, BackendOptions.defaults().withThreads(threads));
          ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
        HostTensor z = generator.latents(1, 2);
        images.add(generator.generate(z, LABELLED).image());
        assertSameBits(generator.generate(z, LABELLED).image(), images.getLast());
      }
    }
    assertSameBits(images.get(1), images.get(0));
    assertSameBits(images.get(2), images.get(0));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void callersOnManyThreadsGetTheImagesThatOneGets(String id) throws Exception {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK, Precision.F32, 2);
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<HostTensor>> images = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int seed = i / 2;
        GenerationRequest request = i % 2 == 0 ? LABELLED : LABELLED.withLayers("w");
        images.add(
            callers.submit(() -> generator.generate(generator.latents(seed), request).image()));
      }
      for (int i = 0; i < 8; i++) {
        HostTensor expected = generator.generate(generator.latents(i / 2), LABELLED).image();
        assertSameBits(images.get(i).get(), expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void oneLatentForAllLayersIsThatLatentRepeated(String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
      HostTensor z = generator.latents(1, 2);
      GeneratedImages made = generator.generate(z, LABELLED.withLayers("w"));
      assertSameBits(generator.synthesize(made.layer("w"), PLAIN).image(), made.image());
      HostTensor ws = generator.map(z, LABELLED);
      assertSameBits(generator.synthesize(ws, PLAIN).image(), made.image());
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void secondPlanTakesNoSecondCopyOfTheWeights(String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
      generator.generate(generator.latents(1), LABELLED);
      long prepared = generator.bytes().prepared();
      generator.generate(generator.latents(1, 2), LABELLED.withLayers("w"));
      assertThat(generator.bytes().prepared()).isLessThan(prepared + prepared / 4 + 4096);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void mistakesAreNamedInFullSentences(String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator = ImageGenerator.open(backend, NETWORK)) {
      HostTensor z = generator.latents(0);
      assertThatThrownBy(() -> generator.generate(z, PLAIN.withClassLabel(7)))
          .isInstanceOf(AliasFreeException.class)
          .hasMessage("The class label 7 is out of range: the network has 3 classes, 0 to 2.");
      assertThatThrownBy(() -> generator.generate(z, PLAIN))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("conditional")
          .hasMessageContaining("0 to 2");
      assertThatThrownBy(() -> generator.generate(z, LABELLED.withLayers("L3_1_1")))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("no layer called \"L3_1_1\"")
          .hasMessageContaining("synthesis.input");
      assertThatThrownBy(() -> generator.generate(z.reshape(11, 1), LABELLED))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("z of shape [N, 11]")
          .hasMessageContaining("f32[11, 1]");
      assertThatThrownBy(() -> generator.latents(-1))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("-1");
    }
  }
}
