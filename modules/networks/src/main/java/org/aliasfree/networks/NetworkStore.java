package org.aliasfree.networks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import tools.jackson.databind.JsonNode;

/**
 * Network files by path, URL or published name. What is downloaded is kept in a folder and never
 * downloaded again; it is served only when it is complete. Several threads and several processes
 * may use one folder at the same time.
 *
 * <p>Nothing that is here is asked for anew: a file that changes on its server is had by {@link
 * #remove removing} it first. A URL may end in {@code #sha256=} and 64 digits, which the file's
 * bytes must then have.
 */
public final class NetworkStore {
  private final NetworkStoreOptions options;

  /** A store that works so; touches nothing yet. */
  public NetworkStore(NetworkStoreOptions options) {
    this.options = options;
  }

  /** A store as {@linkplain NetworkStoreOptions#fromEnvironment() the environment says}. */
  public static NetworkStore open() {
    return new NetworkStore(NetworkStoreOptions.fromEnvironment());
  }

  /** Where files are kept. */
  public Path folder() {
    return options.folder();
  }

  /**
   * The file that a text means: a path or {@code file:} URL of a file that exists; otherwise an
   * {@code http:} or {@code https:} URL; otherwise the name of a {@link PublishedNetwork}. The last
   * two are downloaded unless they are here, which may take minutes.
   *
   * @throws AliasFreeException when it means nothing, or the file cannot be had
   */
  public Path resolve(String text) {
    if (isRemote(text)) {
      return fetch(text).file();
    }
    Path path = local(text);
    if (Files.exists(path)) {
      return path;
    }
    throw new AliasFreeException(
        "There is no file " + path + ", nor is that the URL or name of a network" + hint(text));
  }

  /**
   * Whether {@link #resolve} would look for this in the cache: it is a URL of the web, or the name
   * of a published network while no file has that name. Paths with a separator are always files.
   */
  public static boolean isRemote(String text) {
    return NetworkUrl.isMeant(text)
        || (PublishedNetwork.named(text).isPresent() && !Files.exists(Path.of(text)));
  }

  /**
   * Looks at a URL without asking its server.
   *
   * @throws AliasFreeException when it cannot be one to download from
   */
  public static void requireUrl(String text) {
    var _ = NetworkUrl.parse(text);
  }

  /** The end of a message about a file that does not exist: which network may have been meant. */
  public static String hint(String text) {
    Optional<PublishedNetwork> near = PublishedNetwork.near(text);
    return near.isEmpty()
        ? "; check it, or see the list of published names: aliasfree networks list."
        : "; did you mean the published network " + near.get().name() + "?";
  }

  private static Path local(String text) {
    try {
      return text.toLowerCase(Locale.ROOT).startsWith("file:")
          ? Path.of(URI.create(text))
          : Path.of(text);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new AliasFreeException(
          "\"" + text + "\" is neither a path nor a URL: " + e.getMessage() + ".", e);
    }
  }

