package org.aliasfree.network.portraits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.tensor.DType;
import org.junit.jupiter.api.Test;

class EmojiPortraitsTest {
  private static final int LARGEST = 6_000_000;

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(BundledNetworks.list())
        .extracting(BundledNetwork::name)
        .containsExactly("emoji-portraits");
  }

  @Test
  void theFileTakesAtMostSixMegabytes() throws IOException {
    try (InputStream in = new EmojiPortraits().open()) {
      assertThat(in.readAllBytes().length).isBetween(1, LARGEST);
    }
  }

  @Test
  void itHoldsTheAverageAloneWithParametersInHalfPrecision() {
    NetworkFile file = BundledNetworks.read(new EmojiPortraits());
    assertThat(file.names()).containsExactly("G_ema");
    StoredNetwork network = file.network("G_ema");
    assertThat(network.kind()).isEqualTo(StoredNetwork.Kind.STYLEGAN3_GENERATOR);
    network.tensors().keySet().stream()
        .filter(name -> !network.buffers().contains(name))
        .forEach(name -> assertThat(network.tensor(name).dtype()).as(name).isEqualTo(DType.F16));
  }
}
