import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Chooses the portraits among the emoji of npm's emoji-datasource-google 16.0.0 and puts them on white:
 *
 * <pre>java EmojiPortraits.java FOLDER_OF_THE_PACKAGE NEW_FOLDER</pre>
 *
 * Files are named by code points: 1f469-1f3fd-200d-1f680.png is a woman (1f469) of medium skin tone (1f3fd), joined (200d) with a
 * rocket: an astronaut.
 */
class EmojiPortraits {
  /** One person, facing us; not those whose picture is mostly something else (wings, computers, easels). */
  private static final String WHO =
      "1f385|1f46[6789e]|1f47[0-8c]|1f48[12]|1f575|1f64[567bde]|1f926|1f93[4567]|1f977|1f9d[123459bdf]|1fac5";

  private static final String SKIN = "(-1f3f[b-f]|-fe0f)?";

  /** Woman or man, or what they do or wear. */
  private static final String JOINED =
      "(-200d-(26(40|42|95|96)-fe0f|2708-fe0f|1f33e|1f373|1f384|1f393|1f3a4|1f3ed|1f4bc|1f527|1f52c|1f680|1f692|1f9b[0-3]))?";

  private static final Pattern PORTRAIT = Pattern.compile("(" + WHO + ")" + SKIN + JOINED + "\\.png");
  private static final int COUNT = 807;

  public static void main(String[] args) throws IOException {
    Path pictures = Path.of(args[0], "img", "google", "64");
    List<Path> portraits;
    try (Stream<Path> all = Files.list(pictures)) {
      portraits = all.filter(file -> PORTRAIT.matcher(file.getFileName().toString()).matches()).sorted().toList();
    }
    if (portraits.size() != COUNT) {
      throw new IOException(pictures + " has " + portraits.size() + " portraits, not " + COUNT + "; version 16.0.0 is expected.");
    }
    Path target = Files.createDirectories(Path.of(args[1]));
    for (Path file : portraits) {
      ImageIO.write(onWhite(ImageIO.read(file.toFile())), "png", target.resolve(file.getFileName()).toFile());
    }
    System.out.println(portraits.size() + " portraits in " + target);
  }

  private static BufferedImage onWhite(BufferedImage image) {
    BufferedImage flat = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int argb = image.getRGB(x, y);
        int alpha = argb >>> 24;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          int level = argb >> shift & 255;
          rgb |= (level * alpha + 255 * (255 - alpha) + 127) / 255 << shift;
        }
        flat.setRGB(x, y, rgb);
      }
    }
    return flat;
  }
}
