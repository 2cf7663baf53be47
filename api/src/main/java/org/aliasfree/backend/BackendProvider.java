package org.aliasfree.backend;

/**
 * The entry point of a backend, found by {@link java.util.ServiceLoader}: named both in {@code
 * module-info} ({@code provides}) and in {@code META-INF/services}, so that it is found on the
 * module path and on the class path. Making one must be cheap and touch nothing native.
 */
public interface BackendProvider {
  /** Version of this interface; a provider compiled against another major version is refused. */
  int SPI_VERSION = 1;

  /** Lower-case name by which users choose it: {@code cpu-vector}. */
  String id();

  /** The {@link #SPI_VERSION} that the provider was compiled against. */
  int spiVersion();

  /** Looks whether the backend can be used here. Never throws; cheap when asked again. */
  Availability probe();

  /**
   * Opens the backend.
   *
   * @throws BackendUnavailableException if it is not available or the device does not exist
   */
  Backend open(BackendOptions options);
}
