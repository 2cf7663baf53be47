package org.aliasfree.data.tool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.aliasfree.AliasFreeException;

/**
 * The entries of the main database in a file of LMDB 0.9 ({@code data.mdb}, as 64-bit machines of
 * little-endian order write it), in order of their keys. The file is mapped and only read.
 *
 * <p>Layout: pages of a power of two bytes. Each begins with its number (8 bytes), 2 bytes of
 * padding, flags (2), and the ends of the list of node offsets and of free space (2 each; on
 * overflow pages the number of pages, 4). Pages 0 and 1 are two versions of the root record, of
 * which the one with the higher transaction counts: magic and version (4 each), address and size of
 * the map (8 each), two databases of 48 bytes, last page, transaction. A node is 4 bytes of data
 * size, 2 of flags, 2 of key size, the key, the data; in a branch the first three make the number
 * of the page below. Large data lies on overflow pages, whose number is in its place.
 */
final class LmdbFile implements AutoCloseable {
  private static final int MAGIC = 0xbeefc0de;
  private static final int HEADER = 16;
  private static final int MAIN_DATABASE = HEADER + 24 + 48;
  private static final int TRANSACTION = HEADER + 24 + 96 + 8;
  private static final int META_BYTES = TRANSACTION + 8;
  private static final int BRANCH = 1;
  private static final int LEAF = 2;
  private static final int OVERFLOW = 4;
  private static final int META = 8;
  private static final int KIND = BRANCH | LEAF | OVERFLOW | META | 0x60;
  private static final int LARGE_DATA = 1;
  private static final int DEEPEST = 32;
  private static final long NO_PAGE = -1;

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 = org.aliasfree.tensor.HostTensor.I32;
  private static final ValueLayout.OfLong I64 = org.aliasfree.tensor.HostTensor.I64;

  private final Arena arena = Arena.ofShared();
  private final Path path;
  private final MemorySegment file;
  private int pageSize;
  private long pagesSeen;
  private long[] nodes = new long[64];
  private long[] values = new long[64];
  private int size;

  private LmdbFile(Path path) throws IOException {
    this.path = path;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Maps a file and finds its entries; fails with a sentence when that is not what it is. */
  static LmdbFile open(Path path) {
    LmdbFile opened = null;
    try {
      opened = new LmdbFile(path);
      opened.readTree();
      LmdbFile sound = opened;
      opened = null;
      return sound;
    } catch (IOException e) {
      throw new AliasFreeException(path + " cannot be read: " + SourceFiles.reason(e) + ".", e);
    } finally {
      if (opened != null) {
        opened.close();
      }
    }
  }

  private void readTree() {
    long meta = newestMeta();
    long root = file.get(I64, meta + MAIN_DATABASE + 40);
    long entries = file.get(I64, meta + MAIN_DATABASE + 32);
    if (root != NO_PAGE) {
      walk(root, 0);
    }
    if (size != entries) {
      throw broken("it says that it has " + entries + " entries, but " + size + " were found");
    }
  }

  private long newestMeta() {
    if (file.byteSize() < META_BYTES || file.get(I32, HEADER) != MAGIC) {
      throw broken("it does not begin as one");
    }
    int version = file.get(I32, HEADER + 4);
    if (version != 1) {
      throw broken("it has version " + version + "; 1 is expected");
    }
    pageSize = file.get(I32, HEADER + 24);
    if (pageSize < 512 || pageSize > 65536 || Integer.bitCount(pageSize) != 1) {
      throw broken("its pages have " + pageSize + " bytes");
    }
    long other = pageSize;
    boolean two = file.byteSize() >= other + META_BYTES && file.get(I32, other + HEADER) == MAGIC;
    return two && file.get(I64, other + TRANSACTION) > file.get(I64, TRANSACTION) ? other : 0;
  }

  private AliasFreeException broken(String why) {
    return new AliasFreeException(path + " is no sound LMDB database: " + why + ".");
  }

  /** Where a page begins; it lies in the file in full. */
  private long page(long number, int kind) {
    if (number < 2 || number >= file.byteSize() / pageSize) {
      throw broken("page " + Long.toUnsignedString(number) + " lies outside of the file");
    }
    long page = number * pageSize;
    int flags = file.get(U16, page + 10) & KIND;
    if (file.get(I64, page) != number || (flags != kind && (kind != 0 || flags == OVERFLOW))) {
      throw broken("page " + number + " is not what it should be");
    }
    return page;
  }

  /** A branch or a leaf and all below; a page that is met twice shows in the count of pages. */
  private void walk(long number, int depth) {
    if (depth > DEEPEST || ++pagesSeen > file.byteSize() / pageSize) {
      throw broken("its pages form a circle");
    }
    long page = page(number, 0);
    int flags = file.get(U16, page + 10) & KIND;
    if (flags != BRANCH && flags != LEAF) {
      throw broken("page " + number + " is of a kind that is not supported");
    }
    int count = ((file.get(U16, page + 12) & 0xffff) - HEADER) / 2;
    if (count < 0 || HEADER + 2 * count > pageSize) {
      throw broken("page " + number + " has an impossible number of nodes");
    }
    for (int i = 0; i < count; i++) {
      int offset = file.get(U16, page + HEADER + 2L * i) & 0xffff;
      if (offset + 8 > pageSize) {
        throw broken("a node lies outside of page " + number);
      }
      if (flags == BRANCH) {
        long node = page + offset;
        walk(
            (file.get(I32, node) & 0xffffffffL) | (file.get(U16, node + 4) & 0xffffL) << 32,
            depth + 1);
      } else {
        add(page, offset);
      }
    }
  }

  private void add(long page, int offset) {
    long node = page + offset;
    int flags = file.get(U16, node + 4);
    long bytes = file.get(I32, node) & 0xffffffffL;
    long data = offset + 8L + keySize(node);
    boolean large = flags == LARGE_DATA;
    if (flags != 0 && !large) {
      throw broken("an entry holds several values or a database, which pictures do not");
    }
    if (data + (large ? 8 : bytes) > pageSize) {
      throw broken("an entry lies outside of its page");
    }
    long value = page + data;
    if (large) {
      long number = file.get(I64, value);
      long overflow = page(number, OVERFLOW);
      long room = (file.get(I32, overflow + 12) & 0xffffffffL) * pageSize - HEADER;
      value = overflow + HEADER;
      if (bytes > room || bytes > file.byteSize() - value) {
        throw broken("an entry lies outside of its pages");
      }
    }
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    nodes[size] = node;
    values[size++] = value;
  }

  private int keySize(long node) {
    return file.get(U16, node + 6) & 0xffff;
  }

  int size() {
    return size;
  }

  String key(int index) {
    long node = nodes[index];
    byte[] key = file.asSlice(node + 8, keySize(node)).toArray(ValueLayout.JAVA_BYTE);
    return new String(key, StandardCharsets.UTF_8);
  }

  byte[] value(int index) {
    long bytes = file.get(I32, nodes[index]) & 0xffffffffL;
    if (bytes > SourceFiles.LARGEST) {
      throw new AliasFreeException("has " + bytes + " bytes, which no picture has.");
    }
    return file.asSlice(values[index], bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    arena.close();
  }
}
