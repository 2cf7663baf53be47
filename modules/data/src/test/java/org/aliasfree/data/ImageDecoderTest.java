package org.aliasfree.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final int IEND_CHUNK = 12;

  private static byte[] file(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static RasterImage noise(int channels) {
    byte[] samples = new byte[7 * 5 * channels];
    new Random(channels).nextBytes(samples);
    return new RasterImage(7, 5, channels, samples);
  }

  private static byte[] png(RasterImage image) {
    return PngWriter.bytes(image.tensor());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void samplesOfPngComeBackAsTheyAre(int channels) throws IOException {
    RasterImage image = noise(channels);
    RasterImage read = ImageDecoder.decode(png(image));
    assertThat(read.width()).isEqualTo(7);
    assertThat(read.height()).isEqualTo(5);
    assertThat(read.channels()).isEqualTo(channels);
    assertThat(read.samples()).isEqualTo(image.samples());
  }

  @Test
  void orderOfColorsInMemoryDoesNotMatter() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xfffefd);
    byte[] expected = {1, 2, 3, -1, -2, -3};
    assertThat(ImageDecoder.decode(file(image, "bmp")).samples()).isEqualTo(expected);
    assertThat(ImageDecoder.decode(file(image, "tiff")).samples()).isEqualTo(expected);
  }

  @Test
  void paletteBecomesItsColors() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(0, 0, 0xffff0000);
    image.setRGB(1, 0, 0xff00ff00);
    RasterImage read = ImageDecoder.decode(file(image, "gif"));
    assertThat(Arrays.copyOf(read.samples(), 3)).containsExactly(-1, 0, 0);
  }

  @Test
  void whatIsNoImageOrDamagedIsRefused() throws IOException {
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0])).hasMessageStartingWith("is empty");
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[100]))
        .hasMessageStartingWith("is no image in a format");
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(1);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt());
    }
    for (String format : new String[] {"png", "jpg"}) {
      byte[] whole = file(image, format);
      for (int size = 1; size < whole.length; size += Math.max(1, whole.length / 40)) {
        byte[] part = Arrays.copyOf(whole, size);
        if (format.equals("jpg") || size < whole.length - IEND_CHUNK) {
          assertThatThrownBy(() -> ImageDecoder.decode(part), "%s cut to %d", format, size)
              .isInstanceOf(AliasFreeException.class);
        }
      }
    }
  }

  @Test
  void everyChangedByteOfPixelsIsNoticed() throws IOException {
    byte[] file = png(noise(3));
    int data = 8 + 25; // after the signature and the header
    for (int i = data; i < file.length - IEND_CHUNK; i++) {
      byte[] changed = file.clone();
      changed[i] ^= 4;
      assertThatThrownBy(() -> ImageDecoder.decode(changed), "byte %d", i)
          .isInstanceOf(AliasFreeException.class);
    }
  }

  /** Of each pair of bytes the first is the sample that Pillow 12 gives. */
  @Test
  void ofSixteenBitsTheUpperEightAreKept() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x12ff);
    image.getRaster().setSample(1, 0, 0, 0xfe00);
    assertThat(ImageDecoder.decode(file(image, "png")).samples()).containsExactly(0x12, 0xfe);
  }

  @Test
  void sizeThatTheDataCannotHoldIsRefusedBeforeMemoryIsTaken() throws IOException {
    byte[] file = png(noise(3));
    ByteBuffer header = ByteBuffer.wrap(file);
    header.putInt(16, 10_000).putInt(20, 10_000);
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    header.putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .hasMessageContaining("cannot hold its 10000x10000 pixels");
  }

  @Test
  void hugeSizesAreRefusedBeforeMemoryIsTaken() {
    assertThatThrownBy(() -> ImageDecoder.checkSize(100_000, 100_000))
        .hasMessageContaining("more than 178956970");
  }
}
