package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks from a server on this machine, wherever a command takes one. */
class RemoteNetworkTest {
  private static final Path FILE =
      Path.of(System.getProperty("aliasfree.goldens", "../../goldens"), "pickles", "sg3t_32.pkl");

  @TempDir private Path folder = Path.of("");

  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;
  private String url = "";

  RemoteNetworkTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() throws IOException {
    byte[] file = Files.readAllBytes(FILE);
    server.createContext(
        "/net.pkl",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, file.length);
          exchange.getResponseBody().write(file);
          exchange.close();
        });
    server.start();
    url = "http://localhost:" + server.getAddress().getPort() + "/net.pkl";
    System.setProperty("aliasfree.cache", folder.resolve("cache").toString());
  }

  @AfterEach
  void stop() {
    System.clearProperty("aliasfree.cache");
    server.stop(0);
  }

  private CommandRun generate(String network, String out, String... more) {
    List<String> words =
        new java.util.ArrayList<>(List.of("generate", "--network", network, "--seeds", "0"));
    words.addAll(List.of("--backend", "cpu-reference", "--outdir", folder.resolve(out).toString()));
    words.addAll(List.of(more));
    return CommandRun.of(words.toArray(String[]::new));
  }

  private byte[] picture(String out) throws IOException {
    return Files.readAllBytes(folder.resolve(out).resolve("seed0000.png"));
  }

  @Test
  void aUrlMakesThePictureOfItsFileAndIsFetchedOnce() throws IOException {
    CommandRun first = generate(url, "a", "--json");
    assertThat(first.exitCode()).as(first.err().toString()).isZero();
    assertThat(first.out()).singleElement().asString().startsWith("{\"seed\":0");
    assertThat(first.err())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Downloading " + url + " ("),
            line -> assertThat(line).contains("sha256 "));
    assertThat(generate(FILE.toString(), "b").exitCode()).isZero();
    assertThat(picture("a")).isEqualTo(picture("b"));

    CommandRun again = generate(url, "c", "--offline");
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).isEmpty();
    assertThat(CommandRun.of("networks", "info", url, "--net", "G_ema").exitCode()).isZero();
    assertThat(requests).hasValue(1);
  }

  @Test
  void onATerminalTheLineIsRewritten() {
    var err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            () -> 0,
            () -> 100);
    assertThat(Main.run(List.of("networks", "info", url), console)).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .containsPattern("\rnet.pkl: [0-9.]+ of [0-9.]+ MB, ");
  }

  @Test
  void nothingIsFetchedForACommandThatIsWrong() {
    CommandRun run = generate(url, "a", "--trunc", "x");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).singleElement().asString().contains("--trunc");
    assertThat(requests).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "URL | --offline | --network: URL is not in ",
        "URL/gone |  | --network: Cannot download URL/gone: localhost answers 404 (not found)",
        "stylegan3-r-afhqv2-512x512 | --offline | stylegan3-r-afhqv2-512x512.pkl is not in",
        "stylegan3-r-afhqv2-512x512.pkl |  | did you mean the published network stylegan3-r-afhqv2-512x512?",
      })
  void whatCannotBeHadIsToldInOneLine(String network, String option, String words) {
    server.createContext(
        "/net.pkl/gone",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    CommandRun run =
        generate(network.replace("URL", url), "a", option == null ? "--verbose" : option);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("aliasfree: --network: ")
        .contains(words.replace("URL", url));
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void listVerifyAndRemoveKnowWhatIsThere() throws IOException {
    CommandRun.of("networks", "info", url);
    assertThat(CommandRun.of("networks", "list").out())
        .anyMatch(line -> line.endsWith(url))
        .anyMatch(line -> line.matches("  stylegan2-cifar10-32x32 +stylegan2 +32 +- +-"))
        .hasSize(33);
    assertThat(CommandRun.of("networks", "list", "--json").out())
        .singleElement()
        .asString()
        .contains("\"name\":\"stylegan3-r-afhqv2-512x512\"", "\"others\":[{\"url\":\"" + url);
    assertThat(CommandRun.of("networks", "verify").out())
        .singleElement()
        .asString()
        .startsWith("ok  ")
        .endsWith(url);

    Path kept = kept();
    byte[] bytes = Files.readAllBytes(kept);
    bytes[1000] ^= 4;
    Files.write(kept, bytes);
    CommandRun damaged = CommandRun.of("networks", "verify", url, "--json");
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.out()).singleElement().asString().contains("\"intact\":false");
    assertThat(damaged.err())
        .containsExactly(
            "aliasfree: " + url + ": its bytes are not those that were downloaded; removed.");
    assertThat(kept).doesNotExist();

    CommandRun.of("networks", "info", url);
    assertThat(requests).hasValue(2);
    assertThat(CommandRun.of("networks", "remove").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("networks", "remove", url, "--all").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("networks", "remove", url).out())
        .singleElement()
        .asString()
        .startsWith("Removed " + url + ", which frees ");
    assertThat(CommandRun.of("networks", "remove", url).err())
        .singleElement()
        .asString()
        .contains("is not in");
    assertThat(CommandRun.of("networks", "remove", "--all", "--json").out())
        .containsExactly("{\"removed\":\"all\",\"freed\":0}");
    assertThat(CommandRun.of("networks", "verify").out())
        .singleElement()
        .asString()
        .startsWith("Nothing was downloaded");
  }

  private Path kept() throws IOException {
    try (var files = Files.list(folder.resolve("cache/networks"))) {
      return files.filter(f -> f.toString().endsWith(".pkl")).findFirst().orElseThrow();
    }
  }

  @Test
  void trainingBeginsFromAUrl() throws IOException {
    Path data = TrainingData.zip(folder.resolve("data.zip"), 4, 32, false);
    CommandRun run =
        CommandRun.of(
            "train",
            "--outdir=" + folder.resolve("runs"),
            "--cfg=stylegan3-t",
            "--data=" + data,
            "--gpus=1",
            "--batch=4",
            "--gamma=1",
            "--dry-run",
            "--resume=" + url);
    assertThat(run.exitCode()).as(run.err().toString()).isZero();
    assertThat(requests).hasValue(1);
    assertThat(CommandRun.of("bench", "--network", url, "--offline", "--images", "x").err())
        .noneMatch(line -> line.contains("--network"));
  }
}
