package org.aliasfree.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What the backend needs of a device: memory, and one queue of commands that are done in order.
 * NVIDIA's driver, or in tests an emulation on the host that runs the same kernels. Used by one
 * thread at a time, but for {@link #allocate} and {@link #free}, which any thread may call.
 */
interface Driver extends AutoCloseable {
  /** The device. */
  Device device();

  /** What kernels are chosen for: the device, and which of them are loaded. */
  default Target target() {
    return Target.GENERAL;
  }

  /**
   * Memory of the device.
   *
   * @param bytes 1 or more
   * @return its address, a multiple of 256; 0 if there is not enough
   */
  long allocate(long bytes);

  /** Gives memory back that {@link #allocate} gave. Waits for commands that may use it. */
  void free(long address);

  /** Bytes that can be allocated now, by all processes together. */
  long freeBytes();

  /**
   * Memory of the host that the device copies from and to without a detour; part of {@link Upload}
   * and {@link Download}. It is freed with the segment's arena.
   */
  MemorySegment allocateHost(long bytes, java.lang.foreign.Arena arena);

  /** Whether the host may read and write what {@link #allocate} gave. */
  boolean isHostMemory();

  /** Does commands, in order, after those before; returns when they are queued, or done. */
  void submit(List<Command> commands);

  /** Makes commands ready to be done many times. */
  Recording record(List<Command> commands);

  /**
   * Waits until everything submitted was done.
   *
   * @throws org.aliasfree.AliasFreeException if a command failed
   */
  void await();

  @Override
  void close();

  /**
   * What is known of a device.
   *
   * @param name for people
   * @param capability compute capability, 80 for 8.0
   * @param memory bytes that it has
   * @param multiprocessors how many blocks run at once, at least
   */
  record Device(String name, int capability, long memory, int multiprocessors) {}

  /** Commands with their arguments, in the order in which they are done. */
  interface Recording extends AutoCloseable {
    /** Submits them. */
    void replay();

    @Override
    void close();
  }

  /** Something that a device does. Addresses are those of its own memory. */
  sealed interface Command {}

  /**
   * Runs a kernel.
   *
   * @param kernel its name
   * @param x blocks along x, 1 … 2³¹ − 1
   * @param y blocks along y, 1 … 65535
   * @param z blocks along z, 1 … 65535
   * @param threads of a block: the number that the kernel is declared with
   * @param shared bytes of dynamic shared memory
   * @param arguments the kernel's structure
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares launches
  record Launch(String kernel, int x, int y, int z, int threads, int shared, byte[] arguments)
      implements Command {}

  /** Copies within the device. */
  record Copy(long to, long from, long bytes) implements Command {}

  /** Writes zeros. */
  record Zero(long to, long bytes) implements Command {}

  /** Copies from the host when the command is done; the memory is {@link #allocateHost}'s. */
  record Upload(long to, MemorySegment from) implements Command {}

  /** Copies to the host when the command is done; the memory is {@link #allocateHost}'s. */
  record Download(MemorySegment to, long from) implements Command {}
}
