package org.aliasfree.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Small networks whose variables are filled from RandomState, by the order of their names. */
final class FilledNetworks {
  /** Kinds of generators that numbers of the official code are known for. */
  enum Kind {
    T,
    R,
    SG2
  }

  private FilledNetworks() {}

  static GeneratorNetwork generator(Kind kind, int classes) {
    Generator generator =
        kind == Kind.SG2
            ? new StyleGan2Generator(stylegan2(classes))
            : new StyleGan3Generator(stylegan3(kind == Kind.R, classes));
    Map<String, HostTensor> fresh = GeneratorNetwork.initial(generator, 0).tensors();
    return new GeneratorNetwork(generator, filled(generator.variables(), fresh));
  }

  static DiscriminatorNetwork discriminator(int classes) {
    Discriminator discriminator =
        new Discriminator(
            DiscriminatorConfig.ofResolution(16)
                .with(
                    b ->
                        b.cDim(classes)
                            .channelBase(256)
                            .channelMax(16)
                            .mbstdGroupSize(OptionalInt.of(4))));
    Map<String, HostTensor> fresh = DiscriminatorNetwork.initial(discriminator, 0).tensors();
    return new DiscriminatorNetwork(discriminator, filled(discriminator.variables(), fresh));
  }

  private static StyleGan2Config stylegan2(int classes) {
    return StyleGan2Config.stylegan2(16)
        .with(b -> b.zDim(16).wDim(16).cDim(classes).channelBase(256).channelMax(16));
  }

  private static StyleGan3Config stylegan3(boolean radial, int classes) {
    StyleGan3Config preset =
        radial ? StyleGan3Config.stylegan3R(16) : StyleGan3Config.stylegan3T(16);
    int factor = radial ? 2 : 1;
    return preset.with(
        b ->
            b.zDim(16)
                .wDim(16)
                .cDim(classes)
                .channelBase(256 * factor)
                .channelMax(16 * factor)
                .mapping(new MappingConfig(2, 0.01, 0.998)));
  }

  /** Values by the names' order, some scaled or moved so that every variable matters. */
  private static Map<String, HostTensor> filled(
      List<NetworkVariable> variables, Map<String, HostTensor> fresh) {
    Map<String, HostTensor> tensors = new HashMap<>(fresh);
    Map<String, TensorType> drawn = new TreeMap<>();
    for (NetworkVariable v : variables) {
      String name = v.variable().name();
      if (v.trainable() || name.matches(".*\\.(freqs|phases|w_avg|noise_const)")) {
        drawn.put(name, v.variable().type().withDType(DType.F64));
      } else if (name.endsWith(".magnitude_ema")) {
        tensors.put(name, HostTensor.scalar(DType.F32, 0.8));
      }
    }
    int q = 0;
    for (Map.Entry<String, TensorType> entry : drawn.entrySet()) {
      HostTensor values = new RandomState(q++).randn(entry.getValue());
      tensors.put(entry.getKey(), adjusted(entry.getKey(), values));
    }
    return tensors;
  }

  private static HostTensor adjusted(String name, HostTensor drawn) {
    double scale = 1;
    double[] offset = {0};
    if (name.contains("mapping.fc")) {
      scale = name.endsWith(".weight") ? 100 : 10;
    } else if (name.endsWith(".bias")) {
      scale = 0.1;
    }
    if (name.endsWith("input.affine.weight")
        || name.endsWith("w_avg")
        || name.endsWith("noise_strength")) {
      scale = 0.1;
    } else if (name.endsWith("phases")) {
      scale = 0.25;
    } else if (name.endsWith("input.affine.bias")) {
      offset = new double[] {1, 0, 0, 0};
    } else if (name.endsWith("affine.bias")) {
      offset = new double[] {1};
    }
    for (int i = 0; i < drawn.type().elements(); i++) {
      drawn.set(i, drawn.get(i) * scale + offset[i % offset.length]);
    }
    return drawn;
  }
}
