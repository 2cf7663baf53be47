package org.aliasfree.networks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the bytes of one file into a {@link PartFile}, over as many requests as it takes: each
 * goes on where the last one broke, unless the server cannot do that or has another version by now.
 */
final class Download {
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final NetworkUrl url;
  private final PartFile part;
  private final CacheEntry entry;
  private final NetworkStoreOptions options;
  private final DownloadListener listener;
  private boolean answered;

  Download(NetworkUrl url, CacheEntry entry, PartFile part, NetworkStoreOptions options) {
    this.url = url;
    this.entry = entry;
    this.part = part;
    this.options = options;
    listener = options.listener();
  }

  /**
   * Brings all that is missing.
   *
   * @throws DownloadFault when that is given up; what came is in the part
   * @throws IOException when the part cannot be written
   */
  void run() throws IOException, InterruptedException {
    long furthest = part.length();
    int failures = 0;
    try (FileServer server = new FileServer(options)) {
      while (!part.isComplete()) {
        try {
          request(server);
        } catch (DownloadFault e) {
          part.record();
          failures = part.length() > furthest ? 1 : failures + 1;
          furthest = Math.max(furthest, part.length());
          boolean hopeless = e.isUnknownServer() && !answered;
          if (!e.isPassing() || hopeless || failures >= options.tries()) {
            throw e;
          }
          Duration pause = pause(e, failures);
          listener.retry(url.uri(), String.valueOf(e.getMessage()), pause);
          Thread.sleep(pause);
        } catch (IOException | InterruptedException e) {
          recordAfter(e);
          throw e;
        }
      }
    }
  }

  /**
   * What is here counts, even if the disk is full or the thread is to stop. An interruption may
   * come through once more just after it was heard, and closes what is being written.
   */
  private void recordAfter(Exception e) {
    boolean interrupted = Thread.interrupted();
    try {
      part.record();
    } catch (AliasFreeException unwritten) {
      e.addSuppressed(unwritten);
      if (unwritten.getCause() instanceof ClosedByInterruptException) {
        interrupted = true;
        Thread.interrupted();
        part.record();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Duration pause(DownloadFault fault, int failures) {
    Duration pause = options.backOff().multipliedBy(1L << Math.min(failures - 1, 20));
    Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    return fault.pause().compareTo(bounded) > 0 ? fault.pause() : bounded;
  }

  private void request(FileServer server) throws IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "AliasFree");
    headers.put("Accept", "application/octet-stream, */*;q=0.5");
    headers.put("Accept-Encoding", "identity");
    PartFile.Version version = part.version();
    if (part.length() > 0 && version != null && version.condition() != null) {
      headers.put("Range", "bytes=" + part.length() + "-");
      headers.put("If-Range", version.condition());
    }
    try (FileServer.Answer answer = server.get(url.uri(), headers)) {
      answered = true;
      switch (answer.status()) {
        case 200 -> part.begin(version(answer));
        case 206 -> checkContinues(answer, version);
        default -> { // 416: what is here is longer than the file by now
          part.discard();
          throw DownloadFault.passing("the file has changed on the server", Duration.ZERO);
        }
      }
      checkSpace();
      listener.begin(url.uri(), part.length(), part.total());
      receive(answer);
    }
  }

  /** Which version of the file begins to come. */
  private PartFile.Version version(FileServer.Answer answer) throws DownloadFault {
    if (answer.header("Content-Type").toLowerCase(Locale.ROOT).startsWith("text/html")) {
      throw DownloadFault.lasting(
          answer.response().uri().getHost()
              + " sends a web page, not a file (sites that want a login or a confirmation do)",
          null);
    }
    String length = answer.header("Content-Length");
    boolean chunked = !answer.header("Transfer-Encoding").isEmpty();
    if (!LENGTH.matcher(length).matches() && !chunked) {
      throw DownloadFault.lasting(
          answer.response().uri().getHost()
              + " does not say how long the file is, so that a cut would go unnoticed",
          null);
    }
    return new PartFile.Version(
        chunked ? -1 : Long.parseLong(length),
        answer.header("ETag").isEmpty() ? null : answer.header("ETag"),
        condition(answer),
        encoding(answer));
  }

  private static String encoding(FileServer.Answer answer) throws DownloadFault {
    String encoding = answer.header("Content-Encoding").strip().toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "", "identity" -> "identity";
      case "gzip", "x-gzip" -> "gzip";
      default ->
          throw DownloadFault.lasting(
              answer.response().uri().getHost()
                  + " packs the file as \""
                  + encoding
                  + "\", which cannot be unpacked here",
              null);
    };
  }

  /**
   * What tells this version from all others: a strong entity tag; or the time of its last change,
   * where the server's clock was further on when it answered (RFC 9110, 13.1.5 and 8.8.2.2).
   */
  private static @Nullable String condition(FileServer.Answer answer) {
    String etag = answer.header("ETag");
    if (etag.startsWith("\"")) {
      return etag;
    }
    String modified = answer.header("Last-Modified");
    try {
      ZonedDateTime change = ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME);
      ZonedDateTime now =
          ZonedDateTime.parse(answer.header("Date"), DateTimeFormatter.RFC_1123_DATE_TIME);
      return change.isBefore(now) ? modified : null;
    } catch (DateTimeException e) {
      return null; // no such header, or none that can be understood
    }
  }

  /** Makes sure that what comes belongs behind what is here. */
  private void checkContinues(FileServer.Answer answer, PartFile.@Nullable Version version)
      throws IOException {
    Matcher range = RANGE.matcher(answer.header("Content-Range"));
    String etag = answer.header("ETag");
    boolean fits =
        version != null
            && range.matches()
            && Long.parseLong(range.group(1)) == part.length()
            && (version.total() < 0 || Long.parseLong(range.group(2)) == version.total())
            && (etag.isEmpty() || version.etag() == null || etag.equals(version.etag()))
            && encoding(answer).equals(version.encoding());
    if (!fits) {
      part.discard();
      throw DownloadFault.passing("the file has changed on the server", Duration.ZERO);
    }
    part.setTotal(Long.parseLong(range.group(2)));
  }

  private void checkSpace() throws IOException {
    long missing = part.total() - part.length();
    long free = Files.getFileStore(entry.folder()).getUsableSpace();
    if (free > 0 && missing > free) {
      throw DownloadFault.lasting(
          "it needs "
              + Reasons.bytes(missing)
              + " on the disk of "
              + entry.folder()
              + ", which has "
              + Reasons.bytes(free)
              + " free",
          null);
    }
  }

  private void receive(FileServer.Answer answer) throws IOException, InterruptedException {
    while (true) {
      Iterable<ByteBuffer> pieces;
      try {
        var next = answer.body().next();
        if (next.isEmpty()) {
          break;
        }
        pieces = next;
      } catch (IOException e) {
        throw DownloadFault.passing(
            Reasons.ofConnection(e, answer.response().uri()) + progressSoFar(), e);
      }
      for (ByteBuffer piece : pieces) {
        part.append(piece);
      }
      listener.progress(part.length(), part.total());
    }
    part.setTotal(part.length()); // of a body in chunks, which has an end of its own
    if (!part.isComplete()) {
      throw DownloadFault.passing(
          "the server ended the file" + progressSoFar() + " as it had announced", Duration.ZERO);
    }
  }

  private String progressSoFar() {
    return " after "
        + part.length()
        + (part.total() < 0 ? " bytes" : " of " + part.total() + " bytes");
  }
}
