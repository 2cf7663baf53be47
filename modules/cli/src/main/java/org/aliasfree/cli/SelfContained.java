package org.aliasfree.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.aliasfree.AliasFreeException;

/**
 * Makes the folder of {@link PackageCommand}: {@code aliasfree}, the script that starts it; {@code
 * runtime}, Java with the modules that are needed; {@code program}, the jars; {@code java.options}.
 */
final class SelfContained {
  private static final String START = "packaged-start.sh";
  private static final String OPTIONS = "java.options";

  /** JCuda's native libraries for what the program does not use, 25 MB of them. */
  private static final String UNUSED = "lib/lib(JNvPTXCompiler|JNvrtc|JCudaRuntime)-.*\\.so";

  private final InstalledProgram program;
  private final Path folder;

  private SelfContained(InstalledProgram program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /** Bytes of the parts. */
  record Sizes(long runtime, long program) {}

  /**
   * Makes it.
   *
   * @param compressed whether Java's own modules are compressed: not where the whole will be
   */
  static Sizes make(InstalledProgram program, Path folder, boolean compressed) throws IOException {
    SelfContained made = new SelfContained(program, folder);
    Files.createDirectory(folder);
    made.makeRuntime(compressed);
    made.copyProgram();
    made.copyResource(START, folder.resolve("aliasfree"), "rwxr-xr-x");
    made.copyResource(OPTIONS, folder.resolve(OPTIONS), "rw-r--r--");
    return new Sizes(size(folder.resolve("runtime")), size(folder.resolve("program")));
  }

  private void makeRuntime(boolean compressed) throws IOException {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () ->
                    new AliasFreeException(
                        "This Java has no jlink; start the program with a whole JDK"
                            + " (ALIASFREE_JAVA_HOME)."));
    Path runtime = folder.resolve("runtime");
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int code =
        jlink.run(
            writer,
            writer,
            "--add-modules",
            String.join(",", program.systemModules().stream().sorted().toList()),
            "--output",
            runtime.toString(),
            "--strip-java-debug-attributes",
            "--no-man-pages",
            "--no-header-files",
            "--compress",
            compressed ? "zip-6" : "zip-0");
    if (code != 0) {
      throw new AliasFreeException("jlink failed: " + said.toString().strip());
    }
    archiveClasses(runtime);
  }

  /** Java's own classes as it has them in memory: it starts in half the time. */
  private static void archiveClasses(Path runtime) throws IOException {
    String java = runtime.resolve("bin/java").toString();
    Process process =
        new ProcessBuilder(java, "-Xshare:dump")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new AliasFreeException("the Java that was made, " + java + ", does not run.");
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AliasFreeException("interrupted", e);
    }
  }

  private void copyProgram() throws IOException {
    Path to = Files.createDirectory(folder.resolve("program"));
    for (Path jar : program.files()) {
      String name = jar.getFileName().toString();
      if (name.startsWith("jcuda-natives-")) {
        copyWithoutUnused(jar, to.resolve(name));
      } else {
        Files.copy(jar, to.resolve(name));
      }
    }
  }

  private static void copyWithoutUnused(Path from, Path to) throws IOException {
    try (ZipFile in = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : in.stream().filter(e -> !e.getName().matches(UNUSED)).toList()) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        try (InputStream content = in.getInputStream(entry)) {
          content.transferTo(out);
        }
      }
    }
  }

  private void copyResource(String name, Path to, String permissions) throws IOException {
    try (InputStream in = SelfContained.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      Files.writeString(to, new String(bytes, StandardCharsets.UTF_8));
    }
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(permissions));
  }

  /** Bytes of a file, or of all in a folder. */
  static long size(Path path) {
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> files =
          all.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).toList();
      long sum = 0;
      for (Path file : files) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException e) {
      throw new AliasFreeException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}
