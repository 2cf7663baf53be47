package org.aliasfree.networks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.file.AtomicFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one URL in the cache's folder. A file counts only with a record that fits it: the
 * record is written first, then the file gets its name, so what was cut short counts for nothing.
 *
 * @param folder of the cache
 * @param name of the file
 */
record CacheEntry(Path folder, String name) {
  private static final String RECORD = ".json";
  private static final String PART = ".part";
  private static final String UNPACKED = ".unpacked";
  private static final Pattern ANY =
      Pattern.compile(
          "(?<name>" + NetworkUrl.FILE_NAME + ")(\\.json|\\.part|\\.part\\.json|\\.unpacked)?");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static CacheEntry of(Path folder, NetworkUrl url) {
    return new CacheEntry(folder, url.fileName());
  }

  /** The entry that a file of the folder belongs to; empty for files of others. */
  static Optional<CacheEntry> of(Path folder, Path file) {
    Matcher matcher = ANY.matcher(String.valueOf(file.getFileName()));
    return matcher.matches()
        ? Optional.of(new CacheEntry(folder, matcher.group("name")))
        : Optional.empty();
  }

  Path file() {
    return folder.resolve(name);
  }

  Path record() {
    return folder.resolve(name + RECORD);
  }

  Path part() {
    return folder.resolve(name + PART);
  }

  Path partRecord() {
    return folder.resolve(name + PART + RECORD);
  }

  /** Where a file is unpacked that its server packs. */
  Path unpacked() {
    return folder.resolve(name + UNPACKED);
  }

  Path lock() {
    return folder.resolve("locks").resolve(name + ".lock");
  }

  /** What the record says, whether or not the file fits; empty when there is none to be read. */
  Optional<CachedNetwork> recorded() {
    return read(record())
        .flatMap(
            json -> {
              try {
                return Optional.of(
                    new CachedNetwork(
                        URI.create(json.path("url").asString("")),
                        file(),
                        json.path("size").asLong(-1),
                        json.path("sha256").asString(""),
                        Optional.ofNullable(text(json, "etag")),
                        Instant.parse(json.path("time").asString(""))));
              } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
                return Optional.empty();
              }
            });
  }

  /**
   * The file, if there is one with the length of the record. Where it was changed since the
   * download, as its time tells, its sha256 must be that of the record too.
   */
  Optional<CachedNetwork> intact() throws IOException {
    Optional<CachedNetwork> recorded = complete();
    if (recorded.isEmpty()) {
      return recorded;
    }
    long modified = read(record()).map(json -> json.path("modified").asLong(-1)).orElse(-1L);
    boolean same =
        Files.getLastModifiedTime(file()).toMillis() == modified
            || Sha256.of(file()).equals(recorded.get().sha256());
    return same ? recorded : Optional.empty();
  }

  private static boolean hasSize(CachedNetwork recorded) throws IOException {
    Path file = recorded.file();
    return Files.isRegularFile(file) && Files.size(file) == recorded.size();
  }

  /** The file, if there is one with the length of the record. */
  Optional<CachedNetwork> complete() throws IOException {
    Optional<CachedNetwork> recorded = recorded();
    return recorded.isPresent() && hasSize(recorded.get()) ? recorded : Optional.empty();
  }

  /** As {@link #intact()}, with the sha256 in any case. */
  Optional<CachedNetwork> verified() throws IOException {
    Optional<CachedNetwork> recorded = complete();
    return recorded.isPresent() && Sha256.of(file()).equals(recorded.get().sha256())
        ? recorded
        : Optional.empty();
  }

  /** Makes a complete file, in this folder and on the disk, the file of this entry. */
  void publish(Path complete, CachedNetwork network) throws IOException {
    Files.deleteIfExists(file());
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("url", network.url().toString());
    values.put("size", network.size());
    values.put("sha256", network.sha256());
    values.put("etag", network.etag().orElse(null));
    values.put("time", network.time().toString());
    values.put("modified", Files.getLastModifiedTime(complete).toMillis());
    write(record(), values);
    Files.move(complete, file(), StandardCopyOption.ATOMIC_MOVE);
    removePart();
  }

  /** Takes the file and its record away, and tells how many bytes they had. */
  long remove() throws IOException {
    return delete(file()) + delete(record());
  }

  /** Takes what was downloaded of a file away. */
  long removePart() throws IOException {
    return delete(part()) + delete(partRecord()) + delete(unpacked());
  }

  private static long delete(Path file) throws IOException {
    long size = Files.exists(file) ? Files.size(file) : 0;
    return Files.deleteIfExists(file) ? size : 0;
  }

  static void write(Path file, Map<String, @Nullable Object> values) {
    AtomicFile.write(file, JSON.writeValueAsBytes(values));
  }

  /** A JSON object; empty when there is none. */
  static Optional<JsonNode> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      return json.isObject() ? Optional.of(json) : Optional.empty();
    } catch (JacksonException | IOException e) {
      System.getLogger(CacheEntry.class.getName())
          .log(System.Logger.Level.DEBUG, "The record cannot be read.", e);
      return Optional.empty();
    }
  }

  /** A text in a record; null when there is none. */
  static @Nullable String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    return value.isString() ? value.asString() : null;
  }
}
