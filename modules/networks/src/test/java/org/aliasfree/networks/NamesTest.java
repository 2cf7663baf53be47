package org.aliasfree.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, URLs and paths: which is which, and where things are kept. */
class NamesTest extends StoreTest {
  @Test
  void thePublishedNetworksAreThoseOfNvidiasList() throws IOException {
    try (InputStream in = NamesTest.class.getResourceAsStream("published-names.txt")) {
      assertThat(in).isNotNull();
      String names = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(PublishedNetwork.all())
          .extracting(n -> n.url().toString())
          .containsExactlyElementsOf(names.lines().toList());
    }
    assertThat(PublishedNetwork.all())
        .hasSize(27)
        .allSatisfy(
            n -> {
              assertThat(n.name()).startsWith(n.config() + "-");
              assertThat(n.name()).endsWith("-" + n.resolution() + "x" + n.resolution());
              assertThat(n.url().getPath()).endsWith("/" + n.name() + ".pkl");
              assertThat(n.licence()).isEqualTo("Nvidia Source Code License-NC");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "stylegan3-r-afhqv2-512x512.pkl, stylegan3-r-afhqv2-512x512",
    "StyleGAN3-R-AFHQv2-512x512, stylegan3-r-afhqv2-512x512",
    "stylegan3-r-afhq-512x512, stylegan3-r-afhqv2-512x512",
    "stylegan3-r-afhqv2, stylegan3-r-afhqv2-512x512",
    "stylegan3-t-ffqh-1024x1024, stylegan3-t-ffhq-1024x1024",
    "stylegan2-cifar-32x32, stylegan2-cifar10-32x32",
    "cats.pkl,",
    "stylegan,",
    "network-snapshot-000400.pkl,",
  })
  void aNearMissFindsTheName(String text, String name) {
    assertThat(PublishedNetwork.near(text).map(PublishedNetwork::name))
        .isEqualTo(Optional.ofNullable(name));
    assertThat(PublishedNetwork.named(text)).isEmpty();
    assertThatThrownBy(() -> store().resolve(text))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageStartingWith("There is no file " + text)
        .hasMessageEndingWith(
            name == null
                ? "aliasfree networks list."
                : "did you mean the published network " + name + "?");
  }

  @Test
  void pathsAndFileUrlsAreThemselves() throws IOException {
    Path file = Files.writeString(folder.resolve("a b.pkl"), "x");
    assertThat(store().resolve(file.toString())).isEqualTo(file);
    assertThat(store().resolve(file.toUri().toString())).isEqualTo(file);
    assertThat(files()).isEmpty();
    assertThat(NetworkStore.isRemote("stylegan3-r-afhqv2-512x512")).isTrue();
    assertThat(NetworkStore.isRemote("./stylegan3-r-afhqv2-512x512")).isFalse();
    assertThat(NetworkStore.isRemote("HTTPS://example.org/a")).isTrue();
    assertThat(NetworkStore.isRemote(file.toUri().toString())).isFalse();
  }

  @Test
  void theLicenceIsToldBeforeAPublishedNetworkIsDownloaded() {
    NetworkStoreOptions options = options().withTries(1, java.time.Duration.ofMillis(1));
    java.net.ProxySelector before = java.net.ProxySelector.getDefault();
    try (BadServer proxy = new BadServer((_, out) -> BadServer.head(out, "502 No"))) {
      java.net.ProxySelector.setDefault(
          java.net.ProxySelector.of(
              java.net.InetSocketAddress.createUnresolved("127.0.0.1", proxy.port())));
      assertThatThrownBy(() -> new NetworkStore(options).fetch("stylegan3-t-afhqv2-512x512"))
          .hasMessageStartingWith("Cannot download https://api.ngc.nvidia.com/v2/models/");
      assertThat(heard).containsExactly("licence stylegan3-t-afhqv2-512x512", "failed");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      java.net.ProxySelector.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://Example.ORG:80/a.pkl, http://example.org/a.pkl",
    "HTTPS://example.org:443/a%20b.pkl?x=%2F#part, https://example.org/a%20b.pkl?x=%2F",
    "https://example.org:8443, https://example.org:8443/",
    "http://[::1]:8000/a, http://[::1]:8000/a",
  })
  void urlsHaveOneSpelling(String given, String plain) {
    assertThat(NetworkUrl.parse(given).uri()).isEqualTo(URI.create(plain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:",
        "http://",
        "https:///a",
        "https:a.pkl",
        "https://exa mple.org/a",
        "https://h/a b",
        "https://me:secret@example.org/a",
        "https://example.org/a#sha256=12",
        "https://example.org/%zz",
        "https://example.org:port/"
      })
  void whatIsNoUrlIsRefusedInOneLine(String text) {
    assertThat(failure(text)).contains("cannot be downloaded: ").doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/a.pkl, a-",
    "https://h/, network-",
    "https://h/../..%2F%2e%2e/etc?x, etc-",
    "https://h/.hidden, hidden-",
    "https://h/a:b*c.pkl, a_b_c-",
    "https://h/a.json, a.json-",
  })
  void fileNamesAreHarmless(String url, String start) {
    String name = NetworkUrl.parse(url).fileName();
    assertThat(name)
        .startsWith(start)
        .matches("[A-Za-z0-9._-]{1,120}")
        .matches(NetworkUrl.FILE_NAME);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "Linux, -, -, -, /home/me/.cache/aliasfree",
        "Linux, -, /xdg, -, /xdg/aliasfree",
        "Linux, -, relative, -, /home/me/.cache/aliasfree",
        "Linux, /mine, /xdg, -, /mine",
        "Mac OS X, -, -, -, /home/me/Library/Caches/aliasfree",
        "Mac OS X, -, /xdg, -, /xdg/aliasfree",
        "Windows 11, -, /xdg, /local, /local/aliasfree",
        "Windows 11, -, -, -, /home/me/AppData/Local/aliasfree",
      })
  void theFolderIsTheSystems(
      String system, String mine, String xdg, String local, String expected) {
    Map<String, String> set = new java.util.HashMap<>();
    set.put("ALIASFREE_CACHE", mine);
    set.put("XDG_CACHE_HOME", xdg);
    set.put("LOCALAPPDATA", local);
    set.put("ALIASFREE_OFFLINE", system.equals("Linux") ? "1" : "0");
    NetworkStoreOptions options = NetworkStoreOptions.from(set::get, system, "/home/me");
    assertThat(options.folder()).isEqualTo(Path.of(expected, "networks"));
    assertThat(options.offline()).isEqualTo(system.equals("Linux"));
  }

  @Test
  void aUserWithoutAHomeIsToldWhatToDo() {
    assertThatThrownBy(() -> NetworkStoreOptions.from(_ -> null, "Linux", "?"))
        .hasMessageContaining("set ALIASFREE_CACHE to a folder");
  }
}
