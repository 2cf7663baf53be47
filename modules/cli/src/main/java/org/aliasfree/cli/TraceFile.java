package org.aliasfree.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.UnfinishedFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A file of trace events in Chrome's JSON object format. Events go to the disk as they come; the
 * file is in its place, whole, when the work is over, be it that it failed or that the process is
 * told to end (Ctrl-C). Any thread may write.
 */
final class TraceFile {
  /** About 150 MB, as much as viewers take. */
  static final int MAX_EVENTS = 500_000;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final UnfinishedFile file;
  private final BooleanSupplier wanted;
  private final int maxEvents;
  private final JsonGenerator json;
  private final ShutdownHook hook;
  private int events;
  private long dropped;
  private boolean over;
  private @Nullable AliasFreeException failure;

  /**
   * Begins.
   *
   * @param wanted whether there is anything that deserves to be kept, when it is over
   * @param maxEvents what comes after so many is counted only
   */
  TraceFile(UnfinishedFile file, BooleanSupplier wanted, int maxEvents) {
    this.file = file;
    this.wanted = wanted;
    this.maxEvents = maxEvents;
    json =
        FACTORY.createGenerator(
            ObjectWriteContext.empty(),
            new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16));
    write(
        out -> {
          out.writeStartObject();
          out.writeStringProperty("displayTimeUnit", "ms");
          out.writeArrayPropertyStart("traceEvents");
        });
    hook = new ShutdownHook("unfinished-trace", this::end);
  }

  /** Whether events are taken no more. */
  synchronized boolean isFull() {
    return over || events >= maxEvents;
  }

  /** An event of so many was left out by the caller. */
  synchronized void drop(long count) {
    dropped += count;
  }

  /** Writes an event of the work, if there is room for more. */
  synchronized void event(Consumer<JsonGenerator> content) {
    if (events >= maxEvents) {
      dropped++;
    } else {
      events++;
      metadata(content);
    }
  }

  /** Writes an event that says how to show others. */
  synchronized void metadata(Consumer<JsonGenerator> content) {
    write(
        out -> {
          out.writeRaw('\n');
          out.writeStartObject();
          content.accept(out);
          out.writeEndObject();
        });
  }

  /** Trouble with the disk ends the trace, not the work; it is told when the work is over. */
  private synchronized void write(Consumer<JsonGenerator> content) {
    if (over) {
      return;
    }
    try {
      content.accept(json);
    } catch (JacksonException e) {
      failure = failure(e);
      over = true;
      file.close();
    }
  }

  private AliasFreeException failure(JacksonException e) {
    return e.getCause() instanceof IOException io
        ? file.failure(io)
        : new AliasFreeException("The trace cannot be written: " + e.getMessage() + ".", e);
  }

  /**
   * Puts the file in its place.
   *
   * @throws AliasFreeException if it could not be written
   */
  void finish() {
    hook.close();
    end();
    if (failure != null && wanted.getAsBoolean()) {
      throw failure;
    }
    if (dropped > 0) {
      System.getLogger(TraceFile.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "The trace has the first " + events + " events; " + dropped + " more were left out.");
    }
  }

  private synchronized void end() {
    if (over) {
      return;
    }
    if (wanted.getAsBoolean()) {
      write(
          out -> {
            out.writeEndArray();
            out.writeNumberProperty("droppedEvents", dropped);
            out.writeEndObject();
            out.flush(); // the file closes what is below
          });
    }
    if (!over) {
      over = true;
      finishFile();
    }
  }

  private void finishFile() {
    try (UnfinishedFile closing = file) {
      if (wanted.getAsBoolean()) {
        closing.finish();
      }
    } catch (AliasFreeException e) {
      failure = e;
    }
  }
}
