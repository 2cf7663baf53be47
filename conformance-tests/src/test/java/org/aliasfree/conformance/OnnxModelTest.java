package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.onnx.OnnxFile;
import org.aliasfree.onnx.OnnxOptions;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models written by {@link OnnxFile}, run by ONNX Runtime. */
class OnnxModelTest {
  /** f32 through some 50 layers, against the range of images. */
  private static final double TOLERANCE = 2e-5;

  @TempDir private Path temp;

  /** Runs a model on inputs by name; returns its image. */
  private HostTensor run(
      GeneratorNetwork network, OnnxOptions options, Map<String, HostTensor> inputs) {
    Path file = temp.resolve("model.onnx");
    OnnxFile.write(file, network, options);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> bound = new HashMap<>();
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(file.toString(), settings)) {
      assertThat(session.getInputNames()).isEqualTo(inputs.keySet());
      assertThat(session.getOutputNames()).containsExactly(Generator.IMAGE);
      for (var input : inputs.entrySet()) {
        HostTensor value = input.getValue().to(DType.F32);
        FloatBuffer floats =
            value.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        bound.put(
            input.getKey(), OnnxTensor.createTensor(environment, floats, value.shape().toArray()));
      }
      try (OrtSession.Result result = session.run(bound)) {
        OnnxTensor image = (OnnxTensor) result.get(0);
        HostTensor copy =
            HostTensor.allocate(new TensorType(DType.F32, Shape.of(image.getInfo().getShape())));
        FloatBuffer floats = image.getFloatBuffer();
        for (int i = 0; i < copy.type().elements(); i++) {
          copy.set(i, floats.get(i));
        }
        return copy;
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    } finally {
      bound.values().forEach(OnnxTensor::close);
    }
  }

  private static HostTensor list(double... values) {
    HostTensor list = HostTensor.allocate(TensorType.f32(values.length));
    for (int i = 0; i < values.length; i++) {
      list.set(i, values[i]);
    }
    return list;
  }

  private static HostTensor first(HostTensor batch, HostTensor like) {
    long[] sizes = batch.shape().toArray();
    sizes[0] = like.shape().dim(0);
    TensorType type = TensorType.of(batch.dtype(), sizes);
    return new HostTensor(type, batch.data().asSlice(0, type.bytes()));
  }

