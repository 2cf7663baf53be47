package org.aliasfree.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the store share. */
abstract class StoreTest {
  @TempDir protected Path folder = Path.of("");

  /** What the listener heard, but for progress. */
  protected final List<String> heard = new ArrayList<>();

  /** A store that has seen nothing yet. */
  protected NetworkStore store() {
    return new NetworkStore(options());
  }

  protected NetworkStoreOptions options() {
    return NetworkStoreOptions.in(folder.resolve("networks"))
        .withTries(3, Duration.ofMillis(1))
        .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(20))
        .withListener(
            new DownloadListener() {
              @Override
              public void licence(PublishedNetwork network) {
                add("licence " + network.name());
              }

              @Override
              public void waiting(URI url) {
                add("waiting");
              }

              @Override
              public void begin(URI url, long present, long total) {
                add("begin " + present + "/" + total);
              }

              @Override
              public void retry(URI url, String reason, Duration pause) {
                add("retry " + reason);
              }

              @Override
              public void done(CachedNetwork network) {
                add("done");
              }

              @Override
              public void failed(URI url) {
                add("failed");
              }

              private void add(String text) {
                synchronized (heard) {
                  heard.add(text);
                }
              }
            });
  }

  protected static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  protected static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** What fetching says when it fails: one line. */
  protected String failure(String url) {
    AliasFreeException e = catchThrowableOfType(AliasFreeException.class, () -> store().fetch(url));
    assertThat(e).as("fetching " + url).isNotNull();
    String message = String.valueOf(e.getMessage());
    assertThat(message).doesNotContain("\n").endsWith(".");
    return message;
  }

  /** Names of the files in the store's folder; locks aside. */
  protected List<String> files() throws IOException {
    Path networks = folder.resolve("networks");
    if (!Files.isDirectory(networks)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(networks)) {
      return found
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
