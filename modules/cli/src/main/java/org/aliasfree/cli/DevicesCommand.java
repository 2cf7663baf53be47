package org.aliasfree.cli;

import java.util.List;
import org.aliasfree.backend.Availability.Available;
import org.aliasfree.backend.Availability.Device;
import org.aliasfree.backend.Availability.Unavailable;
import org.aliasfree.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** {@code aliasfree devices}: every backend found, and how it can be used or why not. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "List the backends and devices that can compute.",
      "The first one that can be used is what --backend auto takes."
    })
final class DevicesCommand implements Action {
  private final Console console;

  @Option(names = "--json", description = "Print one JSON array instead of a table.")
  private boolean json;

  DevicesCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    problems.throwIfAny();
    List<Backends.Found> all = Backends.list();
    if (json) {
      console.line(JsonText.of(out -> writeJson(all, out)));
    } else if (all.isEmpty()) {
      console.line("No backend is installed.");
    } else {
      table(all).forEach(console::line);
    }
  }

  /** One row a device, and one for each backend that cannot be used. */
  private static List<String> table(List<Backends.Found> all) {
    TextTable table = new TextTable(false, false, false);
    table.row("BACKEND", "SCORE", "DEVICE", "NOTE");
    for (Backends.Found found : all) {
      String id = found.provider().id();
      switch (found.availability()) {
        case Available a -> {
          String score = Integer.toString(a.score());
          boolean first = true;
          for (Device device : a.devices()) {
            String choice = first ? id : id + ":" + device.index();
            table.row(choice, score, device.description(), first ? a.note() : "");
            first = false;
          }
        }
        case Unavailable u -> table.row(id, "-", "cannot be used", u.reason());
      }
    }
    return table.lines();
  }

  private static void writeJson(List<Backends.Found> all, JsonGenerator out) {
    out.writeStartArray();
    for (Backends.Found found : all) {
      out.writeStartObject();
      out.writeStringProperty("id", found.provider().id());
      switch (found.availability()) {
        case Available a -> {
          out.writeBooleanProperty("available", true);
          out.writeNumberProperty("score", a.score());
          out.writeArrayPropertyStart("devices");
          for (Device device : a.devices()) {
            out.writeStartObject();
            out.writeStringProperty("index", device.index());
            out.writeStringProperty("description", device.description());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeStringProperty("note", a.note());
        }
        case Unavailable u -> {
          out.writeBooleanProperty("available", false);
          out.writeStringProperty("reason", u.reason());
        }
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
