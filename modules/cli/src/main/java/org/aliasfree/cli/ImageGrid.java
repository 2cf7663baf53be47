package org.aliasfree.cli;

import java.lang.foreign.MemorySegment;
import org.aliasfree.cli.OptionValues.GridSize;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Many square pictures in one: row by row, without gaps. */
final class ImageGrid {
  private final GridSize size;
  private final int resolution;
  private final int channels;
  private final HostTensor pixels;

  /**
   * An empty grid.
   *
   * @param resolution height and width of each picture
   * @param channels of each picture
   */
  ImageGrid(GridSize size, int resolution, int channels) {
    this.size = size;
    this.resolution = resolution;
    this.channels = channels;
    pixels =
        HostTensor.allocate(
            TensorType.of(
                DType.U8,
                (long) size.height() * resolution,
                (long) size.width() * resolution,
                channels));
  }

  /** Puts a picture, u8 [resolution, resolution, channels], at a place counted along the rows. */
  void put(int index, HostTensor picture) {
    long rowBytes = (long) resolution * channels;
    long x = index % size.width() * rowBytes;
    long y = (long) (index / size.width()) * resolution;
    for (int line = 0; line < resolution; line++) {
      long to = (y + line) * size.width() * rowBytes + x;
      MemorySegment.copy(picture.data(), line * rowBytes, pixels.data(), to, rowBytes);
    }
  }

  /** All of it, u8 [height · resolution, width · resolution, channels]. */
  HostTensor pixels() {
    return pixels;
  }
}
