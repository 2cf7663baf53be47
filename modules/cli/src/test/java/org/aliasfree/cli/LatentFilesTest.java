package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aliasfree.checkpoint.NumpyArchive;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intermediate latents into files and out of them, and lines between seeds. */
class LatentFilesTest {
  @TempDir private Path temp;

  private List<String> generate(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "generate",
                "--network",
                CommandRun.TINY,
                "--outdir",
                temp.toString(),
                "--backend=cpu-reference"));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(0);
    return run.out();
  }

  private byte[] file(String name) throws IOException {
    return Files.readAllBytes(temp.resolve(name));
  }

  @Test
  void latentsThatWereSavedMakeTheSamePictureAgain() throws IOException {
    generate("--seeds=5", "--trunc=0.6", "--save-w", "--rotate=30");
    generate("--seeds=6", "--trunc=0.6", "--save-w=safetensors", "--rotate=30");
    HostTensor w = NumpyArchive.read(temp.resolve("seed0005.npz")).tensor("w");
    assertThat(w.type()).isEqualTo(TensorType.f32(1, 6, 8));
    for (String saved : List.of("seed0005.npz", "seed0006.safetensors")) {
      generate("--projected-w=" + temp.resolve(saved), "--rotate=30");
      assertThat(file("proj00.png")).isEqualTo(file(saved.substring(0, 8) + ".png"));
    }
  }

  @Test
  void oneLatentForAllLayersIsSpreadAndEachRowIsAPicture() throws IOException {
    generate("--seeds=1,2", "--save-w=safetensors");
    HostTensor two = HostTensor.allocate(TensorType.f32(2, 8));
    for (int i = 0; i < 2; i++) {
      HostTensor w =
          Safetensors.read(temp.resolve("seed000" + (i + 1) + ".safetensors")).tensor("w");
      two.row(i).data().copyFrom(w.row(0).row(0).data());
    }
    new NumpyArchive(Map.of("w", two)).write(temp.resolve("two.npz"));
    generate("--projected-w=" + temp.resolve("two.npz"), "--batch=2", "--grid=2x1");
    assertThat(file("proj00.png")).isEqualTo(file("seed0001.png"));
    assertThat(file("proj01.png")).isEqualTo(file("seed0002.png"));
    assertThat(temp.resolve("grid.png")).isNotEmptyFile();
  }

  @Test
  void lineInWBeginsAndEndsAtThePicturesOfItsSeeds() throws IOException {
    List<String> out = generate("--seeds=7,1:2:5,8", "--batch=3", "--save-w");
    assertThat(out).anyMatch(line -> line.contains("seeds 1 to 2, 3 of 5 (3/7)"));
    generate("--seeds=1,2");
    assertThat(file("seed0001-0002_000.png")).isEqualTo(file("seed0001.png"));
    assertThat(file("seed0001-0002_004.png")).isEqualTo(file("seed0002.png"));
    HostTensor a = NumpyArchive.read(temp.resolve("seed0001-0002_000.npz")).tensor("w");
    HostTensor b = NumpyArchive.read(temp.resolve("seed0001-0002_004.npz")).tensor("w");
    HostTensor m = NumpyArchive.read(temp.resolve("seed0001-0002_002.npz")).tensor("w");
    for (long i = 0; i < m.type().elements(); i++) {
      assertThat(m.get(i)).isEqualTo((float) ((a.get(i) + b.get(i)) / 2));
    }
  }

  @Test
  void wrongLatentsAndOptionsAreRefusedInOneLineEach() throws IOException {
    Path wrong = temp.resolve("wrong.npz");
    new NumpyArchive(Map.of("w", HostTensor.allocate(TensorType.f32(1, 3, 8)))).write(wrong);
    Path other = temp.resolve("other.npz");
    new NumpyArchive(Map.of("x", HostTensor.allocate(TensorType.f32(1, 8)))).write(other);
    assertRefused("the network takes [n, 6, 8]", 2, "--projected-w=" + wrong);
    assertRefused("\"w\"", 1, "--projected-w=" + other);
    assertRefused("no such file", 1, "--projected-w=" + temp.resolve("none.npz"));
    assertRefused("--save-w", 2, "--seeds=1", "--save-w=png");
    assertRefused("--seeds", 2);
    assertRefused("--seeds", 2, "--seeds=1:2:1");
    assertRefused("--layer", 2, "--seeds=1:2:3", "--layer=mapping.fc0");
  }

  private void assertRefused(String expected, int exitCode, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("generate", "--network", CommandRun.TINY));
    args.addAll(List.of("--outdir", temp.resolve("refused").toString()));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.err()).singleElement().asString().contains(expected);
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(temp.resolve("refused")).doesNotExist();
  }
}
