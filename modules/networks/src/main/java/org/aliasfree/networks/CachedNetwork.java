package org.aliasfree.networks;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A file that was downloaded and is kept.
 *
 * @param url where it came from
 * @param file where it is
 * @param size its length in bytes
 * @param sha256 of its bytes, 64 hexadecimal digits
 * @param etag the server's name of this version of the file
 * @param time when it was downloaded
 */
public record CachedNetwork(
    URI url, Path file, long size, String sha256, Optional<String> etag, Instant time) {
  /** The published network that this is. */
  public Optional<PublishedNetwork> published() {
    return PublishedNetwork.at(url);
  }

  /** The name of the published network, otherwise the URL. */
  public String name() {
    return published().map(PublishedNetwork::name).orElse(url.toString());
  }
}
