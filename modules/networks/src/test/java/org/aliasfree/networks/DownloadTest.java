package org.aliasfree.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break, servers that change their mind: the file is right, or not there. */
class DownloadTest extends StoreTest {
  private final byte[] network = bytes(200_000, 1);

  @Test
  void aFileIsDownloadedOnceWithARecordOfWhatItIs() throws IOException, NoSuchAlgorithmException {
    try (BadServer server = new BadServer((r, out) -> BadServer.file(r, out, network))) {
      String url = server.url("/nets/cats%20and%20dogs.pkl?v=2");
      Path file = store().resolve(url);
      assertThat(file).hasBinaryContent(network);
      assertThat(store().resolve(url)).isEqualTo(file);
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst().headers())
          .containsEntry("accept-encoding", "identity");
      assertThat(heard).containsExactly("begin 0/200000", "done");

      CachedNetwork cached = store().cached().getFirst();
      assertThat(cached.url()).isEqualTo(URI.create(url));
      assertThat(cached.size()).isEqualTo(200_000);
      assertThat(cached.sha256()).isEqualTo(sha256(network));
      assertThat(cached.etag()).contains("\"one\"");
      assertThat(cached.time()).isBetween(Instant.now().minusSeconds(600), Instant.now());
      String name = file.getFileName().toString();
      assertThat(name).startsWith("cats_20and_20dogs-").endsWith(".pkl");
      assertThat(files()).containsExactly(name, name + ".json");
    }
  }

  @Test
  void whateverTheConnectionDoesTheFileIsRightAndNoByteIsFetchedTwice()
      throws IOException, NoSuchAlgorithmException {
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      byte[] file = bytes(1 + random.nextInt(1 << random.nextInt(1, 19)), seed);
      boolean inNewStore = random.nextBoolean();
      int[] sent = {0};
      int[] cuts = {1 + random.nextInt(5)};
      try (BadServer server =
          new BadServer(
              (r, out) -> {
                assertThat(r.from()).isEqualTo(sent[0]);
                int end =
                    cuts[0]-- > 0 ? sent[0] + random.nextInt(file.length - sent[0]) : file.length;
                sent[0] = end;
                BadServer.file(r, out, file, "\"one\"", end);
              })) {
        String url = server.url("/" + seed + ".pkl");
        Path result = null;
        for (int tries = 0; result == null && tries < 20; tries++) {
          NetworkStoreOptions patient =
              options().withTries(inNewStore ? 1 : 20, Duration.ofMillis(1));
          try {
            result = new NetworkStore(patient).resolve(url);
          } catch (AliasFreeException e) {
            assertThat(inNewStore).as(e.getMessage()).isTrue();
            assertThat(store().find(url)).isEmpty();
          }
        }
        assertThat(result).as("seed " + seed).isNotNull().hasBinaryContent(file);
        assertThat(store().find(url).orElseThrow().sha256()).isEqualTo(sha256(file));
      }
    }
  }

  @Test
  void aServerThatAlwaysEndsTooSoonFailsInOneLineAndShowsNoFile() throws IOException {
    try (BadServer server =
        new BadServer(
            (_, out) -> {
              BadServer.head(out, "200 OK", "Content-Length: 300000");
              out.write(network);
            })) {
      assertThat(failure(server.url("/a.pkl")))
          .startsWith("Cannot download " + server.url("/a.pkl") + ": the connection to localhost")
          .contains("after 200000 of 300000 bytes")
          .contains("try again");
      assertThat(server.requests()).hasSize(3); // the first brought bytes, no other brought more
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aServerThatRecoversIsAskedAgainWhenItSays() throws IOException {
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              switch (count[0]++) {
                case 0 -> BadServer.head(out, "500 Oh", "Content-Length: 0");
                case 1 -> BadServer.head(out, "503 Busy", "Content-Length: 0", "Retry-After: 1");
                default -> BadServer.file(r, out, network);
              }
            })) {
      assertThat(store().resolve(server.url("/a.pkl"))).hasBinaryContent(network);
      assertThat(heard)
          .containsExactly(
              "retry localhost answers 500 (a fault of the server)",
              "retry localhost answers 503 (it is overloaded)",
              "begin 0/200000",
              "done");
    }
  }

  @Test
  void aServerThatSendsNothingAnyMoreIsGivenUpAndGoneOnWith() throws IOException {
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              if (count[0]++ == 0) {
                Thread.sleep(3_000); // no answer at all
              }
              boolean stalls = count[0] == 2;
              BadServer.file(r, out, network, "\"one\"", stalls ? 70_000 : network.length);
              if (stalls) {
                out.flush();
                Thread.sleep(3_000);
              }
            })) {
      NetworkStoreOptions impatient =
          options().withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(500));
      Path file = new NetworkStore(impatient).resolve(server.url("/a.pkl"));
      assertThat(file).hasBinaryContent(network);
      assertThat(heard)
          .containsExactly(
              "retry localhost did not answer for 0.5 s",
              "begin 0/200000",
              "retry it sent nothing for 0.5 s after 70000 of 200000 bytes",
              "begin 70000/200000",
              "done");
    }
  }

  @Test
  void aSlowServerIsWaitedForAsLongAsItSendsSomething() throws IOException {
    byte[] file = bytes(8, 3);
    try (BadServer server =
        new BadServer(
            (_, out) -> {
              BadServer.head(out, "200 OK", "Content-Length: 8");
              for (byte b : file) {
                out.write(b);
                out.flush();
                Thread.sleep(200);
              }
            })) {
      NetworkStoreOptions impatient =
          options().withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(1));
      assertThat(new NetworkStore(impatient).resolve(server.url("/a"))).hasBinaryContent(file);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aServerThatIgnoresRangesStartsOver() throws IOException {
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (_, out) -> {
              BadServer.head(out, "200 OK", "Content-Length: 200000", "ETag: \"one\"");
              out.write(network, 0, count[0]++ == 0 ? 150_000 : 200_000);
            })) {
      assertThat(store().resolve(server.url("/a.pkl"))).hasBinaryContent(network);
      assertThat(server.requests().get(1).headers())
          .containsEntry("range", "bytes=150000-")
          .containsEntry("if-range", "\"one\"");
      assertThat(heard).contains("begin 0/200000").doesNotContain("begin 150000/200000");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"heeds If-Range", "does not", "has a shorter file"})
  void aFileThatChangesOnTheServerIsNotMixed(String manner) throws IOException {
    byte[] changed = bytes(manner.equals("has a shorter file") ? 1_000 : 200_000, 2);
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              if (count[0]++ == 0) {
                BadServer.file(r, out, network, "\"one\"", 150_000);
              } else if (manner.equals("heeds If-Range") || !r.hasRange()) {
                BadServer.file(r, out, changed, "\"two\"", changed.length);
              } else if (r.from() >= changed.length) {
                BadServer.head(out, "416 No", "Content-Range: bytes */" + changed.length);
              } else {
                BadServer.head(
                    out,
                    "206 Partial",
                    "ETag: \"two\"",
                    "Content-Length: 50000",
                    "Content-Range: bytes 150000-199999/200000");
                out.write(changed, 150_000, 50_000);
              }
            })) {
      assertThat(store().resolve(server.url("/a.pkl"))).hasBinaryContent(changed);
      assertThat(store().cached().getFirst().etag()).contains("\"two\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ETag: W/\"one\" | false", // a weak one
        "X: y | false",
        "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT | true",
        "Last-Modified: yesterday | false",
      })
  void onlyAFileWhoseVersionIsKnownIsGoneOnWith(String header, boolean goesOn) throws IOException {
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              String date = "Date: Tue, 02 Jan 2024 00:00:00 GMT";
              int from = r.from();
              String length = "Content-Length: " + (network.length - from);
              if (r.hasRange()) {
                String range = "Content-Range: bytes " + from + "-199999/200000";
                BadServer.head(out, "206 Partial", length, range, header, date);
              } else {
                BadServer.head(out, "200 OK", length, header, date);
              }
              int end = count[0]++ == 0 ? 150_000 : network.length;
              out.write(network, from, end - from);
            })) {
      assertThat(store().resolve(server.url("/a.pkl"))).hasBinaryContent(network);
      assertThat(server.requests().get(1).hasRange()).isEqualTo(goesOn);
    }
  }

  @Test
  void whatAServerPacksUnaskedIsUnpackedAndPackedFilesStayPacked() throws IOException {
    byte[] packed = gzip(network);
    int[] count = {0};
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              boolean encoded = r.target().equals("/encoded.pkl");
              int end = count[0]++ == 0 ? packed.length / 2 : packed.length;
              int from = r.from();
              String length = "Content-Length: " + (packed.length - from);
              String range =
                  "Content-Range: bytes " + from + "-" + (packed.length - 1) + "/" + packed.length;
              BadServer.head(
                  out,
                  from > 0 ? "206 Partial" : "200 OK",
                  length,
                  "ETag: \"z\"",
                  from > 0 ? range : "X: y",
                  encoded ? "Content-Encoding: gzip" : "Content-Type: application/gzip");
              out.write(packed, from, end - from);
            })) {
      assertThat(store().resolve(server.url("/encoded.pkl"))).hasBinaryContent(network);
      assertThat(store().resolve(server.url("/file.pkl.gz"))).hasBinaryContent(packed);
      assertThat(store().verifyAll()).allMatch(v -> v.intact().isPresent());
      assertThat(files()).hasSize(4);
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @RepeatedTest(10) // an interruption arrives at any moment
  void anInterruptedThreadStopsAndKeepsWhatItHas() throws IOException, InterruptedException {
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              BadServer.file(r, out, network, "\"one\"", r.hasRange() ? network.length : 100_000);
              out.flush();
              Thread.sleep(r.hasRange() ? 0 : 20_000);
            })) {
      String url = server.url("/a.pkl");
      CountDownLatch came = new CountDownLatch(1);
      DownloadListener listener =
          new DownloadListener() {
            @Override
            public void progress(long present, long total) {
              if (present == 100_000) {
                came.countDown();
              }
            }
          };
      List<String> messages = new CopyOnWriteArrayList<>();
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      new NetworkStore(options().withListener(listener)).fetch(url);
                    } catch (AliasFreeException e) {
                      messages.add(String.valueOf(e.getMessage()));
                    }
                  });
      came.await();
      thread.interrupt();
      thread.join();
      assertThat(messages)
          .containsExactly(
              "Cannot download " + url + ": the thread was interrupted: it goes on after 0.1 MB.");
      assertThat(store().unfinished())
          .containsExactly(new UnfinishedDownload(URI.create(url), 100_000, 200_000));
      assertThat(store().resolve(url)).hasBinaryContent(network);
      assertThat(heard).contains("begin 100000/200000");
    }
  }
}
