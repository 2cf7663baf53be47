package org.aliasfree.training.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.PythonJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code stats.jsonl}: one line of JSON per tick with the statistics of the tick and the time, as
 * the original writes it. A line is with the system as soon as it is appended. Not for several
 * threads at once.
 */
public final class StatisticsFile implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final int BLOCK = 1 << 16;

  private final AppendedFile file;
  private final Map<String, Statistic> lastKept;
  private long lines;

  private StatisticsFile(AppendedFile file, long lines, Map<String, Statistic> lastKept) {
    this.file = file;
    this.lines = lines;
    this.lastKept = lastKept;
  }

  /** Opens the file of a fresh run: empty, whatever was there. */
  public static StatisticsFile create(Path path) {
    return new StatisticsFile(AppendedFile.open(path, 0), 0, Map.of());
  }

  /**
   * Opens the file of a run that goes on, and cuts off what follows the first lines.
   *
   * @param lines to keep
   * @throws AliasFreeException when the file has fewer lines or the last of them cannot be read;
   *     the file is as it was then
   */
  public static StatisticsFile resume(Path path, long lines) {
    if (lines == 0) {
      return create(path);
    }
    long end = 0;
    long found = 0;
    long lastStart = 0;
    try (InputStream in = Files.newInputStream(path)) {
      byte[] block = new byte[BLOCK];
      long read = 0;
      for (int n; found < lines && (n = in.read(block)) > 0; read += n) {
        for (int i = 0; i < n && found < lines; i++) {
          if (block[i] == '\n') {
            found++;
            lastStart = end;
            end = read + i + 1;
          }
        }
      }
    } catch (IOException e) {
      throw AppendedFile.cannot("read", path, e);
    }
    if (found < lines) {
      throw new AliasFreeException(
          path
              + " has "
              + found
              + " whole lines, but the run that goes on wrote "
              + lines
              + ". Put the file of the run back, or go on from an earlier state.");
    }
    Map<String, Statistic> last = read(path, lines, lastStart, end);
    return new StatisticsFile(AppendedFile.open(path, end), lines, last);
  }

  private static Map<String, Statistic> read(Path path, long line, long start, long end) {
    Map<String, Statistic> statistics = new LinkedHashMap<>();
    try (InputStream in = Files.newInputStream(path)) {
      in.skipNBytes(start);
      byte[] text = in.readNBytes(Math.toIntExact(end - start));
      for (Map.Entry<String, JsonNode> entry : JSON.readTree(text).properties()) {
        JsonNode value = entry.getValue();
        if (value.isObject()) { // the time is not
          statistics.put(
              entry.getKey(),
              new Statistic(
                  value.required("num").asLong(),
                  value.required("mean").asDouble(),
                  value.required("std").asDouble()));
        }
      }
      return statistics;
    } catch (IOException e) {
      throw AppendedFile.cannot("read", path, e);
    } catch (JacksonException e) {
      throw new AliasFreeException(
          "Line "
              + line
              + " of "
              + path
              + " is not what this program writes: "
              + e.getOriginalMessage()
              + ". Go on from an earlier state.",
          e);
    }
  }

  /** The statistics of the last line that was kept when the file was opened; else none. */
  public Map<String, Statistic> lastKept() {
    return lastKept;
  }

  /** Number of lines in the file. */
  public long lines() {
    return lines;
  }

  /**
   * Adds the line of a tick.
   *
   * @param statistics in the order of the line
   * @param timestamp seconds since 1970
   */
  public void append(Map<String, Statistic> statistics, double timestamp) {
    Map<String, Object> fields = new LinkedHashMap<>();
    statistics.forEach(
        (name, s) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("num", s.num());
          one.put("mean", s.mean());
          one.put("std", s.std());
          fields.put(name, one);
        });
    fields.put("timestamp", timestamp);
    file.append(ByteBuffer.wrap((PythonJson.line(fields) + '\n').getBytes(StandardCharsets.UTF_8)));
    lines++;
  }

  /** Returns when all lines are on the disk: they outlive the machine's end too. */
  public void force() {
    file.force();
  }

  @Override
  public void close() {
    file.close();
  }
}
