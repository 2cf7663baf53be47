package org.aliasfree.networks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Asks servers for files: through the JVM's proxies, along redirections, never from https to http.
 */
final class FileServer implements AutoCloseable {
  private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTIONS = 10;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
  private static final Map<Integer, String> MEANINGS =
      Map.of(
          401, "it wants a password",
          403, "it refuses",
          404, "not found",
          407, "the proxy wants a password",
          410, "it is gone",
          429, "too many requests",
          500, "a fault of the server",
          502, "a fault behind the server",
          503, "it is overloaded",
          504, "a fault behind the server");

  /**
   * An answer that begins to come.
   *
   * @param status 200, 206 or 416
   * @param response its headers
   * @param body its bytes
   */
  record Answer(
      int status, HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, BodyReader body)
      implements AutoCloseable {
    /** A header; the empty text when there is none. */
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
      body.close();
    }
  }

  private final HttpClient client;
  private final Duration patience;

  FileServer(NetworkStoreOptions options) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one large file: nothing to share a connection
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.connectTimeout());
    ProxySelector proxies = ProxySelector.getDefault();
    client = (proxies == null ? builder : builder.proxy(proxies)).build();
    patience = options.stallTimeout();
  }

  /**
   * Asks for a file.
   *
   * @param headers of the request
   * @throws DownloadFault when the answer is no file
   */
  Answer get(URI url, Map<String, String> headers) throws DownloadFault, InterruptedException {
    URI at = url;
    Set<URI> seen = new HashSet<>();
    while (true) {
      if (!seen.add(at) || seen.size() > MOST_REDIRECTIONS + 1) {
        throw DownloadFault.lasting("the server sends in circles (at " + at + ")", null);
      }
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(at, headers);
      Answer answer =
          new Answer(response.statusCode(), response, new BodyReader(response.body(), patience));
      int status = response.statusCode();
      if (status == 200 || status == 206 || status == 416) {
        return answer;
      }
      answer.close();
      if (!REDIRECTIONS.contains(status) || answer.header("Location").isEmpty()) {
        throw refusal(answer, at);
      }
      at = redirected(at, answer.header("Location"));
    }
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(URI url, Map<String, String> headers)
      throws DownloadFault, InterruptedException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer;
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(url);
      headers.forEach(request::header);
      answer = client.sendAsync(request.build(), BodyHandlers.ofPublisher());
    } catch (IllegalArgumentException e) {
      throw DownloadFault.lasting(url + " cannot be asked for (" + e.getMessage() + ")", e);
    }
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      String message = url.getHost() + " did not answer for " + Reasons.seconds(patience);
      throw DownloadFault.passing(message, new HttpTimeoutException(message));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SSLException secure) {
        throw DownloadFault.lasting(Reasons.ofConnection(secure, url), secure);
      }
      if (e.getCause() instanceof ConnectException refused && Reasons.isUnknownHost(refused)) {
        throw DownloadFault.unknownServer(Reasons.ofConnection(refused, url), refused);
      }
      throw DownloadFault.passing(
          e.getCause() instanceof IOException broken
              ? Reasons.ofConnection(broken, url)
              : String.valueOf(e.getCause()),
          e.getCause());
    }
  }

  static URI redirected(URI from, String location) throws DownloadFault {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw DownloadFault.lasting("the server sends to \"" + location + "\", which is no URL", e);
    }
    boolean secure = "https".equalsIgnoreCase(to.getScheme());
    if ((!secure && !"http".equalsIgnoreCase(to.getScheme())) || to.getHost() == null) {
      throw DownloadFault.lasting("the server sends to " + to + ", which is no web address", null);
    }
    if (!secure && "https".equals(from.getScheme())) {
      throw DownloadFault.lasting(
          "the server sends to " + to + ", which is not secure (http) as " + from + " is", null);
    }
    return NetworkUrl.plain(to);
  }

  private static DownloadFault refusal(Answer answer, URI at) {
    int status = answer.status();
    String meaning = MEANINGS.get(status);
    String message =
        at.getHost() + " answers " + status + (meaning == null ? "" : " (" + meaning + ")");
    return status >= 500 || status == 429 || status == 408
        ? DownloadFault.passing(message, pause(answer.header("Retry-After")))
        : DownloadFault.lasting(message, null);
  }

  /** Dates are not heeded: they are rare, and clocks differ. */
  private static Duration pause(String retryAfter) {
    if (!retryAfter.matches("\\d{1,9}")) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
    return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
