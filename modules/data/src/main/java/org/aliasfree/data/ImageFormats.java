package org.aliasfree.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;

/** Which files of a data set are its images, and which of those can be read. */
final class ImageFormats {
  /** Other names of formats that ImageIO knows by fewer. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("jpe", "jpg"),
          Map.entry("jfif", "jpg"),
          Map.entry("mpo", "jpg"),
          Map.entry("dib", "bmp"),
          Map.entry("apng", "png"),
          Map.entry("avifs", "avif"),
          Map.entry("j2c", "jp2"),
          Map.entry("j2k", "jp2"),
          Map.entry("jpc", "jp2"),
          Map.entry("jpf", "jp2"),
          Map.entry("jpx", "jp2"),
          Map.entry("icb", "tga"),
          Map.entry("vda", "tga"),
          Map.entry("vst", "tga"));

  private ImageFormats() {}

  /** Whether a file of this name is one of the images. */
  static boolean isImage(String name) {
    return !extension(name).isEmpty() && ImageExtensions.matches(name);
  }

  /**
   * Whether a file of this name can be expected to be read. Starts ImageIO only for other files
   * than PNG.
   */
  static boolean isReadable(String name) {
    String extension = extension(name);
    String format = SAME.getOrDefault(extension, extension);
    return format.equals("png") || Suffixes.KNOWN.contains(format);
  }

  /** The extensions that are read here, for a message. */
  static String readable() {
    Set<String> all = new TreeSet<>(List.of("png"));
    for (String suffix : Suffixes.KNOWN) {
      if (ImageExtensions.matches(suffix)) {
        all.add(suffix);
      }
    }
    return String.join(", ", all);
  }

  /** In lower case, without the dot; empty for a file without. */
  static String extension(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    int start = 0;
    while (start < file.length() && file.charAt(start) == '.') {
      start++;
    }
    int dot = file.lastIndexOf('.');
    return dot < start ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Asks ImageIO, once. */
  private static final class Suffixes {
    private static final Set<String> KNOWN = known();

    private static Set<String> known() {
      Set<String> suffixes = new TreeSet<>();
      try {
        Arrays.stream(ImageIO.getReaderFileSuffixes())
            .map(s -> s.toLowerCase(Locale.ROOT))
            .forEach(suffixes::add);
      } catch (LinkageError e) {
        System.getLogger(ImageFormats.class.getName())
            .log(System.Logger.Level.DEBUG, "This Java runtime has no ImageIO.", e);
      }
      return suffixes;
    }
  }
}
