package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code aliasfree train} makes of its options, before it trains. */
class TrainOptionsTest {
  @TempDir private Path temporary = Path.of("");
  private Path data = Path.of("");

  @BeforeEach
  void writeData() throws IOException {
    data = TrainingData.zip(temporary.resolve("DATA.zip"), 3, 64, true);
  }

  private CommandRun train(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--outdir=" + temporary.resolve("RUNS"),
                "--data=" + data,
                "--gpus=1",
                "--batch=32",
                "--backend=cpu-reference"));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private static String official(String name) throws IOException {
    String resource = "training_options-" + name + ".json";
    try (InputStream in =
        Objects.requireNonNull(TrainOptionsTest.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The options that were printed, without what the official command does not have. */
  private String options(CommandRun run) {
    assertThat(run.err()).isEmpty();
    String out = String.join("\n", run.out());
    return out.substring(out.indexOf('{'), out.lastIndexOf('}') + 1)
            .replaceFirst("(?s)  \"aliasfree\": \\{.*?\n  \\},\n", "")
            .replace(temporary + "/", "")
        + "\n";
  }

  /**
   * The files hold what {@code train.py -n} of the official repository printed for a data set of
   * this form with {@code --gamma=8.2}, the paths and {@code --metrics} apart.
   */
  @ParameterizedTest
  @ValueSource(strings = {"stylegan3-t", "stylegan3-r", "stylegan2"})
  void theOptionsOfEachPresetAreTheOfficialOnes(String cfg) throws IOException {
    CommandRun run = train("--cfg=" + cfg, "--gamma=8.2", "-n");
    assertThat(options(run)).isEqualTo(official(cfg));
    assertThat(run.out()).contains("Dataset size:        3 images").endsWith("Dry run; exiting.");
    assertThat(temporary.resolve("RUNS")).doesNotExist();
  }

  @Test
  void everyOptionFindsItsPlace() throws IOException {
    Path network = Files.createFile(temporary.resolve("NETWORK.pkl"));
    CommandRun run =
        train(
            "--cfg=stylegan3-r",
            "--batch=16",
            "--gamma=0.5",
            "--resume=" + network,
            "--fp32=1",
            "--cond=yes",
            "--mirror",
            "--aug=fixed",
            "--p=0.3",
            "--desc=hi",
            "--dry-run");
    assertThat(options(run)).isEqualTo(official("stylegan3-r-resumed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--gpus=2 --batch=3 | --batch must be a multiple of --gpus | 1",
        "--batch-gpu=5 | --batch must be a multiple of --gpus times --batch-gpu | 1",
        "--batch-gpu=2 | --batch-gpu cannot be smaller than --mbstd | 1",
        "--batch=12 --batch-gpu=6 | a multiple of --mbstd-group | 1",
        "--metrics=fid50k_full | --metrics can only contain the following values: none | 1",
        "--gpus=2 | training runs on one | 1",
        "--batch=0 | --batch: \"0\" is not a whole number | 2",
        "--gamma=-1 | --gamma: | 2",
        "--p=1.5 | --p: \"1.5\" is not a number from 0.0 to 1.0. | 2",
        "--cond=maybe | is not a valid boolean | 2",
        "--aug=some | is not one of noaug, ada, fixed. | 2",
        "--augpipe=all | --augpipe: There is no augmentation preset | 2",
        "--time-limit=soon | is not a time | 2",
        "--snap-format=zip | is not one of pkl, safetensors, both. | 2",
        "--resume=nowhere.pkl | --resume: there is no file or run nowhere.pkl. | 1",
        "--resume=https:///y.pkl | cannot be downloaded | 2",
        "--freezeg=99 | 99 layers of the synthesis network cannot be frozen: it has 16 | 1",
        "--data=nothing.zip | --data: | 1",
      })
  void whatIsWrongIsSaidInOneLineBeforeAnythingIsWritten(
      String options, String message, int exitCode) {
    List<String> words = new ArrayList<>(List.of("--cfg=stylegan3-t"));
    words.addAll(List.of(options.split(" ")));
    CommandRun run = train(words.toArray(String[]::new));
    assertThat(run.err()).singleElement().asString().contains(message);
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(temporary.resolve("RUNS")).doesNotExist();
  }

  @Test
  void allThatIsMissingOrWrongIsToldAtOnce() {
    CommandRun run = CommandRun.of("train", "--cfg=stylegan4", "--kimg=0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(String.join("\n", run.err()))
        .contains("Missing option '--outdir'.")
        .contains("Missing option '--data'.")
        .contains("Missing option '--gpus'.")
        .contains("Missing option '--batch'.")
        .contains("choose one of stylegan3-t, stylegan3-r, stylegan2")
        .contains("--kimg: \"0\"");
  }

  @Test
  void labelsAreNeededToConditionOnThem() throws IOException {
    data = TrainingData.zip(temporary.resolve("plain.zip"), 3, 64, false);
    CommandRun run = train("--cfg=stylegan3-t", "--cond=1");
    assertThat(run.err())
        .containsExactly("aliasfree: --cond=True requires labels specified in dataset.json");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void theWeightOfR1FollowsFromResolutionAndBatchWhenNothingIsSaid() {
    assertThat(options(train("--cfg=stylegan3-t", "-n")))
        .contains("\"r1_gamma\": " + 0.0002 * 64 * 64 / 32);
  }
}
