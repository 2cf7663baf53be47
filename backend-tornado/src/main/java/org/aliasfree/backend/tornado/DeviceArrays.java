package org.aliasfree.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.OutOfMemoryException;

/**
 * The arrays of a backend. TornadoVM knows memory of the device by a Java array of the same size on
 * the host, so an allocation is such an array, and counts for both.
 */
final class DeviceArrays {
  private final Engine.Device device;
  private final Allocator allocator;
  private final List<Piece> live = new ArrayList<>();
  private boolean whole;
  private long bytes;

  DeviceArrays(Engine.Device device, BackendOptions options) {
    this.device = device;
    allocator = options.allocator().apply(this::make);
  }

  /** Elements of an array, from an offset on; closing gives them back. */
  record Slice(Allocator.Allocation memory, Object array, int offset) implements AutoCloseable {
    Place at(long index) {
      return new Place(array, Math.toIntExact(offset + index));
    }

    @Override
    public void close() {
      memory.close();
    }
  }

  /** Elements of a {@code float[]}, or of an {@code int[]}. */
  synchronized Slice allocate(boolean floats, long elements, String holder) {
    whole = !floats;
    Allocator.Allocation memory = allocator.allocate(4 * elements, holder);
    MemorySegment segment = memory.segment();
    Object array = segment.heapBase().orElseThrow();
    return new Slice(memory, array, Math.toIntExact(segment.address() / 4));
  }

  private Allocator.Allocation make(long size, String holder) {
    long elements = Math.ceilDiv(size, 4L);
    if (size > device.largestArray() || elements > Integer.MAX_VALUE - 8) {
      throw new OutOfMemoryException(
          size,
          holder,
          device.description()
              + ", whose largest array has "
              + Math.min(device.largestArray(), 4L * (Integer.MAX_VALUE - 8))
              + ". Use a smaller batch or resolution.",
          null);
    }
    if (bytes + size > device.memory()) {
      throw new OutOfMemoryException(size, holder, full(), null);
    }
    try {
      MemorySegment segment =
          whole
              ? MemorySegment.ofArray(new int[(int) elements])
              : MemorySegment.ofArray(new float[(int) elements]);
      Piece piece = new Piece(segment.asSlice(0, size), size, holder);
      live.add(piece);
      bytes += size;
      return piece;
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryException(
          size,
          holder,
          "the Java heap, where TornadoVM needs an array as large as that on the device. Allow a"
              + " larger heap (-Xmx), or use a smaller batch.",
          e);
    }
  }

  private String full() {
    StringBuilder holders = new StringBuilder();
    live.forEach(p -> holders.append(", ").append(p.bytes).append(" by ").append(p.holder));
    return device.description()
        + ", which has "
        + device.memory()
        + " and of these "
        + (device.memory() - bytes)
        + " free"
        + (holders.isEmpty() ? "" : " (held: " + holders.substring(2) + ")")
        + ". Use a smaller batch or resolution.";
  }

  private final class Piece implements Allocator.Allocation {
    private final MemorySegment segment;
    private final long bytes;
    private final String holder;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Piece(MemorySegment segment, long bytes, String holder) {
      this.segment = segment;
      this.bytes = bytes;
      this.holder = holder;
    }

    @Override
    public MemorySegment segment() {
      return segment;
    }

    /** What the host writes into the array does not reach the device. */
    @Override
    public boolean isHostMemory() {
      return false;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        free(this);
      }
    }
  }

  private synchronized void free(Piece piece) {
    live.remove(piece);
    bytes -= piece.bytes;
  }
}
