package org.aliasfree.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;

/** Takes the commands that compute a node, in order. */
final class Launches {
  private static final int MOST_BLOCKS = 1 << 30;

  private final List<Driver.Command> commands = new ArrayList<>();
  private final ToLongFunction<byte[]> tables;

  /**
   * Takes commands.
   *
   * @param tables puts bytes on the device and gives their address
   */
  Launches(ToLongFunction<byte[]> tables) {
    this.tables = tables;
  }

  /** Address of bytes that never change, for what is too long for a kernel's arguments. */
  long table(byte[] bytes) {
    return tables.applyAsLong(bytes);
  }

  /** Runs a kernel over a grid of blocks. Nothing is added where a side is 0. */
  void launch(String kernel, long x, long y, long z, int threads, int shared, Arguments arguments) {
    if (x != 0 && y != 0 && z != 0) {
      commands.add(
          new Driver.Launch(
              kernel,
              Math.toIntExact(x),
              Math.toIntExact(y),
              Math.toIntExact(z),
              threads,
              shared,
              arguments.bytes()));
    }
  }

  /** Runs a kernel with a thread of 256 in a block for each of n elements. */
  void forEach(String kernel, long n, Arguments arguments) {
    launch(kernel, Math.min(MOST_BLOCKS, Math.ceilDiv(n, 256L)), 1, 1, 256, 0, arguments);
  }

  /** Copies within the device. */
  void copy(long to, long from, long bytes) {
    if (bytes != 0 && to != from) {
      commands.add(new Driver.Copy(to, from, bytes));
    }
  }

  /** Writes zeros. */
  void zero(long to, long bytes) {
    if (bytes != 0) {
      commands.add(new Driver.Zero(to, bytes));
    }
  }

  /** Copies from the host when the command is done; see {@link Driver.Upload}. */
  void upload(long to, MemorySegment from) {
    if (from.byteSize() != 0) {
      commands.add(new Driver.Upload(to, from));
    }
  }

  /** Copies to the host when the command is done; see {@link Driver.Download}. */
  void download(MemorySegment to, long from) {
    if (to.byteSize() != 0) {
      commands.add(new Driver.Download(to, from));
    }
  }

  /** What was added. */
  List<Driver.Command> commands() {
    return Collections.unmodifiableList(commands);
  }
}
