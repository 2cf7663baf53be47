package org.aliasfree.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.aliasfree.AliasFreeException;

/**
 * Compiled kernels, as the jar holds them: text that the driver compiles for its device.
 *
 * @param name of the resource
 * @param text of the whole
 * @param kernels by name
 */
record Ptx(String name, String text, Map<String, Kernel> kernels) {
  private static final String FOR_ALL = "kernels-sm80.ptx.gz";
  private static final String FOR_HOPPER = "kernels-sm90a.ptx.gz";
  private static final Pattern KERNEL =
      Pattern.compile(
          "\\.entry (\\w+)\\(\\s*\\.param \\.align \\d+ \\.b8 \\w+\\[(\\d+)\\]\\s*\\)([^{]*)\\{");
  private static final Pattern THREADS = Pattern.compile("\\.maxntid (\\d+)");

  /**
   * What a launch of a kernel must obey.
   *
   * @param arguments bytes of its structure
   * @param threads of a block
   */
  record Kernel(int arguments, int threads) {}

  /**
   * The kernels that are loaded.
   *
   * @param hopper whether those that run on compute capability 9.0 alone are among them
   */
  static List<Ptx> all(boolean hopper) {
    return hopper ? List.of(read(FOR_ALL), read(FOR_HOPPER)) : List.of(read(FOR_ALL));
  }

  /** A resource beside this class. */
  static Ptx read(String name) {
    try (InputStream in = Ptx.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AliasFreeException(
            "The backend cuda has no kernels: the resource "
                + name
                + " is missing. Make it with backend-cuda/compile-kernels and build anew.");
      }
      byte[] text = new GZIPInputStream(in).readAllBytes();
      return parse(name, new String(text, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + name + " cannot be read: " + e, e);
    }
  }

  /** Finds the kernels in a text. */
  static Ptx parse(String name, String text) {
    Map<String, Kernel> kernels = new HashMap<>();
    Matcher kernel = KERNEL.matcher(text);
    while (kernel.find()) {
      Matcher threads = THREADS.matcher(kernel.group(3));
      if (threads.find()) {
        int arguments = Integer.parseInt(kernel.group(2));
        kernels.put(kernel.group(1), new Kernel(arguments, Integer.parseInt(threads.group(1))));
      }
    }
    return new Ptx(name, text, Map.copyOf(kernels));
  }
}
