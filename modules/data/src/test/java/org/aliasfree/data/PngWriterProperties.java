package org.aliasfree.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

class PngWriterProperties {
  /** ImageIO is an independent reader. */
  @Property(tries = 200)
  void anotherReaderSeesTheSamePixels(
      @ForAll @IntRange(min = 1, max = 4) int channels,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll boolean smooth,
      @ForAll long seed)
      throws IOException {
    HostTensor pixels = picture(channels, width, height, smooth, seed);
    byte[] png = png(pixels);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(read.getWidth()).isEqualTo(width);
    assertThat(read.getHeight()).isEqualTo(height);
    assertThat(read.getRaster().getNumBands()).isEqualTo(channels);
    assertThat(read.getColorModel().getComponentSize()).containsOnly(8);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          assertThat(read.getRaster().getSample(x, y, c))
              .isEqualTo((int) pixels.get(((long) y * width + x) * channels + c));
        }
      }
    }
    assertThat(png(pixels)).isEqualTo(png);
  }

  private static HostTensor picture(
      int channels, int width, int height, boolean smooth, long seed) {
    HostTensor pixels = HostTensor.allocate(TensorType.of(DType.U8, height, width, channels));
    Random random = new Random(seed);
    for (int i = 0; i < pixels.type().elements(); i++) {
      pixels.set(i, smooth ? (i * 3 + random.nextInt(4)) % 256 : random.nextInt(256));
    }
    return pixels;
  }

  private static byte[] png(HostTensor pixels) {
    return PngWriter.bytes(pixels);
  }

  @Example
  void pictureLargerThanOneChunkIsReadBack() throws IOException {
    HostTensor pixels = picture(3, 300, 200, false, 1);
    byte[] png = png(pixels);
    assertThat(png.length).isGreaterThan(2 << 16);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(read.getRaster().getSample(299, 199, 2))
        .isEqualTo((int) pixels.get(300L * 200 * 3 - 1));
  }

  @Example
  void whatIsNoPictureIsRefused() {
    HostTensor five = HostTensor.allocate(TensorType.of(DType.U8, 2, 2, 5));
    assertThatThrownBy(() -> png(five))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("1 to 4 channels");
  }
}
