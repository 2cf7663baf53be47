package org.aliasfree.data;

import java.lang.foreign.MemorySegment;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** A picture of bytes in memory: rows from the top, pixels from the left, channels together. */
public final class RasterImage {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  /**
   * A picture that uses the array as it is.
   *
   * @param channels 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
   * @param samples [height, width, channels], 0 to 255 without sign
   */
  public RasterImage(int width, int height, int channels, byte[] samples) {
    if (width < 1
        || height < 1
        || !PngWriter.supports(channels)
        || samples.length != (long) width * height * channels) {
      throw new AliasFreeException(
          "A picture of "
              + width
              + "x"
              + height
              + " pixels with "
              + channels
              + " channels cannot have "
              + samples.length
              + " samples.");
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = samples;
  }

  /** Pixels in a row. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Samples of a pixel: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. */
  public int channels() {
    return channels;
  }

  /** The array itself, [height, width, channels]. */
  public byte[] samples() {
    return samples;
  }

  /** The same memory as u8 [H, W, C]. */
  public HostTensor tensor() {
    return new HostTensor(
        TensorType.of(DType.U8, height, width, channels), MemorySegment.ofArray(samples));
  }
}
