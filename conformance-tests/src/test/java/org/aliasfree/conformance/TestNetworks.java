package org.aliasfree.conformance;

import java.nio.file.Path;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;

/** The StyleGAN3 networks of the golden data. */
final class TestNetworks {
  private TestNetworks() {}

  /** G_ema of a golden pickle, by its file name without the ending. */
  static GeneratorNetwork load(String name) {
    Path file = Goldens.folder().resolve("pickles").resolve(name + ".pkl");
    StoredNetwork stored = NetworkFile.read(file).network("G_ema");
    int resolution = number(stored, "img_resolution");
    boolean radial = stored.initKwargs().containsKey("use_radial_filters");
    StyleGan3Config config =
        radial ? StyleGan3Config.stylegan3R(resolution) : StyleGan3Config.stylegan3T(resolution);
    return new GeneratorNetwork(
        new StyleGan3Generator(
            config.with(
                b ->
                    b.zDim(number(stored, "z_dim"))
                        .wDim(number(stored, "w_dim"))
                        .cDim(number(stored, "c_dim"))
                        .channelBase(number(stored, "channel_base"))
                        .channelMax(number(stored, "channel_max")))),
        stored.tensors());
  }

  private static int number(StoredNetwork network, String keyword) {
    Object value = network.initKwargs().get(keyword);
    if (value instanceof Number n) {
      return n.intValue();
    }
    throw new IllegalArgumentException(keyword + " is " + value);
  }
}
