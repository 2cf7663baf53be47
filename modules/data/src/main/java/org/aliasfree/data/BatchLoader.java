package org.aliasfree.data;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Decodes batches ahead of time, on threads of its own, in the order of a sampler. What it gives
 * does not depend on the number of threads. At most two batches a thread are held, besides those
 * that were taken.
 *
 * <p>{@link #next()} is for one thread at a time; {@link #close()} may be called by any.
 */
public final class BatchLoader implements AutoCloseable {
  private static final int AHEAD = 2;

  private final ImageDataset dataset;
  private final InfiniteSampler sampler;
  private final int batchSize;
  private final int ahead;
  private final ExecutorService threads;
  private final Deque<Future<Batch>> coming = new ArrayDeque<>();
  private volatile boolean closed;
  private @Nullable AliasFreeException failure;

  /**
   * Starts to load.
   *
   * @param dataset stays the caller's, who closes it after the loader
   * @param sampler of as many items as the data set has; its position is where the loader starts,
   *     and from now on it belongs to the loader
   * @param batchSize items a batch, 1 or more
   * @param workers threads, 1 or more
   */
  public BatchLoader(ImageDataset dataset, InfiniteSampler sampler, int batchSize, int workers) {
    if (sampler.settings().size() != dataset.size()) {
      throw new AliasFreeException(
          "The sampler is for "
              + sampler.settings().size()
              + " items, but the data set "
              + dataset.name()
              + " has "
              + dataset.size()
              + ".");
    }
    if (batchSize < 1 || workers < 1) {
      throw new AliasFreeException(
          "Cannot load batches of "
              + batchSize
              + " items with "
              + workers
              + " threads; both must be 1 or more.");
    }
    long bytes = batchSize * dataset.imageType().bytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new AliasFreeException(
          "A batch of "
              + batchSize
              + " images of "
              + dataset.imageType()
              + " takes "
              + bytes
              + " bytes, more than 2 GiB; make it smaller.");
    }
    this.dataset = dataset;
    this.sampler = sampler;
    this.batchSize = batchSize;
    ahead = AHEAD * workers;
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            workers,
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("aliasfree-data-" + number.getAndIncrement())
                    .unstarted(task));
    for (int i = 0; i < ahead; i++) {
      order();
    }
  }

  /** Draws the items of one more batch; only their decoding is for other threads. */
  private void order() {
    int[] items = new int[batchSize];
    for (int i = 0; i < batchSize; i++) {
      items[i] = sampler.next();
    }
    long position = sampler.position();
    coming.add(threads.submit(() -> load(items, position)));
  }

  private Batch load(int[] items, long position) {
    TensorType image = dataset.imageType();
    HostTensor images =
        ItemLabels.heap(
            TensorType.of(
                DType.U8,
                items.length,
                image.shape().dim(0),
                image.shape().dim(1),
                image.shape().dim(2)));
    HostTensor labels = ItemLabels.heap(TensorType.f32(items.length, dataset.labelDim()));
    long labelBytes = 4L * dataset.labelDim();
    for (int n = 0; n < items.length; n++) {
      if (closed) {
        throw new CancellationException();
      }
      dataset.read(items[n], slice(images, n, image.bytes()));
      dataset.readLabel(items[n], slice(labels, n, labelBytes));
    }
    return new Batch(images, labels, position);
  }

  private static MemorySegment slice(HostTensor tensor, int n, long bytes) {
    return tensor.data().asSlice(n * bytes, bytes);
  }

  /**
   * The next batch; waits until it is decoded.
   *
   * @throws AliasFreeException naming the file, when an image of this batch cannot be used, now and
   *     from now on; or when the loader is closed
   */
  public Batch next() {
    if (failure != null) {
      throw failure;
    }
    Future<Batch> first;
    synchronized (coming) {
      if (closed) {
        throw closed(null);
      }
      first = coming.removeFirst();
      order();
    }
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } catch (CancellationException e) {
      throw closed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new AliasFreeException("Waiting for images was interrupted.", e);
    }
  }

  private AliasFreeException failed(@Nullable Throwable cause) {
    if (cause instanceof CancellationException) {
      return closed(cause);
    }
    failure =
        cause instanceof AliasFreeException known
            ? new AliasFreeException(String.valueOf(known.getMessage()), known)
            : new AliasFreeException(
                "Loading images of " + dataset.path() + " failed: " + cause + ".", cause);
    return failure;
  }

  private AliasFreeException closed(@Nullable Throwable cause) {
    return new AliasFreeException(
        "The loader of " + dataset.path() + " is closed; no batches come any more.", cause);
  }

  /** Items a batch. */
  public int batchSize() {
    return batchSize;
  }

  /** Stops the threads, which takes as long as decoding an image. */
  @Override
  public void close() {
    closed = true;
    synchronized (coming) {
      for (Future<Batch> batch : coming) {
        batch.cancel(false);
      }
    }
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
