package org.aliasfree.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;

/** Several processes, and processes that die. */
class ProcessTest extends StoreTest {
  private final byte[] network = bytes(3_000_000, 1);

  /** Fetches the URL of the second argument into the folder of the first. */
  static final class Fetcher {
    private Fetcher() {}

    public static void main(String[] args) {
      DownloadListener listener =
          new DownloadListener() {
            @Override
            public void waiting(URI url) {
              System.out.println("waiting");
            }
          };
      NetworkStore store =
          new NetworkStore(NetworkStoreOptions.in(Path.of(args[0])).withListener(listener));
      try {
        System.out.println("got " + store.resolve(args[1]));
      } catch (AliasFreeException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private List<String> command(String url) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fetcher.class.getName()));
    command.addAll(List.of(folder.resolve("networks").toString(), url));
    return command;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> output(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return text.lines().toList();
  }

  @Test
  void processesThatWantTheSameFileGetItFromOneDownload() throws IOException, InterruptedException {
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              Thread.sleep(2_000); // until the others are up
              BadServer.file(r, out, network);
            })) {
      String url = server.url("/a.pkl");
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        processes.add(start(command(url)));
      }
      List<String> lines = new ArrayList<>();
      for (Process process : processes) {
        lines.addAll(output(process));
      }
      Path file = store().resolve(url);
      assertThat(file).hasBinaryContent(network);
      assertThat(lines).filteredOn(("got " + file)::equals).hasSize(3);
      assertThat(lines).contains("waiting");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aProcessThatIsKilledLeavesWhatTheNextGoesOnWith() throws IOException, InterruptedException {
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              BadServer.file(r, out, network, "\"1\"", r.hasRange() ? network.length : 1_000_000);
              for (int i = 1_000_000; !r.hasRange() && i < network.length; i += 1_000) {
                out.write(network, i, 1_000);
                out.flush();
                Thread.sleep(5);
              }
            })) {
      String url = server.url("/a.pkl");
      Process process = start(command(url));
      while (store().unfinished().stream().noneMatch(u -> u.present() >= 1_000_000)) {
        assertThat(process.isAlive()).isTrue();
        Thread.sleep(20);
      }
      process.destroyForcibly().waitFor();
      assertThat(store().find(url)).isEmpty();
      assertThat(store().resolve(url)).hasBinaryContent(network);
      assertThat(server.requests().getLast().from()).isGreaterThanOrEqualTo(1_000_000);
    }
  }

  @Test
  void aFullDiskIsToldInOneLineAndLeavesWhatCanBeGoneOnWith()
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "ulimit is needed");
    try (BadServer server = new BadServer((r, out) -> BadServer.file(r, out, network))) {
      String url = server.url("/a.pkl");
      // Files of this process may have 1 MB, which to it looks as a full disk does.
      List<String> command = new ArrayList<>(List.of("/bin/sh", "-c"));
      command.add("ulimit -f 2000; exec \"$@\"");
      command.add("sh");
      command.addAll(command(url));
      assertThat(output(start(command)))
          .singleElement()
          .asString()
          .startsWith("Cannot download " + url + ": File too large; free some space");
      assertThat(store().cached()).isEmpty();
      long present = store().unfinished().getFirst().present();
      assertThat(present).isEqualTo(1_024_000);
      assertThat(store().resolve(url)).hasBinaryContent(network);
      assertThat(server.requests().getLast().from()).isEqualTo(1_024_000);
    }
  }
}
