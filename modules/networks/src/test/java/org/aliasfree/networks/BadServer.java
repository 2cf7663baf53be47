package org.aliasfree.networks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on this machine that says, byte by byte, what a test wants it to. */
final class BadServer implements AutoCloseable {
  /**
   * What a client asked for.
   *
   * @param line the first line
   * @param headers by their names in lower case
   */
  record Request(String line, Map<String, String> headers) {
    String target() {
      return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    /** Where the range begins; 0 without one. */
    int from() {
      String range = headers.getOrDefault("range", "bytes=0-");
      return Integer.parseInt(range.substring(6, range.length() - 1));
    }

    boolean hasRange() {
      return headers.containsKey("range");
    }
  }

  /** Answers a request; the connection is closed afterwards. */
  interface Handler {
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Handler handler;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  BadServer(Handler handler) throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.handler = handler;
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      String first = in.readLine();
      if (first == null) {
        return;
      }
      Map<String, String> headers = new ConcurrentHashMap<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request = new Request(first, headers);
      requests.add(request);
      handler.answer(request, connection.getOutputStream());
      connection.getOutputStream().flush();
      connection.shutdownOutput();
    } catch (IOException e) {
      // the client went away
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url(String path) {
    return "http://localhost:" + socket.getLocalPort() + path;
  }

  int port() {
    return socket.getLocalPort();
  }

  List<Request> requests() {
    return requests;
  }

  /** The head of an answer. */
  static void head(OutputStream out, String status, String... headers) throws IOException {
    String text = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers);
    text += (headers.length == 0 ? "" : "\r\n") + "Connection: close\r\n\r\n";
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** A good answer to a request for a file with an entity tag, up to {@code end} of its bytes. */
  static void file(Request request, OutputStream out, byte[] file, String etag, int end)
      throws IOException {
    boolean continues = request.hasRange() && etag.equals(request.headers().get("if-range"));
    int from = continues ? request.from() : 0;
    String length = "Content-Length: " + (file.length - from);
    if (continues) {
      String range = "Content-Range: bytes " + from + "-" + (file.length - 1) + "/" + file.length;
      head(out, "206 Partial Content", length, "ETag: " + etag, range);
    } else {
      head(out, "200 OK", length, "ETag: " + etag, "Accept-Ranges: bytes");
    }
    if (end > from) {
      out.write(file, from, end - from);
    }
  }

  static void file(Request request, OutputStream out, byte[] file) throws IOException {
    file(request, out, file, "\"one\"", file.length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
