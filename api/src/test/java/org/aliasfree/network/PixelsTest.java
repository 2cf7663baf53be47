package org.aliasfree.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;

class PixelsTest {
  @Test
  void valuesAreScaledClampedAndTruncated() {
    double[] values = {-3, -1, -1 + 1 / 255.0, 0, 0.5, 1 - 1e-3, 1, 7};
    int[] expected = {0, 0, 1, 128, 191, 255, 255, 255};
    HostTensor image = HostTensor.allocate(TensorType.f32(1, 2, 4));
    for (int i = 0; i < values.length; i++) {
      image.set(i, values[i]);
    }
    HostTensor pixels = Pixels.of(image);
    assertThat(pixels.type()).isEqualTo(TensorType.of(DType.U8, 2, 4, 1));
    for (int i = 0; i < values.length; i++) {
      assertThat(pixels.get(i)).as("%s", values[i]).isEqualTo(expected[i]);
    }
  }

  @Test
  void channelsOfAPixelBecomeNeighbours() {
    HostTensor image = HostTensor.allocate(TensorType.f32(3, 1, 2));
    for (int i = 0; i < 6; i++) {
      image.set(i, (i - 128) / 127.5);
    }
    HostTensor pixels = Pixels.of(image);
    int[] expected = {0, 2, 4, 1, 3, 5};
    for (int i = 0; i < 6; i++) {
      assertThat(pixels.get(i)).isBetween(expected[i] - 1.0, expected[i] + 0.0);
    }
  }

  @Test
  void batchIsRefused() {
    assertThatThrownBy(() -> Pixels.of(HostTensor.allocate(TensorType.f32(1, 3, 2, 2))))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("f32[1, 3, 2, 2]");
  }
}
