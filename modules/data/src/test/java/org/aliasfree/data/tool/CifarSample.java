package org.aliasfree.data.tool;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A batch of CIFAR-10 as NumPy of Python 2 pickles it, with two pictures, in a tar archive. */
final class CifarSample {
  private CifarSample() {}

  /**
   * Red is the number of the batch, green 10 more, blue 20 more; the labels are 1 less and more.
   */
  static byte[] member(String name, int batch) {
    byte[] pickle = pickle(batch);
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, String.format("%011o", pickle.length));
    header[156] = '0';
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o", sum));
    header[154] = 0;
    byte[] member = Arrays.copyOf(header, 512 + (pickle.length + 511) / 512 * 512);
    System.arraycopy(pickle, 0, member, 512, pickle.length);
    return member;
  }

  private static void put(byte[] to, int at, String text) {
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, to, at, text.length());
  }

  private static byte[] pickle(int batch) {
    byte[] data = new byte[2 * 3072];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (batch + i / 1024 % 3 * 10);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text(out, "\u0080\u0002}(U\u0004datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n");
    text(out, "K\0\u0085U\u0001b\u0087R(K\u0001K\u0002M\0\u000c\u0086cnumpy\ndtype\nU\u0002u1");
    text(
        out,
        "K\0K\u0001\u0087R(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089T\0\u0018\0\0");
    out.writeBytes(data);
    text(out, "tbU\u0006labels](K" + (char) (batch - 1) + "K" + (char) (batch + 1) + "e");
    text(out, "U\u000bbatch_labelU\u0001xu.");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String latin1) {
    out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }
}
