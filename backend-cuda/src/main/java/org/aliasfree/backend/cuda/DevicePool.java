package org.aliasfree.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.OutOfMemoryException;

/**
 * The memory of a device, by who holds it. Any thread may allocate and close; zeros are written
 * under the driver's monitor, which whoever submits commands at the same time has to hold.
 */
final class DevicePool implements Allocator {
  private static final int MOST_NAMED = 8;

  private final Driver driver;
  private final Set<Piece> live = new LinkedHashSet<>();

  DevicePool(Driver driver) {
    this.driver = driver;
  }

  @Override
  public Allocation allocate(long bytes, String holder) {
    long size = Math.max(1, bytes);
    long address = driver.allocate(size);
    if (address == 0) {
      throw new OutOfMemoryException(bytes, holder, full(), null);
    }
    try {
      synchronized (driver) {
        driver.submit(List.of(new Driver.Zero(address, size)));
        driver.await();
      }
    } catch (RuntimeException e) {
      driver.free(address);
      throw e;
    }
    Piece piece = new Piece(address, bytes, holder);
    synchronized (live) {
      live.add(piece);
    }
    return piece;
  }

  /** Bytes given out and not given back. */
  long liveBytes() {
    synchronized (live) {
      return live.stream().mapToLong(p -> p.bytes).sum();
    }
  }

  /** Allocations not given back. */
  int livePieces() {
    synchronized (live) {
      return live.size();
    }
  }

  private String full() {
    Driver.Device device = driver.device();
    return device.name()
        + ", which has "
        + device.memory()
        + " and of these "
        + driver.freeBytes()
        + " free"
        + holders()
        + ". Use a smaller batch or resolution, or end other programs that use this device.";
  }

  /** The largest holders, the largest first. */
  private String holders() {
    Map<String, Long> held = new TreeMap<>();
    synchronized (live) {
      live.forEach(p -> held.merge(p.holder, p.bytes, Long::sum));
    }
    if (held.isEmpty()) {
      return " (this program holds none)";
    }
    String named =
        held.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MOST_NAMED)
            .map(e -> e.getValue() + " by " + e.getKey())
            .collect(Collectors.joining(", "));
    int others = held.size() - MOST_NAMED;
    return " (held: " + named + (others > 0 ? ", and less by " + others + " more" : "") + ")";
  }

  private final class Piece implements Allocation {
    private final MemorySegment segment;
    private final long bytes;
    private final String holder;
    private final AtomicBoolean open = new AtomicBoolean(true);

    @SuppressWarnings("restricted") // The address and size are the driver's.
    Piece(long address, long bytes, String holder) {
      segment = MemorySegment.ofAddress(address).reinterpret(bytes);
      this.bytes = bytes;
      this.holder = holder;
    }

    @Override
    public MemorySegment segment() {
      return segment;
    }

    @Override
    public boolean isHostMemory() {
      return driver.isHostMemory();
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        synchronized (live) {
          live.remove(this);
        }
        driver.free(segment.address());
      }
    }
  }
}
