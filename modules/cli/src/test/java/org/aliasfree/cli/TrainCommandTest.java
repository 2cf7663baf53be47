package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code aliasfree train} from the first line to the last, with networks that take no time. */
class TrainCommandTest {
  @TempDir private static Path temporary = Path.of("");
  private static Path data = Path.of("");
  private static CommandRun first = new CommandRun(1, List.of(), List.of());

  @BeforeAll
  static void trainOnce() throws IOException {
    data = TrainingData.zip(temporary.resolve("noise.zip"), 10, 16, true);
    first = train("first", "--mirrory", "--snap-format=both", "--keep=1");
  }

  private static CommandRun train(String outdir, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--outdir=" + temporary.resolve(outdir),
                "--cfg=stylegan3-t",
                "--data=" + data,
                "--gpus=1",
                "--batch=100",
                "--mbstd-group=5",
                "--batch-gpu=50",
                "--cbase=64",
                "--cmax=4",
                "--kimg=1",
                "--snap=1",
                "--img-grid=3x2"));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private static Path folder(String outdir) throws IOException {
    try (Stream<Path> runs = Files.list(temporary.resolve(outdir))) {
      return runs.sorted().findFirst().orElseThrow();
    }
  }

  private static Path snapshot() throws IOException {
    return folder("first").resolve("network-snapshot-000001.pkl");
  }

  @Test
  void aRunLeavesTheFilesOfTheOriginal() throws IOException {
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    Path run = folder("first");
    assertThat(run.getFileName())
        .hasToString("00000-stylegan3-t-noise-gpus1-batch100-gamma0.000512");
    assertThat(first.out())
        .contains("Num images:  20", "Image shape: [3, 16, 16]", "Label shape: [0]", "Exiting...")
        .anyMatch(line -> line.matches("tick 1 {5}kimg 1\\.0 {6}time .* augment 0\\.\\d{3}"));
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(f -> f.getFileName().toString().replaceAll("tfevents.*", "tfevents")))
          .containsExactlyInAnyOrder(
              "events.out.tfevents",
              "fakes000000.png",
              "fakes000001.png",
              "fakes_init.png",
              "log.txt",
              "network-snapshot-000001.pkl", // --keep=1 has taken the first one away
              "network-snapshot-000001.safetensors",
              "reals.png",
              "stats.jsonl",
              "training-state.safetensors",
              "training_options.json");
    }
    assertThat(Files.readAllLines(run.resolve("stats.jsonl"))).hasSize(2);
    assertThat(String.join("\n", first.out()))
        .contains(Files.readString(run.resolve("log.txt")).strip());
  }

  @Test
  void trainingStartsFromANetworkAndTellsWhatItTook() throws IOException {
    CommandRun same = train("same", "--resume=" + snapshot(), "--freezem", "--freezeg=2");
    assertThat(same.err()).isEmpty();
    assertThat(same.out()).anyMatch(l -> l.matches("G: (\\d+) of \\1 tensors taken"));
    Map<String, HostTensor> before = NetworkFile.read(snapshot()).network("G").tensors();
    Map<String, HostTensor> after =
        NetworkFile.read(folder("same").resolve("network-snapshot-000001.pkl"))
            .network("G")
            .tensors();
    assertThat(changed(before, after))
        .noneMatch(name -> name.startsWith("mapping.fc"))
        .noneMatch(name -> name.startsWith("synthesis.input."))
        .anyMatch(name -> name.matches("synthesis\\.L1_.*weight"));

    data = TrainingData.zip(temporary.resolve("large.zip"), 10, 32, true);
    CommandRun larger = train("larger", "--resume=" + snapshot(), "--cond=1", "--kimg=1");
    data = temporary.resolve("noise.zip");
    assertThat(larger.err()).isEmpty();
    assertThat(String.join("\n", larger.out()))
        .containsPattern("D: \\d+ of \\d+ tensors taken")
        .containsPattern("  not in the file: b32\\.");
  }

  private static List<String> changed(
      Map<String, HostTensor> before, Map<String, HostTensor> after) {
    return before.entrySet().stream()
        .filter(
            e ->
                e.getValue().data().mismatch(Objects.requireNonNull(after.get(e.getKey())).data())
                    >= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void aLossThatIsNotANumberEndsTheRunWithItsOrigin() throws IOException {
    NetworkFile file = NetworkFile.read(snapshot());
    Map<String, StoredNetwork> networks = new LinkedHashMap<>();
    for (String name : file.names()) {
      StoredNetwork network = file.network(name);
      Map<String, HostTensor> tensors = new LinkedHashMap<>(network.tensors());
      if (name.equals("D")) {
        HostTensor bias =
            HostTensor.allocate(
                Objects.requireNonNull(network.tensors().get("b8.conv0.bias")).type());
        bias.set(1, Double.NaN);
        tensors.put("b8.conv0.bias", bias);
      }
      networks.put(name, new StoredNetwork(network.modules(), tensors, network.buffers()));
    }
    Path spoilt = temporary.resolve("spoilt.pkl");
    NetworkFile.write(spoilt, networks, file.entries());
    CommandRun run = train("spoilt", "--resume=" + spoilt);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .singleElement()
        .asString()
        .contains("The loss of Gmain is NaN or infinite after 0 images.")
        .contains("The first such number is the value of the variable D.b8.conv0.bias.");
  }

  @Test
  void aRunGoesOnLongerButNotInAnotherWay() throws IOException {
    Path run = folder("first");
    CommandRun other = CommandRun.of("train", "--resume=" + run, "--gamma=3", "--cbase=128");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).hasSize(2).allMatch(l -> l.contains("cannot be changed"));

    Path copy = Files.createDirectories(temporary.resolve("longer/00000-copy"));
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    CommandRun longer = CommandRun.of("train", "--resume=" + copy, "--kimg=2");
    assertThat(longer.err()).isEmpty();
    assertThat(longer.out())
        .contains("Training for 2 kimg...")
        .anyMatch(l -> l.startsWith("tick 2 "));
    assertThat(copy.resolve("network-snapshot-000002.pkl")).exists();
    assertThat(Files.readAllLines(copy.resolve("stats.jsonl"))).hasSize(3);
  }

  @Test
  void whatIsNoRunIsSaidToBeNone() {
    CommandRun run = CommandRun.of("train", "--resume=" + temporary);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).singleElement().asString().contains("is not the folder of a run");
  }

  @Test
  void aDamagedPictureEndsTheRunWithItsName() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("damaged"));
    try (var zip = java.nio.file.FileSystems.newFileSystem(data);
        Stream<Path> files = Files.list(zip.getPath("/"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
    Path broken = folder.resolve("img00000004.png");
    byte[] bytes = Files.readAllBytes(broken);
    bytes[bytes.length / 2] ^= 1;
    Files.write(broken, bytes);
    data = folder;
    CommandRun run = train("broken");
    data = temporary.resolve("noise.zip");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).singleElement().asString().contains("img00000004.png");
  }
}
