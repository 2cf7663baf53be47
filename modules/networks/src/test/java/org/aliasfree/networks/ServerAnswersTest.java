package org.aliasfree.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a download is looked for, and what is not taken. */
class ServerAnswersTest extends StoreTest {
  private final byte[] network = bytes(200_000, 1);

  @Test
  void aFileWithAnotherSha256ThanAskedForIsRemoved() throws IOException, NoSuchAlgorithmException {
    try (BadServer server = new BadServer((r, out) -> BadServer.file(r, out, network))) {
      String wrong = "0".repeat(64);
      assertThat(failure(server.url("/a.pkl#sha256=" + wrong)))
          .contains("its sha256 is " + sha256(network) + ", expected " + wrong)
          .contains("was removed");
      assertThat(files()).isEmpty();
      String right = server.url("/a.pkl#sha256=" + sha256(network));
      assertThat(store().resolve(right)).hasBinaryContent(network);
      assertThat(store().resolve(server.url("/a.pkl"))).isEqualTo(store().resolve(right));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void redirectionsAreFollowed() throws IOException {
    try (BadServer other = new BadServer((r, out) -> BadServer.file(r, out, network));
        BadServer server =
            new BadServer(
                (r, out) -> {
                  String to = r.target().equals("/a") ? "b" : other.url("/c.pkl?signature=1");
                  BadServer.head(out, "302 Found", "Location: " + to, "Content-Length: 0");
                })) {
      Path file = store().resolve(server.url("/a"));
      assertThat(file).hasBinaryContent(network);
      assertThat(store().cached().getFirst().url()).isEqualTo(URI.create(server.url("/a")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a | in circles",
        "ftp://example.org/a | which is no web address",
        "file:///etc/passwd | which is no web address",
        "http://exa mple/ | which is no URL",
      })
  void redirectionsThatLeadNowhereAreRefused(String to, String words) throws IOException {
    try (BadServer server =
        new BadServer((_, out) -> BadServer.head(out, "301 Moved", "Location: " + to))) {
      assertThat(failure(server.url("/a"))).contains("sends").contains(words);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aChainOfRedirectionsHasAnEnd() throws IOException {
    int[] count = {0};
    try (BadServer server =
        new BadServer((_, out) -> BadServer.head(out, "307 X", "Location: /" + count[0]++))) {
      assertThat(failure(server.url("/a"))).contains("in circles");
      assertThat(server.requests()).hasSize(11);
    }
  }

  @Test
  void fromHttpToHttpsIsFollowedAndBackIsNot() throws DownloadFault {
    assertThat(FileServer.redirected(URI.create("http://a/x"), "https://a/y"))
        .isEqualTo(URI.create("https://a/y"));
    Assertions.assertThatThrownBy(
            () -> FileServer.redirected(URI.create("https://a/x"), "http://a/y"))
        .hasMessage("the server sends to http://a/y, which is not secure (http) as https://a/x is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 Not Found | 404 (not found); check the URL | 1",
        "403 Forbidden | 403 (it refuses) | 1",
        "418 Teapot | answers 418; check the URL | 1",
        "304 Not Modified | answers 304 | 1",
        "500 Oh | 500 (a fault of the server); check the network | 3",
      })
  void refusalsAreTold(String status, String words, int requests) throws IOException {
    try (BadServer server =
        new BadServer((_, out) -> BadServer.head(out, status, "Content-Length: 0"))) {
      assertThat(failure(server.url("/a.pkl"))).contains("localhost answers ").contains(words);
      assertThat(server.requests()).hasSize(requests);
      assertThat(files()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Encoding: gzip | what it sends is damaged",
        "Content-Encoding: br | packs the file as \"br\"",
        "Content-Type: text/html; charset=utf-8 | sends a web page, not a file",
      })
  void whatIsNoFileIsRefused(String header, String words) throws IOException {
    try (BadServer server =
        new BadServer(
            (_, out) -> {
              BadServer.head(out, "200 OK", "Content-Length: 4", header);
              out.write("text".getBytes(StandardCharsets.US_ASCII));
            })) {
      assertThat(failure(server.url("/a.pkl"))).contains(words).contains("by hand");
      assertThat(server.requests()).hasSize(1);
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aFileOfUnknownLengthIsTakenWhenItsEndIsMarkedAndOnlyThen() throws IOException {
    try (BadServer server =
        new BadServer(
            (r, out) -> {
              if (r.target().equals("/chunked")) {
                BadServer.head(out, "200 OK", "Transfer-Encoding: chunked");
                out.write("4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              } else {
                BadServer.head(out, "200 OK");
                out.write(network);
              }
            })) {
      assertThat(store().resolve(server.url("/chunked"))).hasContent("abcdef");
      assertThat(failure(server.url("/open"))).contains("does not say how long the file is");
    }
  }

  @Test
  void aFileThatCannotFitOnTheDiskIsNotBegun() throws IOException {
    try (BadServer server =
        new BadServer(
            (_, out) -> BadServer.head(out, "200 OK", "Content-Length: 900000000000000000"))) {
      assertThat(failure(server.url("/a.pkl")))
          .contains("it needs 900000000000.0 MB on the disk of");
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void serversThatAreNotThereAreNamed() throws IOException {
    BadServer gone = new BadServer((_, _) -> {});
    gone.close();
    assertThat(failure(gone.url("/a.pkl")))
        .contains("localhost cannot be reached; check the network");
    assertThat(failure("http://nowhere.invalid/a.pkl"))
        .contains("the name nowhere.invalid is not known here");
  }

  @Test
  void theProxyOfTheJvmIsUsed() throws IOException {
    ProxySelector before = ProxySelector.getDefault();
    try (BadServer proxy = new BadServer((r, out) -> BadServer.file(r, out, network))) {
      ProxySelector.setDefault(
          new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
              var address = new InetSocketAddress("localhost", proxy.port());
              return List.of(new Proxy(Proxy.Type.HTTP, address));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {}
          });
      assertThat(store().resolve("http://far.invalid/a.pkl")).hasBinaryContent(network);
      assertThat(proxy.requests().getFirst().target()).isEqualTo("http://far.invalid/a.pkl");
    } finally {
      ProxySelector.setDefault(before);
    }
  }
}
