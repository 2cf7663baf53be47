package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aliasfree.data.PngWriter;
import org.aliasfree.data.RasterImage;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetCommandTest {
  @TempDir private Path temporary = Path.of("");

  private String source(int... sizes) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("source"));
    for (int i = 0; i < sizes.length; i++) {
      byte[] samples = new byte[sizes[i] * sizes[i] * 3];
      HostTensor image = new RasterImage(sizes[i], sizes[i], 3, samples).tensor();
      PngWriter.write(image, folder.resolve(i + ".png"));
    }
    return "--source=" + folder;
  }

  private String dest() {
    return "--dest=" + temporary.resolve("out.zip");
  }

  @Test
  void dataSetIsMadeAndToldInOneLine() throws IOException {
    CommandRun run = CommandRun.of("dataset", source(16, 16), dest());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsExactly(temporary.resolve("out.zip") + ": 2 images of 16x16, RGB, no labels");
    assertThat(temporary.resolve("out.zip")).exists();
  }

  @Test
  void allWrongOptionsAreToldAtOnce() {
    CommandRun run =
        CommandRun.of(
            "dataset",
            "--source=x",
            "--dest=",
            "--max-images=0",
            "--transform=center-crop",
            "--channels=2",
            "--resize-filter=sharp",
            "--threads=x");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasSize(6);
    assertThat(String.join(" ", run.err()))
        .contains(
            "must specify --resolution=WxH when using center-crop transform",
            "must not be an empty string");
  }

  @Test
  void faultyPicturesAreNamedAndCanBeSkipped() throws IOException {
    String source = source(16, 8, 16);
    CommandRun refused = CommandRun.of("dataset", source, dest());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).hasSize(2);
    assertThat(refused.err().get(1)).contains("1.png", "attributes must be equal");
    assertThat(temporary.resolve("out.zip")).doesNotExist();
    CommandRun skipped = CommandRun.of("dataset", source, dest(), "--skip-faulty");
    assertThat(skipped.exitCode()).isZero();
    assertThat(skipped.err()).hasSize(1);
    assertThat(skipped.out().getFirst()).contains("2 images");
  }

  @Test
  void missingSourceIsOneLine() {
    CommandRun run = CommandRun.of("dataset", "--source=/no/such", dest());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).containsExactly("aliasfree: Missing input file or directory: /no/such");
  }
}
