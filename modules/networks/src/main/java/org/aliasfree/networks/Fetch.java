package org.aliasfree.networks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.aliasfree.AliasFreeException;

/**
 * Gets one file into the cache. The classes of the HTTP client are loaded by nothing else, so that
 * files that are there cost no more than local ones.
 */
final class Fetch {
  private static final int BLOCK = 1 << 16;

  private final NetworkUrl url;
  private final CacheEntry entry;
  private final NetworkStoreOptions options;

  Fetch(NetworkUrl url, CacheEntry entry, NetworkStoreOptions options) {
    this.url = url;
    this.entry = entry;
    this.options = options;
  }

  /**
   * The file, after waiting for whoever gets it already, or after downloading it.
   *
   * @throws AliasFreeException when it cannot be had
   */
  CachedNetwork get() {
    boolean done = false;
    try (EntryLock _ = NetworkStore.lock(entry, () -> options.listener().waiting(url.uri()))) {
      Optional<CachedNetwork> present = NetworkStore.fitting(entry, url);
      CachedNetwork network = present.isPresent() ? present.get() : download();
      done = true;
      return network;
    } catch (DownloadFault e) {
      throw failed(e.getMessage() + remedy(e), e);
    } catch (ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw failed("the thread was interrupted" + kept(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("the thread was interrupted" + kept(), e);
    } catch (IOException e) {
      throw failed(
          Reasons.ofFile(e)
              + "; free some space or make the folder writable, or set "
              + CacheFolder.VARIABLE
              + " to another folder"
              + kept(),
          e);
    } finally {
      if (!done) {
        options.listener().failed(url.uri());
      }
    }
  }

  private AliasFreeException failed(String reason, Exception e) {
    return new AliasFreeException("Cannot download " + url.uri() + ": " + reason + ".", e);
  }

  private String remedy(DownloadFault fault) {
    return fault.isPassing()
        ? "; check the network, and the proxy if there is one (-Dhttps.proxyHost=...), and try again"
            + kept()
        : "; check the URL, or download the file by hand and give its path";
  }

  /** What a next try will not have to get again. */
  private String kept() {
    try {
      return Files.exists(entry.partRecord())
          ? ": it goes on after " + Reasons.bytes(Files.size(entry.part()))
          : "";
    } catch (IOException e) {
      return "";
    }
  }

  private CachedNetwork download() throws IOException, InterruptedException {
    PublishedNetwork.at(url.uri()).ifPresent(options.listener()::licence);
    entry.remove();
    try (PartFile part = PartFile.open(entry, url.uri())) {
      new Download(url, entry, part, options).run();
      part.force();
      PartFile.Version version = part.version();
      if (version == null) {
        throw new IllegalStateException("A complete part has a version.");
      }
      CachedNetwork network =
          version.encoding().equals("gzip")
              ? unpacked(part, version)
              : publish(entry.part(), part.length(), part.sha256(), version);
      options.listener().done(network);
      return network;
    } finally {
      if (!Files.exists(entry.partRecord())) {
        Files.deleteIfExists(entry.part()); // nobody could go on from it
      }
    }
  }

  private CachedNetwork publish(Path complete, long size, String sha256, PartFile.Version version)
      throws IOException {
    if (url.sha256().isPresent() && !url.sha256().get().equals(sha256)) {
      entry.removePart();
      Files.deleteIfExists(complete);
      throw new AliasFreeException(
          "The file of "
              + url.uri()
              + " is not the one that was asked for and was removed: its sha256 is "
              + sha256
              + ", expected "
              + url.sha256().get()
              + "; ask whoever gave you that number, or leave #sha256=... away.");
    }
    CachedNetwork network =
        new CachedNetwork(
            url.uri(),
            entry.file(),
            size,
            sha256,
            Optional.ofNullable(version.etag()),
            Instant.now().truncatedTo(ChronoUnit.SECONDS));
    entry.publish(complete, network);
    return network;
  }

  /** Some servers pack what they send unasked; a packed file is no network file. */
  private CachedNetwork unpacked(PartFile part, PartFile.Version version) throws IOException {
    Path target = entry.unpacked();
    boolean done = false;
    try (InputStream packed = Files.newInputStream(entry.part());
        InputStream in = gzip(packed);
        FileChannel out =
            FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      Sha256 sum = new Sha256();
      long size = 0;
      byte[] block = new byte[BLOCK];
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        sum.add(ByteBuffer.wrap(block, 0, count));
        for (ByteBuffer left = ByteBuffer.wrap(block, 0, count); left.hasRemaining(); ) {
          size += out.write(left);
        }
      }
      out.force(true);
      CachedNetwork network = publish(target, size, sum.hex(), version);
      done = true;
      return network;
    } catch (ZipException | EOFException e) {
      part.discard();
      throw DownloadFault.lasting(
          "the server says that it packs the file as gzip, but what it sends is damaged ("
              + e.getMessage()
              + ")",
          e);
    } finally {
      if (!done) {
        Files.deleteIfExists(target);
      }
    }
  }

  private static InputStream gzip(InputStream packed) throws IOException {
    return new GZIPInputStream(new BufferedInputStream(packed, BLOCK), BLOCK);
  }
}
