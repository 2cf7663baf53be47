package org.aliasfree.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.aliasfree.file.AtomicFile;

/**
 * Bytes for a file, passed on in pieces of a megabyte, so that tensors need no second copy in
 * memory. {@link #flush} passes on the rest.
 */
final class ChannelOutput extends OutputStream {
  /** Writes the bytes of a file. */
  @FunctionalInterface
  interface Bytes {
    void writeTo(ChannelOutput out) throws IOException;
  }

  private static final int CHUNK = 1 << 20;

  private final FileChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private final MemorySegment chunkMemory = MemorySegment.ofBuffer(chunk);

  private ChannelOutput(FileChannel channel) {
    this.channel = channel;
  }

  /** A file of these bytes. */
  static AtomicFile.Content content(Bytes bytes) {
    return channel -> {
      ChannelOutput out = new ChannelOutput(channel);
      bytes.writeTo(out);
      out.flush();
    };
  }

  @Override
  public void write(int value) throws IOException {
    if (!chunk.hasRemaining()) {
      flush();
    }
    chunk.put((byte) value);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    write(MemorySegment.ofArray(bytes).asSlice(from, length));
  }

  /** Writes all bytes of a segment. */
  void write(MemorySegment data) throws IOException {
    long from = 0;
    while (from < data.byteSize()) {
      if (!chunk.hasRemaining()) {
        flush();
      }
      int size = (int) Math.min(chunk.remaining(), data.byteSize() - from);
      MemorySegment.copy(data, from, chunkMemory, chunk.position(), size);
      chunk.position(chunk.position() + size);
      from += size;
    }
  }

  @Override
  public void flush() throws IOException {
    chunk.flip();
    while (chunk.hasRemaining()) {
      channel.write(chunk);
    }
    chunk.clear();
  }
}
