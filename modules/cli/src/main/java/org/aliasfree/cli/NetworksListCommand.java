package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.networks.CachedNetwork;
import org.aliasfree.networks.NetworkStore;
import org.aliasfree.networks.PublishedNetwork;
import org.aliasfree.networks.UnfinishedDownload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** {@code aliasfree networks list}: the published networks, and what is in the cache. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "List the networks that have names, and those that were downloaded.")
final class NetworksListCommand implements Action {
  private final Console console;

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and nothing else.")
  private boolean json;

  NetworksListCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    problems.throwIfAny();
    NetworkStore store = new NetworkAccess().store(console);
    List<CachedNetwork> cached = store.cached();
    if (json) {
      console.line(JsonText.of(out -> write(store, cached, out)));
    } else {
      lines(store, cached).forEach(console::line);
    }
  }

  private static List<String> lines(NetworkStore store, List<CachedNetwork> cached) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Published by NVIDIA, under the Nvidia Source Code License-NC (not for commercial use,");
    lines.add(PublishedNetwork.LICENCE_URL + "); downloaded when asked for by name:");
    TextTable table = new TextTable(false, false, true, true);
    table.row("  name", "config", "resolution", "size", "downloaded");
    for (PublishedNetwork network : PublishedNetwork.all()) {
      Optional<CachedNetwork> here = at(cached, network);
      table.row(
          "  " + network.name(),
          network.config(),
          String.valueOf(network.resolution()),
          here.map(c -> DownloadProgress.megabytes(c.size())).orElse("-"),
          here.map(NetworksListCommand::date).orElse("-"));
    }
    lines.addAll(table.lines());
    List<CachedNetwork> others = others(cached);
    if (!others.isEmpty()) {
      lines.add("Others that were downloaded:");
      TextTable urls = new TextTable(true, false);
      others.forEach(
          c -> urls.row("  " + DownloadProgress.megabytes(c.size()), date(c), c.url().toString()));
      lines.addAll(urls.lines());
    }
    for (UnfinishedDownload part : store.unfinished()) {
      lines.add(
          Console.oneLine(
              "Unfinished: "
                  + part.url()
                  + ", "
                  + DownloadProgress.megabytes(part.present())
                  + (part.total() < 0 ? "" : " of " + DownloadProgress.megabytes(part.total()))));
    }
    lines.add(Console.oneLine("Downloads are kept in " + store.folder()));
    return lines;
  }

  private static Optional<CachedNetwork> at(List<CachedNetwork> cached, PublishedNetwork network) {
    return cached.stream().filter(c -> c.url().equals(network.url())).findFirst();
  }

  private static List<CachedNetwork> others(List<CachedNetwork> cached) {
    return cached.stream().filter(c -> c.published().isEmpty()).toList();
  }

  private static String date(CachedNetwork network) {
    return network.time().toString().substring(0, "2026-01-31".length());
  }

  private static void write(NetworkStore store, List<CachedNetwork> cached, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("folder", store.folder().toString());
    out.writeArrayPropertyStart("published");
    for (PublishedNetwork network : PublishedNetwork.all()) {
      out.writeStartObject();
      out.writeStringProperty("name", network.name());
      out.writeStringProperty("config", network.config());
      out.writeNumberProperty("resolution", network.resolution());
      out.writeStringProperty("licence", network.licence());
      out.writeStringProperty("url", network.url().toString());
      Optional<CachedNetwork> here = at(cached, network);
      out.writeBooleanProperty("cached", here.isPresent());
      here.ifPresent(c -> writeFile(c, out));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayPropertyStart("others");
    for (CachedNetwork other : others(cached)) {
      out.writeStartObject();
      out.writeStringProperty("url", other.url().toString());
      writeFile(other, out);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayPropertyStart("unfinished");
    for (UnfinishedDownload part : store.unfinished()) {
      out.writeStartObject();
      out.writeStringProperty("url", part.url().toString());
      out.writeNumberProperty("present", part.present());
      if (part.total() >= 0) {
        out.writeNumberProperty("total", part.total());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** The properties of a file that is here. */
  static void writeFile(CachedNetwork network, JsonGenerator out) {
    out.writeStringProperty("file", network.file().toString());
    out.writeNumberProperty("size", network.size());
    out.writeStringProperty("sha256", network.sha256());
    network.etag().ifPresent(etag -> out.writeStringProperty("etag", etag));
    out.writeStringProperty("time", network.time().toString());
  }
}