  /**
   * A file by URL or published name, downloaded unless it is here.
   *
   * @throws AliasFreeException when it cannot be had
   */
  public CachedNetwork fetch(String nameOrUrl) {
    NetworkUrl url = url(nameOrUrl);
    CacheEntry entry = CacheEntry.of(options.folder(), url);
    try {
      Optional<CachedNetwork> present = fitting(entry, url);
      if (present.isPresent()) {
        return present.get();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (options.offline()) {
      throw new AliasFreeException(
          url.uri()
              + " is not in "
              + options.folder()
              + ", and downloads are off (--offline or "
              + NetworkStoreOptions.OFFLINE_VARIABLE
              + "); allow them once, or give the path of a file.");
    }
    return new Fetch(url, entry, options).get();
  }

  /** Whether a URL or published name is here; downloads nothing. */
  public Optional<CachedNetwork> find(String nameOrUrl) {
    NetworkUrl url = url(nameOrUrl);
    try {
      return fitting(CacheEntry.of(options.folder(), url), url);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static NetworkUrl url(String nameOrUrl) {
    Optional<PublishedNetwork> published = PublishedNetwork.named(nameOrUrl);
    if (published.isPresent()) {
      return new NetworkUrl(published.get().url(), Optional.empty());
    }
    if (!NetworkUrl.isMeant(nameOrUrl)) {
      throw new AliasFreeException(
          "\""
              + nameOrUrl
              + "\" is neither a URL nor the name of a published network"
              + hint(nameOrUrl));
    }
    return NetworkUrl.parse(nameOrUrl);
  }

  /** The entry's file, when it is sound and has the sha256 that the URL asks for. */
  static Optional<CachedNetwork> fitting(CacheEntry entry, NetworkUrl url) throws IOException {
    return entry
        .intact()
        .filter(network -> network.url().equals(url.uri()))
        .filter(network -> url.sha256().map(network.sha256()::equals).orElse(true));
  }

  static EntryLock lock(CacheEntry entry, Runnable waiting)
      throws IOException, InterruptedException {
    Files.createDirectories(entry.lock().getParent());
    return EntryLock.take(entry.lock(), waiting);
  }

  /** All files that are here, by name. */
  public List<CachedNetwork> cached() {
    List<CachedNetwork> found = new ArrayList<>();
    try {
      for (CacheEntry entry : entries()) {
        entry.complete().ifPresent(found::add);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    found.sort(Comparator.comparing(CachedNetwork::name));
    return found;
  }

  /** All downloads that were interrupted, or are going on. */
  public List<UnfinishedDownload> unfinished() {
    List<UnfinishedDownload> found = new ArrayList<>();
    for (CacheEntry entry : entries()) {
      Optional<JsonNode> json = CacheEntry.read(entry.partRecord());
      if (json.isPresent()) {
        found.add(
            new UnfinishedDownload(
                URI.create(json.get().path("url").asString("")),
                json.get().path("length").asLong(0),
                json.get().path("total").asLong(-1)));
      }
    }
    return found;
  }

  private Set<CacheEntry> entries() {
    Set<CacheEntry> entries = new LinkedHashSet<>();
    if (!Files.isDirectory(options.folder())) {
      return entries;
    }
    try (Stream<Path> files = Files.list(options.folder())) {
      files.sorted().forEach(file -> CacheEntry.of(options.folder(), file).ifPresent(entries::add));
    } catch (IOException e) {
      throw unreadable(e);
    }
    return entries;
  }

  private AliasFreeException unreadable(IOException e) {
    return new AliasFreeException(
        "Cannot read the folder of downloads "
            + options.folder()
            + ": "
            + Reasons.ofFile(e)
            + "; set "
            + CacheFolder.VARIABLE
            + " to another folder.",
        e);
  }

  /**
   * Reads every byte of a file that is here. One that is damaged is removed, so that it is
   * downloaded anew when it is next asked for.
   *
   * @throws AliasFreeException when it is not here
   */
  public Verification verify(String nameOrUrl) {
    NetworkUrl url = url(nameOrUrl);
    CacheEntry entry = CacheEntry.of(options.folder(), url);
    if (entry.recorded().isEmpty()) {
      throw new AliasFreeException(
          url.uri() + " is not in " + options.folder() + "; see what is: aliasfree networks list.");
    }
    return verify(entry, url.uri());
  }

  /** As {@link #verify(String)}, all files that are here. */
  public List<Verification> verifyAll() {
    return entries().stream()
        .flatMap(entry -> entry.recorded().stream().map(recorded -> verify(entry, recorded.url())))
        .toList();
  }

  private Verification verify(CacheEntry entry, URI url) {
    try {
      Optional<CachedNetwork> intact = entry.verified();
      if (intact.isPresent()) {
        return new Verification(url, intact, "");
      }
    } catch (IOException e) {
      return new Verification(url, Optional.empty(), Reasons.ofFile(e));
    }
    String fault = "its bytes are not those that were downloaded";
    try (EntryLock _ = lock(entry, () -> options.listener().waiting(url))) {
      Optional<CachedNetwork> meanwhile = entry.verified();
      if (meanwhile.isEmpty()) {
        entry.remove();
      }
      return new Verification(url, meanwhile, meanwhile.isEmpty() ? fault + "; removed" : "");
    } catch (IOException e) {
      String unremoved = fault + ", and it cannot be removed: " + Reasons.ofFile(e);
      return new Verification(url, Optional.empty(), unremoved);
    } catch (InterruptedException e) {
      throw interrupted(url, e);
    }
  }

  private static AliasFreeException interrupted(URI url, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AliasFreeException("The thread was interrupted while it waited for " + url + ".", e);
  }

  /**
   * Removes a file, and what was downloaded of it; waits while somebody downloads it.
   *
   * @return bytes that this freed; 0 when nothing was here
   * @throws AliasFreeException when it cannot be removed
   */
  public long remove(String nameOrUrl) {
    NetworkUrl url = url(nameOrUrl);
    CacheEntry entry = CacheEntry.of(options.folder(), url);
    return entries().contains(entry) ? remove(entry, url.uri()) : 0;
  }

  /** As {@link #remove(String)}, everything. */
  public long removeAll() {
    long freed = 0;
    for (CacheEntry entry : entries()) {
      freed += remove(entry, entry.file().toUri());
    }
    return freed;
  }

  private long remove(CacheEntry entry, URI url) {
    try (EntryLock _ = lock(entry, () -> options.listener().waiting(url))) {
      return entry.remove() + entry.removePart();
    } catch (IOException e) {
      throw new AliasFreeException("Cannot remove " + url + ": " + Reasons.ofFile(e) + ".", e);
    } catch (InterruptedException e) {
      throw interrupted(url, e);
    }
  }
}
