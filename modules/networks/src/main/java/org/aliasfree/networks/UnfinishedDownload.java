package org.aliasfree.networks;

import java.net.URI;

/**
 * A download that was interrupted; asking for the file goes on with it.
 *
 * @param url what is downloaded
 * @param present bytes that are here
 * @param total bytes of the file; −1 when the server did not say
 */
public record UnfinishedDownload(URI url, long present, long total) {}
