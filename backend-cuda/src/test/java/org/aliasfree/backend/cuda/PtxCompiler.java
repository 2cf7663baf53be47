package org.aliasfree.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/**
 * NVIDIA's compiler from PTX to the code of a device, as JCuda has it: a library that needs neither
 * a device nor a driver.
 */
final class PtxCompiler {
  private static final Pattern KERNEL =
      Pattern.compile("Compiling entry function '(\\w+)' for '\\w+'");
  private static final Pattern SPILLS =
      Pattern.compile(
          "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  private static boolean loaded;

  private PtxCompiler() {}

  /** What a kernel uses of a multiprocessor. */
  record Use(int registers, int spilled, int shared, int stack) {}

  /**
   * What became of PTX.
   *
   * @param uses what the kernels use, by name
   * @param log what the compiler said
   */
  record Compiled(Map<String, Use> uses, String log) {}

  /** Compiles PTX for a target such as {@code sm_86}. */
  static Compiled compile(String ptx, String target) {
    load();
    byte[] bytes = ptx.getBytes(StandardCharsets.US_ASCII);
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    JNvPTXCompiler.nvPTXCompilerCreate(
        compiler, bytes.length, Arrays.copyOf(bytes, bytes.length + 1));
    try {
      String[] options = {"--gpu-name=" + target, "--verbose"};
      int code = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
      if (code != 0) {
        long[] size = new long[1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
        throw new AssertionError("error " + code + " for " + target + ": " + text(log));
      }
      long[] size = new long[1];
      JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size);
      byte[] log = new byte[(int) size[0] + 1];
      JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log);
      return new Compiled(uses(text(log)), text(log));
    } finally {
      JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
    }
  }

  private static String text(byte[] log) {
    return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private static Map<String, Use> uses(String log) {
    Map<String, Use> uses = new HashMap<>();
    Matcher kernel = KERNEL.matcher(log);
    int from = 0;
    String name = null;
    while (kernel.find()) {
      if (name != null) {
        uses.put(name, use(log.substring(from, kernel.start())));
      }
      name = kernel.group(1);
      from = kernel.end();
    }
    if (name != null) {
      uses.put(name, use(log.substring(from)));
    }
    return uses;
  }

  private static Use use(String lines) {
    return new Use(
        number(REGISTERS, lines, 1),
        number(SPILLS, lines, 2) + number(SPILLS, lines, 3),
        number(SHARED, lines, 1),
        number(SPILLS, lines, 1));
  }

  private static int number(Pattern pattern, String in, int group) {
    Matcher matcher = pattern.matcher(in);
    return matcher.find() ? Integer.parseInt(matcher.group(group)) : 0;
  }

  /** As JCuda would do it, but from a folder of our own, as {@link NativeLibrary} does. */
  private static synchronized void load() {
    if (loaded) {
      return;
    }
    String file = "libJNvPTXCompiler-12.6.0-linux-x86_64.so";
    String before = System.getProperty("java.io.tmpdir");
    try (InputStream in = PtxCompiler.class.getClassLoader().getResourceAsStream("lib/" + file)) {
      Path folder = Files.createTempDirectory("aliasfree-ptx-");
      Path library = folder.resolve(file);
      Files.copy(Objects.requireNonNull(in, "jcuda-natives is not there"), library);
      System.setProperty("java.io.tmpdir", folder.toString());
      try {
        Class.forName("jcuda.nvptxcompiler.JNvPTXCompiler");
        loaded = true;
      } finally {
        System.setProperty("java.io.tmpdir", before);
        Files.delete(library);
        Files.delete(folder);
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
