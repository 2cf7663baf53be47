package org.aliasfree.training.report;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.ProtoMessage;

/**
 * The file {@code events.out.tfevents.…} that TensorBoard reads: scalars and images by step. Each
 * call adds one record, which is with the system when the call returns. Not for several threads at
 * once.
 */
public final class EventFile implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*");

  // Field numbers of event.proto and summary.proto.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;

  private final AppendedFile file;
  private long records;

  private EventFile(AppendedFile file, long records) {
    this.file = file;
    this.records = records;
  }

  /**
   * Makes the file of a fresh run. It begins with a record that names the format.
   *
   * @param folder in which TensorBoard will look
   * @param now seconds since 1970; part of the name
   */
  public static EventFile create(Path folder, double now) {
    String name =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%010d.%s.%d.0",
            (long) now,
            hostName(),
            ProcessHandle.current().pid());
    EventFile events = new EventFile(AppendedFile.open(folder.resolve(name), 0), 0);
    events.append(new ProtoMessage().float64(WALL_TIME, now).string(FILE_VERSION, "brain.Event:2"));
    return events;
  }

  private static String hostName() {
    String name;
    try {
      name = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      name = "localhost";
    }
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /**
   * Opens the file of a run that goes on, and cuts off what follows the first records. Of several
   * event files in the folder it is the newest that has as many.
   *
   * @param records to keep, as {@link #records} counts them
   * @throws AliasFreeException when no file has as many undamaged records; the files are as they
   *     were then
   */
  public static EventFile resume(Path folder, long records) {
    StringBuilder found = new StringBuilder();
    for (Path path : newestFirst(folder)) {
      EventRecords.Extent extent = EventRecords.scan(path, records);
      if (extent.records() == records) {
        return new EventFile(AppendedFile.open(path, extent.end()), records);
      }
      found.append(
          String.format(
              Locale.ROOT, "; %s has %d whole ones", path.getFileName(), extent.records()));
    }
    throw new AliasFreeException(
        String.format(
            Locale.ROOT,
            "No event file in %s has the %d records that the run wrote%s. Put the file of the run"
                + " back, or go on from an earlier state.",
            folder,
            records,
            found));
  }

  private static List<Path> newestFirst(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(path -> second(path) >= 0)
          .sorted(
              Comparator.comparingLong(EventFile::second)
                  .thenComparing(Path::getFileName)
                  .reversed())
          .toList();
    } catch (IOException e) {
      throw AppendedFile.cannot("read", folder, e);
    }
  }

  private static long second(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /** Number of records in the file, the one that names the format included. */
  public long records() {
    return records;
  }

  /**
   * Adds scalars, all in one record.
   *
   * @param step thousands of images seen
   * @param wallTime seconds; the original counts them from the start of the run
   * @param values by tag, stored in single precision
   */
  public void scalars(long step, double wallTime, Map<String, Double> values) {
    ProtoMessage summary = new ProtoMessage();
    values.forEach(
        (tag, value) ->
            summary.message(
                VALUE,
                new ProtoMessage().string(TAG, tag).float32(SIMPLE_VALUE, value.floatValue())));
    append(event(step, wallTime, summary));
  }

  /**
   * Adds an image in a record of its own.
   *
   * @param step as for {@link #scalars}, wallTime too
   * @param png an encoded picture; size and channels are read from it
   */
  public void image(long step, double wallTime, String tag, byte[] png) {
    ProtoMessage value =
        new ProtoMessage().string(TAG, tag).message(IMAGE, PngSize.of(png).toMessage(png));
    append(event(step, wallTime, new ProtoMessage().message(VALUE, value)));
  }

  private static ProtoMessage event(long step, double wallTime, ProtoMessage summary) {
    return new ProtoMessage()
        .float64(WALL_TIME, wallTime)
        .integer(STEP, step)
        .message(SUMMARY, summary);
  }

  private void append(ProtoMessage event) {
    file.append(EventRecords.frame(event.toBytes()));
    records++;
  }

  /** Returns when all records are on the disk: they outlive the machine's end too. */
  public void force() {
    file.force();
  }

  @Override
  public void close() {
    file.close();
  }

  /** What the head of a PNG says; the colour space in TensorFlow's numbers: the channels. */
  private record PngSize(int height, int width, int colorSpace) {
    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int HEAD = 26;

    static PngSize of(byte[] png) {
      ByteBuffer head = ByteBuffer.wrap(png);
      if (png.length < HEAD || head.getLong(0) != SIGNATURE) {
        throw new AliasFreeException(
            "An image for TensorBoard must be a PNG; these " + png.length + " bytes are not.");
      }
      int colorSpace =
          switch (png[25]) {
            case 0 -> 1; // gray
            case 4 -> 2; // gray and alpha
            case 6 -> 4; // RGBA
            default -> 3; // RGB or a palette
          };
      return new PngSize(head.getInt(20), head.getInt(16), colorSpace);
    }

    ProtoMessage toMessage(byte[] png) {
      return new ProtoMessage()
          .integer(1, height)
          .integer(2, width)
          .integer(3, colorSpace)
          .bytes(4, png);
    }
  }
}
