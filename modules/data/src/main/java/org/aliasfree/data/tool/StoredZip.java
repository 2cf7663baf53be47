package org.aliasfree.data.tool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a zip archive whose files are not compressed (PKWARE's APPNOTE 6.3, with zip64 where sizes
 * need it). Dates are 1980-01-01, so that the same files make the same bytes. An archive without
 * its directory can be taken up again: what is there in full is kept.
 */
final class StoredZip implements AutoCloseable {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int DATE = (1 << 5) | 1;
  private static final short VERSION = 20;
  private static final short VERSION64 = 45;
  private static final int UNIX = 3 << 8;
  private static final int READ_WRITE = 0600 << 16;
  private static final long MAX32 = 0xffffffffL;
  private static final int MAX16 = 0xffff;

  /**
   * A file in the archive.
   *
   * @param offset where its header begins
   */
  record Entry(String name, int crc, int size, long offset) {
    long dataOffset() {
      return offset + LOCAL_BYTES + name.length();
    }
  }

  private final FileChannel channel;
  private final List<Entry> entries = new ArrayList<>();
  private long end;

  /** Continues the archive in a channel, which may be empty, and cuts off what is not complete. */
  StoredZip(FileChannel channel) throws IOException {
    this.channel = channel;
    ByteBuffer header = buffer(LOCAL_BYTES);
    while (readFully(header.clear(), end) && header.getInt(0) == LOCAL) {
      int size = header.getInt(18);
      byte[] name = new byte[header.getShort(26) & MAX16];
      long data = end + LOCAL_BYTES + name.length;
      if (size < 0 || data + size > channel.size()) {
        break;
      }
      readFully(ByteBuffer.wrap(name), end + LOCAL_BYTES);
      Entry entry =
          new Entry(new String(name, StandardCharsets.US_ASCII), header.getInt(14), size, end);
      if (crc(bytes(entry)) != entry.crc) {
        break;
      }
      entries.add(entry);
      end = data + size;
    }
    channel.truncate(end);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean readFully(ByteBuffer to, long from) throws IOException {
    long at = from;
    while (to.hasRemaining()) {
      int count = channel.read(to, at);
      if (count < 0) {
        return false;
      }
      at += count;
    }
    return true;
  }

  private static int crc(byte[] data) {
    CRC32 crc = new CRC32();
    crc.update(data);
    return (int) crc.getValue();
  }

  /** The files so far. */
  List<Entry> entries() {
    return entries;
  }

  /** Cuts off the files from a place in {@link #entries} on. */
  void dropFrom(int place) throws IOException {
    if (place < entries.size()) {
      end = entries.get(place).offset;
      entries.subList(place, entries.size()).clear();
      channel.truncate(end);
    }
  }

  byte[] bytes(Entry entry) throws IOException {
    byte[] data = new byte[entry.size];
    if (!readFully(ByteBuffer.wrap(data), entry.dataOffset())) {
      throw new EOFException("the archive became shorter");
    }
    return data;
  }

  /**
   * Adds a file.
   *
   * @param name of ASCII characters
   */
  void add(String name, byte[] data) throws IOException {
    Entry entry = new Entry(name, crc(data), data.length, end);
    ByteBuffer header = buffer(LOCAL_BYTES + name.length());
    header.putInt(LOCAL).putShort(VERSION);
    putCommon(header, entry);
    header.putShort((short) name.length()).putShort((short) 0);
    header.put(name.getBytes(StandardCharsets.US_ASCII));
    end = write(header.flip(), end);
    end = write(ByteBuffer.wrap(data), end);
    entries.add(entry);
  }

  /** Flags, method, time, date, checksum, both sizes. */
  private static void putCommon(ByteBuffer to, Entry entry) {
    to.putShort((short) 0).putShort((short) 0).putShort((short) 0).putShort((short) DATE);
    to.putInt(entry.crc).putInt(entry.size).putInt(entry.size);
  }

  private long write(ByteBuffer from, long at) throws IOException {
    long position = at;
    while (from.hasRemaining()) {
      position += channel.write(from, position);
    }
    return position;
  }

  /** Writes the directory, after which the archive is complete, and makes all of it durable. */
  void finish() throws IOException {
    long start = end;
    for (Entry entry : entries) {
      end = write(central(entry).flip(), end);
    }
    boolean large = entries.size() >= MAX16 || start >= MAX32 || end >= MAX32;
    ByteBuffer tail = buffer(56 + 20 + 22);
    if (large) {
      tail.putInt(END64).putLong(44).putShort((short) (UNIX | VERSION64)).putShort(VERSION64);
      tail.putInt(0).putInt(0).putLong(entries.size()).putLong(entries.size());
      tail.putLong(end - start).putLong(start);
      tail.putInt(LOCATOR64).putInt(0).putLong(end).putInt(1);
    }
    short count = (short) Math.min(entries.size(), MAX16);
    tail.putInt(END).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
    tail.putInt((int) Math.min(end - start, MAX32)).putInt((int) Math.min(start, MAX32));
    tail.putShort((short) 0);
    write(tail.flip(), end);
    channel.force(true);
  }

  private static ByteBuffer central(Entry entry) {
    boolean far = entry.offset >= MAX32;
    short version = far ? VERSION64 : VERSION;
    ByteBuffer to = buffer(CENTRAL_BYTES + entry.name.length() + 12);
    to.putInt(CENTRAL).putShort((short) (UNIX | version)).putShort(version);
    putCommon(to, entry);
    to.putShort((short) entry.name.length()).putShort((short) (far ? 12 : 0));
    to.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(READ_WRITE);
    to.putInt((int) Math.min(entry.offset, MAX32));
    to.put(entry.name.getBytes(StandardCharsets.US_ASCII));
    if (far) {
      to.putShort((short) 1).putShort((short) 8).putLong(entry.offset);
    }
    return to;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