  /** z and label for as many images as the golden data has of this name. */
  private static Map<String, HostTensor> latents(GoldenCase golden, String image) {
    HostTensor like = golden.tensor(image);
    Map<String, HostTensor> inputs = new HashMap<>();
    inputs.put("z", first(golden.tensor("in.z"), like));
    if (golden.tensor("in.c").type().elements() > 0) {
      inputs.put("label", first(golden.tensor("in.c"), like));
    }
    return inputs;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3", "sg2_32", "sg2_32_cond4"})
  void onnxRuntimeMakesTheOfficialImages(String name) {
    GoldenCase golden = Goldens.file("pickles/" + name + ".safetensors");
    GeneratorNetwork network = TestNetworks.load(name);
    Map<String, HostTensor> plain = latents(golden, "out.img_psi1");
    plain.put("psi", HostTensor.scalar(DType.F32, 1));
    golden.assertMatches("out.img_psi1", run(network, OnnxOptions.DEFAULTS, plain));
    long images = golden.tensor("out.img_psi1").shape().dim(0);
    OnnxOptions fixed = OnnxOptions.DEFAULTS.withBatch(OptionalInt.of(Math.toIntExact(images)));
    golden.assertMatches("out.img_psi1", run(network, fixed, plain));

    Map<String, HostTensor> truncated = latents(golden, "out.img_psi0.7");
    truncated.put("psi", list(0.7));
    golden.assertMatches("out.img_psi0.7", run(network, OnnxOptions.DEFAULTS, truncated));
    double[] each = new double[network.generator().numWs()];
    int cutoff = golden.metadata("truncation_cutoff").asInt();
    java.util.Arrays.setAll(each, i -> i < cutoff ? 0.7 : 1);
    Map<String, HostTensor> cut = latents(golden, "out.img_psi0.7_cutoff");
    cut.put("psi", list(each));
    golden.assertMatches("out.img_psi0.7_cutoff", run(network, OnnxOptions.DEFAULTS, cut));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3", "sg2_32"})
  void onnxRuntimeMakesTheOfficialImagesFromIntermediateLatents(String name) {
    GoldenCase golden = Goldens.file("pickles/" + name + ".safetensors");
    GeneratorNetwork network = TestNetworks.load(name);
    HostTensor w = golden.tensor("out.w");
    int count = network.generator().numWs();
    HostTensor ws = HostTensor.allocate(TensorType.f32(w.shape().dim(0), count, w.shape().dim(1)));
    for (long n = 0; n < w.shape().dim(0); n++) {
      for (int i = 0; i < count; i++) {
        ws.row(n).row(i).data().copyFrom(w.to(DType.F32).row(n).data());
      }
    }
    golden.assertMatches(
        "out.img_psi1", run(network, OnnxOptions.DEFAULTS.withFromW(true), Map.of("w", ws)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3"})
  void onnxRuntimeMakesTheOfficialMovedImages(String name) {
    GoldenCase golden = Goldens.file("pickles/" + name + ".safetensors");
    Map<String, HostTensor> inputs = latents(golden, "out.img_transform");
    inputs.put("psi", list(1));
    inputs.put("transform", golden.tensor("in.transform"));
    golden.assertMatches(
        "out.img_transform",
        run(TestNetworks.load(name), OnnxOptions.DEFAULTS.withTransform(true), inputs));
  }

  @Test
  void noiseCanBeLeftOut() {
    GoldenCase golden = Goldens.file("pickles/sg2_32.safetensors");
    Map<String, HostTensor> inputs = latents(golden, "out.img_noise_none");
    inputs.put("psi", list(1));
    golden.assertMatches(
        "out.img_noise_none",
        run(TestNetworks.load("sg2_32"), OnnxOptions.DEFAULTS.withNoise(NoiseMode.NONE), inputs));
  }

  /** What the golden networks do not have: other kernels, filters, factors, and no clamp. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void unusualStyleGan3NetworksMakeTheSameImages(int which) {
    StyleGan3Config small =
        StyleGan3Config.stylegan3T(16)
            .with(b -> b.zDim(8).wDim(8).channelBase(128).channelMax(8).numLayers(6));
    assertSameImages(
        GeneratorNetwork.random(
            switch (which) {
              case 0 -> small.with(b -> b.lreluUpsampling(1).convClamp(OptionalDouble.empty()));
              case 1 -> small.with(b -> b.lreluUpsampling(4).filterSize(4).imgChannels(1));
              case 2 -> small.with(b -> b.useRadialFilters(true).convKernel(5).cDim(2));
              default -> small.with(b -> b.marginSize(3).outputScale(1).numCritical(1));
            },
            which));
  }

  @ParameterizedTest
  @EnumSource(BlockArchitecture.class)
  void styleGan2NetworksOfAllArchitecturesMakeTheSameImages(BlockArchitecture architecture) {
    Activation activation =
        switch (architecture) {
          case ORIG -> Activation.SWISH;
          case SKIP -> Activation.SOFTPLUS;
          case RESNET -> Activation.ELU;
        };
    StyleGan2Config config =
        StyleGan2Config.stylegan2(16)
            .with(
                b ->
                    b.zDim(8)
                        .wDim(8)
                        .channelBase(128)
                        .channelMax(8)
                        .architecture(architecture)
                        .resampleFilter(List.of(1.0, 2.0, 3.0, 1.0, 1.0))
                        .activation(activation));
    assertSameImages(GeneratorNetwork.random(new StyleGan2Generator(config), 7));
  }

  private void assertSameImages(GeneratorNetwork network) {
    try (Backend backend = Backends.select("cpu-reference");
        ImageGenerator generator = ImageGenerator.open(backend, network)) {
      HostTensor z = generator.latents(1, 2);
      boolean conditional = network.generator().cDim() > 0;
      HostTensor labels =
          generator.labels(2, conditional ? OptionalInt.of(1) : OptionalInt.empty());
      HostTensor expected =
          generator
              .generate(z, labels, GenerationRequest.defaults().withTruncationPsi(0.5))
              .image();
      Map<String, HostTensor> inputs = new HashMap<>(Map.of("z", z, "psi", list(0.5)));
      if (conditional) {
        inputs.put("label", labels);
      }
      HostTensor got = run(network, OnnxOptions.DEFAULTS, inputs);
      assertThat(got.type()).isEqualTo(expected.type());
      double largest = 0;
      double difference = 0;
      for (long i = 0; i < got.type().elements(); i++) {
        largest = Math.max(largest, Math.abs(expected.get(i)));
        difference = Math.max(difference, Math.abs(got.get(i) - expected.get(i)));
      }
      assertThat(largest).isGreaterThan(0.01);
      assertThat(difference).isLessThan(TOLERANCE * largest);
    }
  }
}
