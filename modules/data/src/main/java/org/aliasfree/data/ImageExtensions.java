package org.aliasfree.data;

import java.util.Locale;
import java.util.Set;

/**
 * Tells image files by the ends of their names, as the official tools do: by the list that Pillow
 * 12 has, which names more than is likely to be met or can be read here.
 */
public final class ImageExtensions {
  private static final Set<String> KNOWN =
      Set.of(
          ("apng avif avifs blp bmp bufr bw cur dcx dds dib emf eps fit fits flc fli ftc ftu "
                  + "gbr gif grib h5 hdf icb icns ico iim im j2c j2k jfif jp2 jpc jpe jpeg jpf jpg "
                  + "jpx mpeg mpg mpo msp palm pbm pcd pcx pdf pfm pgm png pnm ppm ps psd pxr qoi ras "
                  + "rgb rgba sgi tga tif tiff vda vst webp wmf xbm xpm")
              .split(" "));

  private ImageExtensions() {}

  /**
   * Whether a file counts as an image. What follows the last dot decides, whatever its case.
   *
   * @param name a name or a path with slashes
   */
  public static boolean matches(String name) {
    return KNOWN.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
