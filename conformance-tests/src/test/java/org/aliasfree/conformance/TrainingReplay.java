package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.Generator;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.LossConfig;
import org.aliasfree.training.StyleMixing;
import org.aliasfree.training.TrainingConfig;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.loop.PhaseInputs;
import tools.jackson.databind.JsonNode;

/** A recorded run of the official training loop: its networks, its options, what it drew. */
final class TrainingReplay {
  final GoldenCase golden;
  final Generator generator;
  final Discriminator discriminator;
  final TrainingProgram program;

  TrainingReplay(GoldenCase golden) {
    this.golden = golden;
    boolean stylegan2 = golden.param("cfg").asString().equals("stylegan2");
    generator = stylegan2 ? stylegan2() : stylegan3();
    JsonNode kwargs = golden.param("D_kwargs");
    discriminator =
        new Discriminator(
            DiscriminatorConfig.ofResolution(golden.param("img_resolution").asInt())
                .with(
                    b ->
                        b.cDim(golden.param("c_dim").asInt())
                            .channelBase(kwargs.get("channel_base").asInt())
                            .channelMax(kwargs.get("channel_max").asInt())
                            .mbstdGroupSize(
                                OptionalInt.of(
                                    kwargs
                                        .get("epilogue_kwargs")
                                        .get("mbstd_group_size")
                                        .asInt()))));
    program = new TrainingProgram(generator, discriminator, Optional.empty(), config(stylegan2));
  }

  private StyleGan3Generator stylegan3() {
    JsonNode kwargs = golden.param("G_kwargs");
    return new StyleGan3Generator(
        StyleGan3Config.stylegan3T(golden.param("img_resolution").asInt())
            .with(
                b ->
                    b.zDim(kwargs.get("z_dim").asInt())
                        .wDim(kwargs.get("w_dim").asInt())
                        .cDim(golden.param("c_dim").asInt())
                        .channelBase(kwargs.get("channel_base").asInt())
                        .channelMax(kwargs.get("channel_max").asInt())
                        .numLayers(kwargs.get("num_layers").asInt())
                        .magnitudeEmaBeta(kwargs.get("magnitude_ema_beta").asDouble())
                        .mapping(mapping(kwargs))));
  }

  private StyleGan2Generator stylegan2() {
    JsonNode kwargs = golden.param("G_kwargs");
    return new StyleGan2Generator(
        StyleGan2Config.stylegan2(golden.param("img_resolution").asInt())
            .with(
                b ->
                    b.zDim(kwargs.get("z_dim").asInt())
                        .wDim(kwargs.get("w_dim").asInt())
                        .cDim(golden.param("c_dim").asInt())
                        .channelBase(kwargs.get("channel_base").asInt())
                        .channelMax(kwargs.get("channel_max").asInt())
                        .mapping(mapping(kwargs))));
  }

  private static MappingConfig mapping(JsonNode kwargs) {
    return new MappingConfig(kwargs.get("mapping_kwargs").get("num_layers").asInt(), 0.01, 0.998);
  }

  private TrainingConfig config(boolean stylegan2) {
    int batch = golden.param("batch_gpu").asInt();
    double gamma = golden.param("loss_kwargs").get("r1_gamma").asDouble();
    TrainingConfig preset =
        stylegan2 ? TrainingConfig.stylegan2(batch, gamma) : TrainingConfig.stylegan3(batch, gamma);
    LossConfig loss = preset.loss();
    JsonNode kwargs = golden.param("loss_kwargs");
    assertThat(loss.styleMixingProb()).isEqualTo(kwargs.path("style_mixing_prob").asDouble(0));
    assertThat(loss.plWeight()).isEqualTo(kwargs.path("pl_weight").asDouble(0));
    assertThat(preset.generatorAdam().learningRate())
        .isEqualTo(golden.param("G_opt_kwargs").get("lr").asDouble());
    assertThat(preset.discriminatorAdam())
        .isEqualTo(AdamOptions.of(golden.param("D_opt_kwargs").get("lr").asDouble()));
    return preset;
  }

