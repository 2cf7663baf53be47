package org.aliasfree.networks;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a response, one piece after the other, for a thread that must not wait for ever. The
 * streams of the HTTP client have no time-out of their own.
 */
final class BodyReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  /**
   * What came.
   *
   * @param bytes empty at the end
   * @param fault why no more comes; null when all is well
   */
  private record Piece(List<ByteBuffer> bytes, @Nullable Throwable fault) {}

  private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final Duration patience;
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  /** Reads what the publisher sends, and gives up when nothing comes for so long. */
  BodyReader(Flow.Publisher<List<ByteBuffer>> body, Duration patience) {
    this.patience = patience;
    body.subscribe(this);
  }

  /**
   * The next bytes; an empty list at the end.
   *
   * @throws HttpTimeoutException when none came in time
   * @throws IOException when the connection broke
   */
  List<ByteBuffer> next() throws IOException, InterruptedException {
    Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new HttpTimeoutException("it sent nothing for " + Reasons.seconds(patience));
    }
    if (piece.fault() != null) {
      throw piece.fault() instanceof IOException e ? e : new IOException(piece.fault());
    }
    request(); // the next one comes while this is written
    return piece.bytes();
  }

  private synchronized void request() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    if (closed) {
      begun.cancel();
    } else {
      begun.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    if (!bytes.isEmpty()) {
      pieces.add(new Piece(bytes, null));
    } else {
      request();
    }
  }

  @Override
  public void onError(Throwable fault) {
    pieces.add(new Piece(List.of(), fault));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(List.of(), null));
  }

  /** Wants no more. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
