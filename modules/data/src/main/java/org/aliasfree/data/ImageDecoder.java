package org.aliasfree.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes image files to bytes, as Pillow does: the samples that the file holds, no colour profile
 * and no orientation applied. Palettes become RGB, or RGBA when they have transparent colours;
 * palettes that are a ramp of grays, and gray of fewer bits, become gray; of samples of 16 bits the
 * upper 8 are kept. Formats are those of ImageIO (PNG, JPEG, GIF, BMP, TIFF) and of its plug-ins on
 * the module path.
 */
public final class ImageDecoder {
  /** As many pixels as Pillow takes; beyond that a file is an attack rather than a picture. */
  public static final long MAX_PIXELS = 178_956_970;

  /** Looks at the size of a picture before its pixels are decoded; throws to refuse it. */
  @FunctionalInterface
  interface SizeCheck {
    void check(int width, int height);
  }

  private ImageDecoder() {}

  /**
   * Decodes the first picture in a file.
   *
   * @param file the bytes of the file
   * @throws AliasFreeException with the end of a sentence that begins with the file's name: "is no
   *     image …"
   */
  public static RasterImage decode(byte[] file) {
    return decode(file, (width, height) -> {});
  }

  /** As {@link #decode(byte[])}, of pictures of certain sizes. */
  static RasterImage decode(byte[] file, SizeCheck sizes) {
    if (file.length == 0) {
      throw new AliasFreeException("is empty; an image is expected.");
    }
    if (PngReader.isPng(file)) {
      return PngReader.read(file, sizes);
    }
    boolean jpeg = JpegMarkers.isJpeg(file);
    byte[] bytes = jpeg ? JpegMarkers.plain(file) : file;
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new AliasFreeException(
            "is no image in a format that can be read here (PNG, JPEG, GIF, BMP, TIFF, or one that an"
                + " ImageIO plug-in reads).");
      }
      ImageReader reader = readers.next();
      try {
        return read(reader, in, sizes);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof AliasFreeException known) {
        throw known;
      }
      throw damaged(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
    }
  }

  static AliasFreeException damaged(String why) {
    return damaged(why, null);
  }

  static AliasFreeException cutShort() {
    return damaged("it ends before all of its pixels have come");
  }

  private static AliasFreeException damaged(String why, @Nullable Throwable cause) {
    return new AliasFreeException("is damaged or of an unknown kind: " + why + ".", cause);
  }

  private static RasterImage read(ImageReader reader, ImageInputStream in, SizeCheck sizes)
      throws IOException {
    reader.setInput(in, true, true);
    checkSize(reader.getWidth(0), reader.getHeight(0));
    sizes.check(reader.getWidth(0), reader.getHeight(0));
    Shortage shortage = new Shortage();
    reader.addIIOReadWarningListener(shortage);
    BufferedImage image = reader.read(0);
    if (shortage.seen) {
      throw cutShort();
    }
    return convert(image);
  }

  /** Refuses sizes that no picture has, before memory is taken for them. */
  static void checkSize(long width, long height) {
    if (width < 1 || height < 1) {
      throw damaged("it has " + width + "x" + height + " pixels");
    }
    if (width * height > MAX_PIXELS) {
      throw new AliasFreeException(
          "has "
              + width
              + "x"
              + height
              + " pixels; images of more than "
              + MAX_PIXELS
              + " are refused.");
    }
  }

  /** The JPEG reader fills what is missing with gray and only warns. */
  private static final class Shortage implements IIOReadWarningListener {
    private boolean seen;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      seen |= warning.contains("Premature end") || warning.startsWith("Truncated");
    }
  }

  private static RasterImage convert(BufferedImage image) {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return indexed(image.getRaster(), palette);
    }
    int[] bits = image.getSampleModel().getSampleSize();
    for (int size : bits) {
      if ((size != Byte.SIZE && size != Short.SIZE) || size != bits[0] || bits.length > 4) {
        return colors(image);
      }
    }
    return samples(image.getRaster(), bits[0]);
  }

  private static RasterImage samples(Raster raster, int bits) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int channels = raster.getNumBands();
    byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    if (bits == Byte.SIZE
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel
        && raster.getTransferType() == java.awt.image.DataBuffer.TYPE_BYTE) {
      // getDataElements gives the bands in order, whatever their order in memory is.
      raster.getDataElements(0, 0, width, height, samples);
      return new RasterImage(width, height, channels, samples);
    }
    int[] row = new int[width * channels];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        samples[y * row.length + i] = (byte) (row[i] >> (bits - Byte.SIZE));
      }
    }
    return new RasterImage(width, height, channels, samples);
  }

  private static RasterImage indexed(Raster raster, IndexColorModel palette) {
    int size = palette.getMapSize();
    int[] colors = new int[size];
    palette.getRGBs(colors);
    int channels = isGrayRamp(colors) ? 1 : isOpaque(colors) ? 3 : 4;
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int index : row) {
        if (index >= size) {
          throw damaged("it uses colour " + index + " of a palette of " + size);
        }
        at = put(colors[index], channels, samples, at);
      }
    }
    return new RasterImage(width, height, channels, samples);
  }

  private static int put(int argb, int channels, byte[] samples, int at) {
    int next = at;
    samples[next++] = (byte) (argb >> 16);
    if (channels >= 3) {
      samples[next++] = (byte) (argb >> 8);
      samples[next++] = (byte) argb;
    }
    if (channels == 4) {
      samples[next++] = (byte) (argb >>> 24);
    }
    return next;
  }

  private static boolean isOpaque(int[] colors) {
    for (int color : colors) {
      if (color >>> 24 != 0xff) {
        return false;
      }
    }
    return true;
  }

  /** Whether index i means the gray i/(n−1): the form in which readers give gray of few bits. */
  private static boolean isGrayRamp(int[] colors) {
    for (int i = 0; i < colors.length; i++) {
      int gray = colors.length == 1 ? 0 : i * 255 / (colors.length - 1);
      if (colors[i] != (0xff000000 | gray * 0x010101)) {
        return false;
      }
    }
    return colors.length > 1;
  }

  /** By the colour model, for what is packed in odd ways. */
  private static RasterImage colors(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int channels = image.getColorModel().hasAlpha() ? 4 : 3;
    byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        at = put(image.getRGB(x, y), channels, samples, at);
      }
    }
    return new RasterImage(width, height, channels, samples);
  }
}
