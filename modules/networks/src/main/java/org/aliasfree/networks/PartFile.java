package org.aliasfree.networks;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is here of a file that is being downloaded. A record beside it says how many of its bytes
 * count, with their sha256: bytes that a crash or a power failure has lost are never gone on from.
 */
final class PartFile implements AutoCloseable {
  private static final long RECORD_NANOS = 1_000_000_000L;

  /**
   * The version of the file that the server sends.
   *
   * @param total its length in bytes as sent; −1 when the server does not say
   * @param etag the server's name of it
   * @param condition what {@code If-Range} asks for so that bytes of another version are not mixed
   *     in; null when the server gives nothing to tell versions apart, so that one cannot go on
   * @param encoding how its bytes are packed: {@code identity} or {@code gzip}
   */
  record Version(long total, @Nullable String etag, @Nullable String condition, String encoding) {}

  private final CacheEntry entry;
  private final URI url;
  private final FileChannel channel;
  private Sha256 sum = new Sha256();
  private @Nullable Version version;
  private long length;
  private long recorded;
  private long lastRecord = System.nanoTime();

  private PartFile(CacheEntry entry, URI url, FileChannel channel) {
    this.entry = entry;
    this.url = url;
    this.channel = channel;
  }

  /** Opens what is there, or an empty part. */
  static PartFile open(CacheEntry entry, URI url) throws IOException {
    FileChannel channel =
        FileChannel.open(
            entry.part(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    PartFile part = new PartFile(entry, url, channel);
    try {
      part.goOn();
      return part;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void goOn() throws IOException {
    Optional<JsonNode> read = CacheEntry.read(entry.partRecord());
    if (read.isPresent() && url.toString().equals(CacheEntry.text(read.get(), "url"))) {
      JsonNode json = read.get();
      long count = json.path("length").asLong(0);
      String encoding = CacheEntry.text(json, "encoding");
      sum.add(channel, 0, Math.max(0, Math.min(count, channel.size())));
      if (encoding != null && sum.hex().equals(CacheEntry.text(json, "sha256"))) {
        version =
            new Version(
                json.path("total").asLong(-1),
                CacheEntry.text(json, "etag"),
                CacheEntry.text(json, "condition"),
                encoding);
        length = count;
        recorded = count;
      }
    }
    if (version == null || (version.condition() == null && !isComplete())) {
      discard();
    }
    channel.truncate(length);
  }

  /** The version that the bytes are of; null while there are none. */
  @Nullable Version version() {
    return version;
  }

  /** Bytes that are here. */
  long length() {
    return length;
  }

  /** Bytes of all; −1 when not known. */
  long total() {
    return version == null ? -1 : version.total();
  }

  boolean isComplete() {
    return version != null && length == version.total();
  }

  /** Forgets all bytes. */
  void discard() throws IOException {
    version = null;
    length = 0;
    recorded = 0;
    sum = new Sha256();
    Files.deleteIfExists(entry.partRecord());
    channel.truncate(0);
  }

  /** Begins anew with this version. */
  void begin(Version begun) throws IOException {
    discard();
    version = begun;
  }

  /** Takes the next bytes. */
  void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int start = bytes.position();
      int count = channel.write(bytes, length); // fewer than all where the disk is nearly full
      length += count;
      sum.add(bytes.slice(start, count));
    }
    if (System.nanoTime() - lastRecord > RECORD_NANOS) {
      record();
    }
  }

  /** The server said how many bytes there are, which it had not before. */
  void setTotal(long total) {
    if (version != null && version.total() < 0) {
      version = new Version(total, version.etag(), version.condition(), version.encoding());
    }
  }

  /** Of the bytes so far. */
  String sha256() {
    return sum.hex();
  }

  /** Puts all bytes on the disk. */
  void force() throws IOException {
    channel.force(true);
  }

  /** Notes down what is here, if one could go on from it. */
  void record() {
    lastRecord = System.nanoTime();
    if (version == null || length == recorded) {
      return;
    }
    if (version.condition() == null && !isComplete()) {
      return;
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("url", url.toString());
    values.put("length", length);
    values.put("sha256", sha256());
    values.put("total", version.total());
    values.put("etag", version.etag());
    values.put("condition", version.condition());
    values.put("encoding", version.encoding());
    CacheEntry.write(entry.partRecord(), values);
    recorded = length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
