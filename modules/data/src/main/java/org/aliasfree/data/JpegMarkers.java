package org.aliasfree.data;

import java.io.ByteArrayOutputStream;

/**
 * Takes out of a JPEG file what does not belong to its samples. The JDK's reader applies colour
 * profiles, refuses files with harmless faults in them or in thumbnails, and takes files without
 * JFIF or Adobe segment for RGB where everybody else takes them for YCbCr.
 */
final class JpegMarkers {
  private static final int SOI = 0xd8;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;
  private static final int SOS = 0xda;
  private static final int EOI = 0xd9;
  private static final int ADOBE_SIZE = 16;
  private static final int COMPONENTS = 9;

  /** A JFIF segment of version 1.1 without density and thumbnail. */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** A segment that says that components are what they are called. */
  private static final byte[] ADOBE_RGB = {
    (byte) 0xff, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  private JpegMarkers() {}

  static boolean isJpeg(byte[] file) {
    return file.length > 3 && (file[0] & 0xff) == 0xff && (file[1] & 0xff) == SOI && file[2] == -1;
  }

  /**
   * The file with the segments that decide about samples alone. What does not look like a JPEG file
   * all the way to its first scan is left to the reader to refuse.
   */
  static byte[] plain(byte[] file) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    Colors colors = new Colors();
    int at = 2;
    while (at + 4 <= file.length) {
      int marker = file[at + 1] & 0xff;
      if ((file[at] & 0xff) != 0xff) {
        return file;
      }
      if (marker == 0xff) {
        at++; // a fill byte
        continue;
      }
      if (marker == SOS) {
        kept.write(file, at, file.length - at);
        return assembled(kept.toByteArray(), colors.areYCbCr());
      }
      int length = ((file[at + 2] & 0xff) << 8) | (file[at + 3] & 0xff);
      int end = at + 2 + length;
      if (marker == EOI || length < 2 || end > file.length) {
        return file;
      }
      colors.look(file, at, marker, end);
      if (!(marker >= APP0 && marker <= APP15) && marker != COMMENT) {
        kept.write(file, at, end - at);
      }
      at = end;
    }
    return file;
  }

  /** What libjpeg goes by: a JFIF segment, then Adobe's, then the names of the components. */
  private static final class Colors {
    private boolean jfif;
    private boolean adobe;
    private int transform;
    private boolean namedRgb;

    void look(byte[] file, int at, int marker, int end) {
      jfif |= marker == APP0 && starts(file, at + 4, "JFIF");
      if (marker == APP14 && end - at >= ADOBE_SIZE && starts(file, at + 4, "Adobe")) {
        adobe = true;
        transform = file[at + ADOBE_SIZE - 1];
      }
      namedRgb |= isFrame(marker) && componentsAreRgb(file, at + COMPONENTS, end);
    }

    boolean areYCbCr() {
      return jfif || (adobe ? transform != 0 : !namedRgb);
    }
  }

  private static byte[] assembled(byte[] segments, boolean yCbCr) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(segments.length + JFIF.length + 2);
    whole.write(0xff);
    whole.write(SOI);
    whole.writeBytes(yCbCr ? JFIF : ADOBE_RGB);
    whole.writeBytes(segments);
    return whole.toByteArray();
  }

  private static boolean starts(byte[] file, int at, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= file.length || file[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** SOF0 to SOF15 without the tables that have numbers in between. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static boolean componentsAreRgb(byte[] file, int count, int end) {
    return count + 10 <= end
        && file[count] == 3
        && file[count + 1] == 'R'
        && file[count + 4] == 'G'
        && file[count + 7] == 'B';
  }
}
