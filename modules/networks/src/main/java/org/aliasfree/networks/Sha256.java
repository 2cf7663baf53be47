package org.aliasfree.networks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes as they come, which can be asked for on the way. */
final class Sha256 {
  private static final int BLOCK = 1 << 20;

  private final MessageDigest digest = start();

  private static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }

  /** Takes what remains in the buffer. */
  void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** Takes the next {@code length} bytes of a file; fewer when it ends. */
  void add(FileChannel channel, long from, long length) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long at = from;
    while (at < from + length) {
      block.clear().limit((int) Math.min(BLOCK, from + length - at));
      int read = channel.read(block, at);
      if (read < 0) {
        return;
      }
      at += read;
      add(block.flip());
    }
  }

  /** Of all so far, in hexadecimal digits. */
  String hex() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("The JDK's own SHA-256 can be cloned.", e);
    }
  }

  /** Of a file. */
  static String of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Sha256 sum = new Sha256();
      sum.add(channel, 0, channel.size());
      return sum.hex();
    }
  }

  /** Of a text in UTF-8. */
  static String hex(String text) {
    Sha256 sum = new Sha256();
    sum.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    return sum.hex();
  }
}
