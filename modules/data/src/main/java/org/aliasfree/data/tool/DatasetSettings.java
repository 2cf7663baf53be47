package org.aliasfree.data.tool;

import java.nio.file.Path;
import org.aliasfree.AliasFreeException;

/**
 * What the data set tool is to do.
 *
 * @param source a folder, zip archive, LSUN database, CIFAR-10 or MNIST archive
 * @param dest a zip archive when its name ends so, otherwise a folder, absent or empty
 * @param maxImages only the first so many pictures are looked at
 * @param transform how pictures are cropped
 * @param width of the resolution to resize to; 0 for none
 * @param height of the resolution to resize to; 0 for none
 * @param filter what pictures are resized with
 * @param channels 1, 3 or 4 to convert to; 0 to keep what there is
 * @param labelsFromFolders whether the first folder in a picture's path is its class
 * @param skipFaulty whether faulty pictures are left out instead of ending the work
 * @param threads that decode, resize and encode
 */
public record DatasetSettings(
    Path source,
    Path dest,
    int maxImages,
    Transform transform,
    int width,
    int height,
    ResampleFilter filter,
    int channels,
    boolean labelsFromFolders,
    boolean skipFaulty,
    int threads) {
  /** Checks that the values go together. */
  public DatasetSettings {
    if (width < 0 || height < 0 || (width == 0) != (height == 0) || maxImages < 1 || threads < 1) {
      throw new AliasFreeException("Sizes and numbers of a data set must be positive.");
    }
    if (channels != 0 && channels != 1 && channels != 3 && channels != 4) {
      throw new AliasFreeException("Pictures have 1, 3 or 4 channels, not " + channels + ".");
    }
    checkTransform(transform, width, height);
  }

  /**
   * Whether a transform can be used with a resolution, 0x0 being none.
   *
   * @throws AliasFreeException when it cannot, with the official message
   */
  public static void checkTransform(Transform transform, int width, int height) {
    if (transform != Transform.RESIZE && width == 0) {
      throw new AliasFreeException(
          "must specify --resolution=WxH when using " + transform.label() + " transform");
    }
    if ((transform == Transform.CENTER_CROP_WIDE && height > width)
        || (transform == Transform.CENTER_CROP_TALL && width > height)) {
      throw new AliasFreeException(
          "--resolution: "
              + width
              + "x"
              + height
              + " does not fit into the square that "
              + transform.label()
              + " makes.");
    }
  }

  /** All that decides about the bytes of the result, apart from the source's content. */
  String description() {
    return String.join(
        "\n",
        "aliasfree dataset 1",
        "source " + source.toAbsolutePath().normalize(),
        "max-images " + maxImages,
        "transform " + transform.label(),
        "resolution " + width + "x" + height,
        "resize-filter " + filter,
        "channels " + channels,
        "labels-from-folders " + labelsFromFolders,
        "");
  }
}