  /** The values that a network began with, by the names of its variables. */
  Map<String, HostTensor> initial(String scope, List<NetworkVariable> variables) {
    Map<String, HostTensor> values = new HashMap<>();
    for (NetworkVariable v : variables) {
      String name = v.variable().name();
      values.put(name, golden.tensor("init." + scope + name));
    }
    return values;
  }

  /** The call of a phase for a micro-batch; none where the phase was not due. */
  Optional<JsonNode> call(int iteration, String phase, int chunk) {
    for (JsonNode call : golden.metadata("calls")) {
      if (call.get("iteration").asInt() == iteration
          && call.get("phase").asString().equals(phase)
          && call.path("chunk").asInt(0) == chunk) {
        return Optional.of(call);
      }
    }
    return Optional.empty();
  }

  /** What was given in an iteration. */
  PhaseInputs inputs(int iteration) {
    return (phase, round, entry, types) ->
        inputs(call(iteration, phase.name(), round).orElseThrow(), round, entry);
  }

  private Map<String, HostTensor> inputs(JsonNode call, int chunk, String entry) {
    String iteration = "it" + call.get("iteration").asInt();
    String inputs = iteration + "." + call.get("phase").asString() + "." + chunk + ".in.";
    if (entry.equals("Dmain.real") || entry.equals("Dreg")) {
      return Map.of(
          TrainingProgram.IMAGES,
          golden.tensor(iteration + "." + chunk + ".in.real_img"),
          TrainingProgram.LABELS,
          golden.tensor(iteration + "." + chunk + ".in.real_c"));
    }
    Map<String, HostTensor> values = new LinkedHashMap<>();
    int shrink = entry.equals("Greg") ? 2 : 1;
    values.put(TrainingProgram.Z, first(golden.tensor(inputs + "gen_z"), shrink));
    values.put(TrainingProgram.LABELS, first(golden.tensor(inputs + "gen_c"), shrink));
    List<HostTensor> tape = tape(call.get("tape_range"));
    if (!tape.isEmpty()) {
      int cutoff = (int) tape.get(0).get(0);
      boolean mixed = tape.get(1).get(0) < 0.9;
      values.put(
          TrainingProgram.MIX_MASK,
          StyleMixing.mask(generator.numWs(), mixed ? cutoff : generator.numWs()));
      values.put(TrainingProgram.MIX_Z, tape.get(2));
      int at = 3;
      for (String layer : noiseLayers()) {
        values.put(Generator.NOISE + layer.replace("synthesis.", ""), tape.get(at++));
      }
      if (entry.equals("Greg")) {
        values.put(TrainingProgram.PL_NOISE, tape.get(at++));
      }
      assertThat(at).as("draws of " + entry).isEqualTo(tape.size());
    }
    return values;
  }

  /** The layers that add noise, in the order in which they run. */
  private List<String> noiseLayers() {
    return generator.layerNames().stream()
        .filter(
            layer ->
                generator.variables().stream()
                    .anyMatch(v -> v.variable().name().equals(layer + ".noise_strength")))
        .toList();
  }

  private List<HostTensor> tape(JsonNode range) {
    List<HostTensor> draws = new ArrayList<>();
    for (int i = range.get(0).asInt(); i < range.get(1).asInt(); i++) {
      String name = Objects.requireNonNull(golden.metadata("tape").get(i)).get(0).asString();
      draws.add(golden.tensor(name));
    }
    return draws;
  }

  private static HostTensor first(HostTensor t, int shrink) {
    if (shrink == 1) {
      return t;
    }
    long[] sizes = t.shape().toArray();
    sizes[0] /= shrink;
    HostTensor part = HostTensor.allocate(org.aliasfree.tensor.TensorType.of(DType.F32, sizes));
    part.data().copyFrom(t.data().asSlice(0, part.data().byteSize()));
    return part;
  }
}
