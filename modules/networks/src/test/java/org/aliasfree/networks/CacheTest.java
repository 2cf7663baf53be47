package org.aliasfree.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept, and what is never served. */
class CacheTest extends StoreTest {
  private final byte[] network = bytes(200_000, 1);

  private BadServer server() throws IOException {
    return new BadServer((r, out) -> BadServer.file(r, out, network));
  }

  @Test
  void threadsThatWantTheSameFileGetItFromOneDownload()
      throws IOException, InterruptedException, ExecutionException {
    try (BadServer server =
            new BadServer(
                (r, out) -> {
                  Thread.sleep(300);
                  BadServer.file(r, out, network);
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Path> task = () -> store().resolve(server.url("/a.pkl"));
      List<Path> results = new ArrayList<>();
      for (Future<Path> result : threads.invokeAll(List.of(task, task, task, task))) {
        results.add(result.get());
      }
      assertThat(results).hasSize(4).allSatisfy(p -> assertThat(p).hasBinaryContent(network));
      assertThat(server.requests()).hasSize(1);
      assertThat(heard).containsOnlyOnce("done").contains("waiting");
    }
  }

  @Test
  void threadsThatWantDifferentFilesDoNotWaitForEachOther()
      throws IOException, InterruptedException, ExecutionException {
    var both = new java.util.concurrent.CyclicBarrier(2);
    try (BadServer server =
            new BadServer(
                (r, out) -> {
                  try {
                    both.await();
                  } catch (java.util.concurrent.BrokenBarrierException e) {
                    throw new IOException(e);
                  }
                  BadServer.file(r, out, network);
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Path> one = () -> store().resolve(server.url("/one/a.pkl"));
      Callable<Path> other = () -> store().resolve(server.url("/other/a.pkl"));
      for (Future<Path> result : threads.invokeAll(List.of(one, other))) {
        assertThat(result.get()).hasBinaryContent(network);
      }
    }
    assertThat(store().cached()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cut",
        "longer",
        "gone",
        "record gone",
        "record empty",
        "record of another",
        "record odd",
        "other bytes"
      })
  void whatDoesNotFitItsRecordIsNotServedButDownloadedAgain(String damage) throws IOException {
    try (BadServer server = server()) {
      String url = server.url("/a.pkl");
      Path file = store().resolve(url);
      damage(file, damage);
      assertThat(store().find(url)).isEmpty();
      assertThatThrownBy(() -> new NetworkStore(options().withOffline(true)).resolve(url))
          .isInstanceOf(AliasFreeException.class);
      assertThat(store().resolve(url)).isEqualTo(file).hasBinaryContent(network);
      assertThat(server.requests()).hasSize(2);
      assertThat(store().verify(url).intact()).isPresent();
    }
  }

  private static void damage(Path file, String damage) throws IOException {
    Path record = Path.of(file + ".json");
    switch (damage) {
      case "cut" -> {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(1_000);
        }
      }
      case "longer" -> Files.write(file, new byte[1], StandardOpenOption.APPEND);
      case "gone" -> Files.delete(file);
      case "record gone" -> Files.delete(record);
      case "record empty" -> Files.write(record, new byte[0]);
      case "record of another" ->
          Files.writeString(record, Files.readString(record).replace("localhost", "127.0.0.1"));
      case "record odd" -> Files.writeString(record, "{\"url\": 7, \"size\": \"x\"}");
      default -> otherBytes(file, true);
    }
  }

  /** One bit less or more, which only the sha256 can tell. */
  private static void otherBytes(Path file, boolean later) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[12_345] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, later ? FileTime.fromMillis(time.toMillis() + 60_000) : time);
  }

  @Test
  void aCopyOfTheFolderIsAsGoodAsTheFolder() throws IOException {
    try (BadServer server = server()) {
      Path file = store().resolve(server.url("/a.pkl"));
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      assertThat(store().resolve(server.url("/a.pkl"))).isEqualTo(file);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void verifyingFindsOneWrongBitAndRemovesTheFile() throws IOException {
    try (BadServer server = server()) {
      Path file = store().resolve(server.url("/a.pkl"));
      store().resolve(server.url("/b.pkl"));
      otherBytes(file, false);
      assertThat(store().verifyAll())
          .extracting(v -> v.url().getPath() + " " + v.intact().isPresent() + " " + v.fault())
          .containsExactlyInAnyOrder(
              "/a.pkl false its bytes are not those that were downloaded; removed", "/b.pkl true ");
      assertThat(store().cached()).extracting(n -> n.url().getPath()).containsExactly("/b.pkl");
      assertThatThrownBy(() -> store().verify(server.url("/a.pkl")))
          .hasMessageContaining("is not in " + folder.resolve("networks"));
    }
  }

  @Test
  void removingLeavesNothing() throws IOException {
    try (BadServer server =
        new BadServer(
            (r, out) ->
                BadServer.file(
                    r,
                    out,
                    network,
                    "\"1\"",
                    r.target().equals("/c") ? 100_000 : network.length))) {
      Path a = store().resolve(server.url("/a"));
      store().resolve(server.url("/b"));
      failure(server.url("/c"));
      assertThat(store().unfinished()).extracting(UnfinishedDownload::present).contains(100_000L);
      assertThat(files()).hasSize(6);
      Files.writeString(a.resolveSibling("notes.txt"), "mine");
      assertThat(store().remove(server.url("/a"))).isGreaterThan(200_000);
      assertThat(store().remove(server.url("/a"))).isZero();
      assertThat(a).doesNotExist();
      assertThat(store().removeAll()).isGreaterThan(300_000);
      assertThat(files()).containsExactly("notes.txt");
      assertThat(store().removeAll()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tail lost", "zeros", "record lost", "record odd"})
  void bytesThatAPowerFailureLostAreNotGoneOnFrom(String loss) throws IOException {
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (r, out) ->
                BadServer.file(r, out, network, "\"1\"", count[0]++ < 3 ? 100_000 : 200_000))) {
      String url = server.url("/a.pkl");
      failure(url);
      Path part = folder.resolve("networks").resolve(partName());
      switch (loss) {
        case "tail lost" -> Files.write(part, java.util.Arrays.copyOf(network, 50_000));
        case "zeros" -> Files.write(part, new byte[100_000]);
        case "record lost" -> Files.delete(Path.of(part + ".json"));
        default -> Files.writeString(Path.of(part + ".json"), "[]");
      }
      assertThat(store().resolve(url)).hasBinaryContent(network);
      assertThat(server.requests().getLast().hasRange()).isFalse();
    }
  }

  private String partName() throws IOException {
    return files().stream().filter(f -> f.endsWith(".part")).findFirst().orElseThrow();
  }

  @Test
  void offlineServesWhatIsHereAndAsksNobody() throws IOException {
    try (BadServer server = server()) {
      Path file = store().resolve(server.url("/a.pkl"));
      NetworkStore offline = new NetworkStore(options().withOffline(true));
      assertThat(offline.resolve(server.url("/a.pkl"))).isEqualTo(file);
      assertThatThrownBy(() -> offline.resolve(server.url("/b.pkl")))
          .hasMessage(
              server.url("/b.pkl")
                  + " is not in "
                  + folder.resolve("networks")
                  + ", and downloads are off (--offline or ALIASFREE_OFFLINE); allow them once, or"
                  + " give the path of a file.");
      assertThatThrownBy(() -> offline.resolve("stylegan3-r-afhqv2-512x512"))
          .hasMessageContaining("stylegan3-r-afhqv2-512x512.pkl is not in ");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsToldInOneLine() throws IOException {
    Files.writeString(folder.resolve("networks"), "a file");
    assertThat(failure("http://localhost:1/a.pkl"))
        .startsWith("Cannot download http://localhost:1/a.pkl: " + folder.resolve("networks"))
        .contains("set ALIASFREE_CACHE to another folder");
    assertThat(store().cached()).isEmpty();
  }

  @Test
  void aReadOnlyFolderStillServes() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "nothing is read-only for root");
    try (BadServer server = server()) {
      Path file = store().resolve(server.url("/a.pkl"));
      Path networks = folder.resolve("networks");
      assertThat(networks.toFile().setWritable(false)).isTrue();
      assertThat(networks.resolve("locks").toFile().setWritable(false)).isTrue();
      try {
        assertThat(store().resolve(server.url("/a.pkl"))).isEqualTo(file);
        assertThat(failure(server.url("/b.pkl"))).contains("permission denied");
      } finally {
        assertThat(networks.toFile().setWritable(true)).isTrue();
        assertThat(networks.resolve("locks").toFile().setWritable(true)).isTrue();
      }
    }
  }
}
