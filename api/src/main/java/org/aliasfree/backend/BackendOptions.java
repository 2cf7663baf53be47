package org.aliasfree.backend;

import java.util.function.UnaryOperator;
import org.aliasfree.AliasFreeException;

/**
 * How a backend is opened.
 *
 * @param device index of the device, empty for the default
 * @param threads CPU threads that a run may use; 0 for as many as there are processors
 * @param allocator wraps the backend's allocator, so that tests can watch, fence or fail
 *     allocations
 */
public record BackendOptions(String device, int threads, UnaryOperator<Allocator> allocator) {
  /** Checks the number of threads. */
  public BackendOptions {
    if (threads < 0 || threads > 4096) {
      throw new AliasFreeException(
          "The number of threads is "
              + threads
              + "; it must be 1 to 4096, or 0 for one a processor.");
    }
  }

  /** The default device, one thread a processor, the backend's own allocator. */
  public static BackendOptions defaults() {
    return new BackendOptions("", 0, a -> a);
  }

  /** These options with another number of threads. */
  public BackendOptions withThreads(int n) {
    return new BackendOptions(device, n, allocator);
  }

  /** These options for another device. */
  public BackendOptions withDevice(String index) {
    return new BackendOptions(index, threads, allocator);
  }

  /** These options with the allocator wrapped. */
  public BackendOptions withAllocator(UnaryOperator<Allocator> wrapper) {
    return new BackendOptions(device, threads, wrapper);
  }

  /** The number of threads, at least 1. */
  public int effectiveThreads() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
