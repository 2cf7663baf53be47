package org.aliasfree.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A device that is the host: its memory is the host's, and kernels are {@link EmulatedLibrary}'s.
 */
class EmulatedDriver implements Driver {
  private static final long MEMORY = 4L << 30;
  private static final int GRID_SIDE = 65535;
  private static final int HOPPER = 90;

  private final EmulatedLibrary library;
  private final Map<Long, Arena> allocations = new ConcurrentHashMap<>();
  private final Device device;

  EmulatedDriver() {
    this(80);
  }

  /** A device of a compute capability. */
  EmulatedDriver(int capability) {
    this(EmulatedLibrary.get(), capability);
  }

  /** A device whose kernels are those of a library. */
  EmulatedDriver(EmulatedLibrary library, int capability) {
    this.library = library;
    device = new Device("emulated on the host", capability, MEMORY, 4);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // free closes it
  public long allocate(long bytes) {
    if (bytes > MEMORY) {
      return 0;
    }
    Arena arena = Arena.ofShared();
    long address = arena.allocate(bytes, 256).address();
    allocations.put(address, arena);
    return address;
  }

  @Override
  public void free(long address) {
    Arena arena = allocations.remove(address);
    if (arena == null) {
      throw new IllegalStateException("freed twice, or never allocated: " + address);
    }
    arena.close();
  }

  @Override
  public long freeBytes() {
    return MEMORY;
  }

  @Override
  public MemorySegment allocateHost(long bytes, Arena arena) {
    return arena.allocate(bytes, 64);
  }

  @Override
  public Target target() {
    return device.capability() == HOPPER
        ? new Target(Target.Hopper.WHEREVER_POSSIBLE, device.multiprocessors())
        : Target.GENERAL;
  }

  @Override
  public boolean isHostMemory() {
    return true;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  private int mostShared() {
    return (device.capability() == HOPPER ? 227 : 96) << 10;
  }

  @Override
  public void submit(List<Command> commands) {
    for (Command command : commands) {
      switch (command) {
        case Launch l -> {
          if (l.y() > GRID_SIDE || l.z() > GRID_SIDE || l.shared() > mostShared()) {
            throw new IllegalStateException("no device can do " + l);
          }
          library.launch(l);
        }
        case Copy c -> at(c.to(), c.bytes()).copyFrom(at(c.from(), c.bytes()));
        case Zero z -> at(z.to(), z.bytes()).fill((byte) 0);
        case Upload u -> at(u.to(), u.from().byteSize()).copyFrom(u.from());
        case Download d -> d.to().copyFrom(at(d.from(), d.to().byteSize()));
      }
    }
  }

  @Override
  public Recording record(List<Command> commands) {
    List<Command> copy = List.copyOf(commands);
    return new Recording() {
      @Override
      public void replay() {
        submit(copy);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void await() {}

  @Override
  public void close() {}
}
