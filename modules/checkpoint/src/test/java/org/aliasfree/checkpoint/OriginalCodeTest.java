package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the original's unmodified Python code makes of pickles written here: its loader runs the
 * source in them, and the images and logits must be those that the original's own networks make of
 * the same tensors, which are the golden data.
 *
 * <p>The recordings in {@code src/test/resources/…/original} were made by {@code
 * src/test/python/load_with_original.py} with NVlabs/stylegan3 at c233a91, Python 3.11, PyTorch
 * 2.13 (CPU) and NumPy 2.4. They belong to exactly the bytes that are written now. When those
 * change, record anew, in the root of the repository:
 *
 * <pre>{@code
 * STYLEGAN3_DIR=/path/to/stylegan3 STYLEGAN3_PYTHON=/path/to/python3 mvn test -pl modules/checkpoint -am \
 *   -Dtest=OriginalCodeTest#theOriginal* -Dsurefire.failIfNoSpecifiedTests=false -Doriginal.keep=/path/to/an/empty/folder
 * cp /path/to/an/empty/folder/*.safetensors modules/checkpoint/src/test/resources/org/aliasfree/checkpoint/original
 * }</pre>
 */
class OriginalCodeTest {
  private static final Path GOLDENS = Path.of(System.getProperty("aliasfree.goldens"), "pickles");

  /** Of the largest value of an image. */
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3", "sg2_32", "sg2_32_cond4"})
  void whatWasRecordedIsWhatTheOriginalMakes(String name, @TempDir Path folder)
      throws IOException, NoSuchAlgorithmException, URISyntaxException {
    Path pickle = written(name, folder);
    String digest =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(pickle)));
    Path recording =
        Path.of(
            Objects.requireNonNull(getClass().getResource("original/" + name + ".safetensors"))
                .toURI());
    Safetensors recorded = Safetensors.read(recording);
    assertThat(recorded.metadata())
        .as("the pickle changed; how to record anew is in the comment of this test")
        .isEqualTo(Map.of("sha256", digest));
    assertAgreesWithGoldens(recorded, name);
  }

  @Test
  @Timeout(600)
  void theOriginalLoadsWhatIsWrittenNow(@TempDir Path folder)
      throws IOException, InterruptedException {
    Optional<String> checkout = Optional.ofNullable(System.getenv("STYLEGAN3_DIR"));
    if (checkout.isEmpty()) {
      System.out.println(
          "OriginalCodeTest: skipped, as STYLEGAN3_DIR does not name a checkout of NVlabs/stylegan3");
    }
    assumeTrue(checkout.isPresent(), "STYLEGAN3_DIR does not name a checkout of NVlabs/stylegan3");
    List<String> names = List.of("sg3t_32", "sg3r_64_cond3", "sg2_32", "sg2_32_cond4");
    for (String name : names) {
      written(name, folder);
    }
    String keep = System.getProperty("original.keep", "");
    Path results = keep.isEmpty() ? folder.resolve("results") : Path.of(keep);
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Optional.ofNullable(System.getenv("STYLEGAN3_PYTHON")).orElse("python3"),
                "src/test/python/load_with_original.py",
                folder.toString(),
                GOLDENS.toString(),
                results.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    System.out.println(Files.readString(output));
    assertThat(status).as(Files.readString(output)).isZero();
    for (String name : names) {
      assertAgreesWithGoldens(Safetensors.read(results.resolve(name + ".safetensors")), name);
      savedByTheOriginalIsReadHere(results.resolve(name + ".pkl"), folder.resolve(name + ".pkl"));
    }
  }

  private static Path written(String name, Path folder) {
    Path pickle = folder.resolve(name + ".pkl");
    NetworkFile.read(GOLDENS.resolve(name + ".pkl")).write(pickle);
    return pickle;
  }

  private static void assertAgreesWithGoldens(Safetensors got, String name) {
    Safetensors golden = Safetensors.read(GOLDENS.resolve(name + ".safetensors"));
    int compared = 0;
    for (Map.Entry<String, HostTensor> entry : got.tensors().entrySet()) {
      HostTensor expected = golden.tensors().get("out." + entry.getKey());
      if (expected != null) {
        compared++;
        assertClose(entry.getValue(), expected, name + " " + entry.getKey());
      }
    }
    assertThat(compared).isEqualTo(4); // StyleGAN3 has img_transform, StyleGAN2 img_noise_none
  }

  /** The golden tensor may have more samples. */
  private static void assertClose(HostTensor got, HostTensor expected, String what) {
    double largest = 0;
    double difference = 0;
    for (long i = 0; i < got.type().elements(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
      difference = Math.max(difference, Math.abs(got.get(i) - expected.get(i)));
    }
    assertThat(difference).as(what).isLessThan(TOLERANCE * largest);
  }

  private static void savedByTheOriginalIsReadHere(Path saved, Path written) {
    NetworkFile again = NetworkFile.read(saved);
    NetworkFile before = NetworkFile.read(written);
    assertThat(again.names()).isEqualTo(before.names());
    for (String name : again.names()) {
      assertThat(again.network(name).buffers())
          .containsExactlyInAnyOrderElementsOf(before.network(name).buffers());
      before
          .network(name)
          .tensors()
          .forEach(
              (tensor, data) ->
                  assertThat(again.network(name).tensor(tensor).data().mismatch(data.data()))
                      .isEqualTo(-1));
    }
    GeneratorFiles.load(again, "G_ema");
    DiscriminatorFiles.load(again, "D");
  }
}
