package org.aliasfree.data;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;

/**
 * Writes 8-bit PNG files: gray, gray with alpha, RGB, or RGBA, by the number of channels. The same
 * pixels give the same bytes. The JDK's own writer is not used because it starts the desktop
 * module, which takes longer than everything else at start-up and needs libraries that servers
 * lack.
 */
public final class PngWriter {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int[] COLOR_TYPES = {0, 4, 2, 6};
  private static final int FILTERS = 5;
  private static final int CHUNK = 1 << 16;

  private PngWriter() {}

  /** Whether a picture with this many channels can be a PNG. */
  public static boolean supports(int channels) {
    return channels >= 1 && channels <= COLOR_TYPES.length;
  }

  /**
   * Writes a picture into a file, or replaces it, in one step.
   *
   * @param pixels u8 [H, W, C] with 1 to 4 channels
   * @throws AliasFreeException when the file cannot be written; an earlier one is as it was
   */
  public static void write(HostTensor pixels, Path file) {
    AtomicFile.write(
        file,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), CHUNK);
          write(pixels, out);
          out.flush();
        });
  }

  /**
   * A picture as the bytes of a file, for where it goes elsewhere.
   *
   * @param pixels u8 [H, W, C] with 1 to 4 channels
   */
  public static byte[] bytes(HostTensor pixels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(pixels, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return out.toByteArray();
  }

  private static void write(HostTensor pixels, OutputStream out) throws IOException {
    if (pixels.dtype() != DType.U8
        || pixels.shape().rank() != 3
        || !supports(pixels.shape().intDim(2))) {
      throw new AliasFreeException(
          "A PNG needs u8 pixels [height, width, 1 to 4 channels], not " + pixels.type() + ".");
    }
    int channels = pixels.shape().intDim(2);
    writeHeader(out, pixels.shape().intDim(1), pixels.shape().intDim(0), channels);
    writeRows(pixels, out);
    chunk(out, "IEND", new byte[0], 0);
  }

  static void writeHeader(OutputStream out, int width, int height, int channels)
      throws IOException {
    out.write(SIGNATURE);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, (byte) COLOR_TYPES[channels - 1], 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray(), header.size());
  }

  private static void writeRows(HostTensor pixels, OutputStream out) throws IOException {
    int channels = pixels.shape().intDim(2);
    int stride = Math.multiplyExact(pixels.shape().intDim(1), channels);
    byte[] above = new byte[stride];
    byte[] row = new byte[stride];
    byte[] filtered = new byte[stride + 1];
    byte[] best = new byte[stride + 1];
    Deflater deflater = new Deflater();
    try (var data = new DeflaterOutputStream(new ImageData(out), deflater, CHUNK)) {
      for (long y = 0; y < pixels.shape().dim(0); y++) {
        MemorySegment.copy(pixels.data(), ValueLayout.JAVA_BYTE, y * stride, row, 0, stride);
        long least = Long.MAX_VALUE;
        for (int filter = 0; filter < FILTERS; filter++) {
          long cost = filter(filter, row, above, channels, filtered);
          if (cost < least) {
            least = cost;
            byte[] swapped = best;
            best = filtered;
            filtered = swapped;
          }
        }
        data.write(best);
        byte[] swapped = above;
        above = row;
        row = swapped;
      }
    } finally {
      deflater.end();
    }
  }

  /**
   * Predicts each byte from its neighbours and keeps the difference (PNG specification, section 9).
   * Returns the sum of magnitudes: the filter for which it is least usually packs best (section
   * 12.7).
   */
  static long filter(int filter, byte[] row, byte[] above, int channels, byte[] result) {
    result[0] = (byte) filter;
    long cost = 0;
    for (int i = 0; i < row.length; i++) {
      int left = i < channels ? 0 : row[i - channels] & 0xff;
      int up = above[i] & 0xff;
      int predicted =
          switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, i < channels ? 0 : above[i - channels] & 0xff);
          };
      byte difference = (byte) (row[i] - predicted);
      result[i + 1] = difference;
      cost += Math.abs(difference);
    }
    return cost;
  }

  /** Whichever of the three neighbours is nearest to left + up − diagonal. */
  static int paeth(int left, int up, int diagonal) {
    int toLeft = Math.abs(up - diagonal);
    int toUp = Math.abs(left - diagonal);
    int toDiagonal = Math.abs(left + up - 2 * diagonal);
    if (toLeft <= toUp && toLeft <= toDiagonal) {
      return left;
    }
    return toUp <= toDiagonal ? up : diagonal;
  }

  static void chunk(OutputStream out, String type, byte[] data, int size) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, size);
    DataOutputStream fields = new DataOutputStream(out);
    fields.writeInt(size);
    fields.write(name);
    fields.write(data, 0, size);
    fields.writeInt((int) crc.getValue());
  }

  /** Cuts the compressed pixels into chunks; closing it leaves the file open. */
  private static final class ImageData extends OutputStream {
    private final OutputStream file;
    private final byte[] buffer = new byte[CHUNK];
    private int filled;

    ImageData(OutputStream file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      for (int done = 0; done < count; ) {
        int now = Math.min(count - done, CHUNK - filled);
        System.arraycopy(bytes, from + done, buffer, filled, now);
        filled += now;
        done += now;
        if (filled == CHUNK) {
          emit();
        }
      }
    }

    private void emit() throws IOException {
      if (filled > 0) {
        chunk(file, "IDAT", buffer, filled);
        filled = 0;
      }
    }

    @Override
    public void close() throws IOException {
      emit();
    }
  }
}
