package org.aliasfree.networks;

import java.net.URI;
import java.util.Optional;

/**
 * What {@link NetworkStore#verify} found.
 *
 * @param url where the file came from
 * @param intact the file, when its length and sha256 are those of the download
 * @param fault what is wrong with it and was done about it; empty when nothing is
 */
public record Verification(URI url, Optional<CachedNetwork> intact, String fault) {}
