package org.aliasfree.training.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The framing of records in TensorFlow's files: length (u64), its checksum, the data, its checksum,
 * all little-endian.
 */
final class EventRecords {
  private static final int HEADER = 12;
  private static final int FOOTER = 4;
  private static final int BLOCK = 1 << 20;

  /** How far the good records of a file reach: their number, and where the last of them ends. */
  record Extent(long records, long end) {}

  private EventRecords() {}

  /** Data as a record. */
  static ByteBuffer frame(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(HEADER + data.length + FOOTER).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(ByteBuffer.wrap(record.array(), 0, Long.BYTES)));
    record.put(data);
    record.putInt(masked(ByteBuffer.wrap(data)));
    return record.flip();
  }

  /** Goes through at most so many records, up to the first that is torn or damaged. */
  static Extent scan(Path path, long most) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
      long size = channel.size();
      long end = 0;
      long records = 0;
      while (records < most) {
        long length = dataLength(channel, block, end, size);
        if (length < 0 || !isWhole(channel, block, end + HEADER, length)) {
          break;
        }
        end += HEADER + length + FOOTER;
        records++;
      }
      return new Extent(records, end);
    } catch (IOException e) {
      throw AppendedFile.cannot("read", path, e);
    }
  }

  /** Bytes of the record's data, or -1 when there is no record with a good header and room. */
  private static long dataLength(FileChannel channel, ByteBuffer block, long start, long size)
      throws IOException {
    if (size - start < HEADER + FOOTER) {
      return -1;
    }
    read(channel, block, start, HEADER);
    long length = block.getLong(0);
    boolean good =
        block.getInt(Long.BYTES) == masked(block.slice(0, Long.BYTES))
            && length >= 0
            && length <= size - start - HEADER - FOOTER;
    return good ? length : -1;
  }

  private static boolean isWhole(FileChannel channel, ByteBuffer block, long start, long length)
      throws IOException {
    CRC32C crc = new CRC32C();
    for (long done = 0; done < length; ) {
      int n = (int) Math.min(BLOCK, length - done);
      read(channel, block, start + done, n);
      crc.update(block);
      done += n;
    }
    read(channel, block, start + length, FOOTER);
    return block.getInt(0) == mask((int) crc.getValue());
  }

  private static void read(FileChannel channel, ByteBuffer block, long position, int bytes)
      throws IOException {
    block.clear().limit(bytes);
    while (block.hasRemaining()) {
      if (channel.read(block, position + block.position()) < 0) {
        throw new IOException("it was cut while it was read");
      }
    }
    block.flip();
  }

  private static int masked(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return mask((int) crc.getValue());
  }

  /** A checksum of data that holds its own checksum says little: TensorFlow turns it and adds. */
  private static int mask(int crc) {
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }
}
