package org.aliasfree.data.tool;

import org.aliasfree.AliasFreeException;
import org.aliasfree.data.RasterImage;

/** What all pictures of a data set have in common. */
record ImageAttributes(int width, int height, int channels) {
  static ImageAttributes of(RasterImage image) {
    return new ImageAttributes(image.width(), image.height(), image.channels());
  }

  /**
   * Refuses what networks cannot be trained on.
   *
   * @param name of the picture
   * @param asked channels that the user asked for; 0 for none
   */
  void checkFirst(String name, int asked) {
    if (width != height) {
      throw new AliasFreeException(
          "Image dimensions after scale and crop are required to be square.  Got "
              + width
              + "x"
              + height
              + " ("
              + name
              + "); give --resolution, and --transform=center-crop to keep shapes.");
    }
    if (channels != 1 && channels != 3 && channels != asked) {
      throw new AliasFreeException(
          "Input images must be stored as RGB or grayscale; "
              + name
              + " has "
              + channels
              + " channels: give --channels=3, or 4 to keep transparency.");
    }
    if (Integer.bitCount(width) != 1) {
      throw new AliasFreeException(
          "Image width/height after scale and crop are required to be power-of-two; "
              + name
              + " has "
              + width
              + ": give --resolution="
              + Integer.highestOneBit(width)
              + "x"
              + Integer.highestOneBit(width)
              + ".");
    }
  }

  /** The official complaint about a picture that is not like the first. */
  String mismatch(ImageAttributes first, String imageName) {
    return String.format(
        "Image %s attributes must be equal across all images of the dataset.  Got:"
            + "  dataset width/cur image width: %d/%d  dataset height/cur image height: %d/%d"
            + "  dataset channels/cur image channels: %d/%d",
        imageName, first.width, width, first.height, height, first.channels, channels);
  }
}
