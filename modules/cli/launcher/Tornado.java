import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the options with which java starts the command together with TornadoVM, and prints the file's name: {@code java
 * Tornado TORNADOVM_HOME APPLICATION FOLDER}. They are TornadoVM's own (its argfile), but for the collector, which is
 * ours, and the drivers that this machine cannot load: one of them would keep TornadoVM from starting at all.
 */
class Tornado {
  /** Drivers and the system libraries that they need. */
  private static final Map<String, List<String>> DRIVERS =
      Map.of(
          "opencl", List.of("libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll", "/System/Library/Frameworks/OpenCL.framework/OpenCL"),
          "ptx", List.of("libcuda.so.1", "nvcuda.dll"),
          "cuda", List.of("libcuda.so.1", "nvcuda.dll"),
          "spirv", List.of("libze_loader.so.1", "ze_loader.dll"),
          "metal", List.of("/System/Library/Frameworks/Metal.framework/Metal"));

  public static void main(String[] args) throws IOException {
    Path home = Path.of(args[0]).toAbsolutePath().normalize();
    Path template = home.resolve("tornado-argfile.template");
    Path argfile = Files.isReadable(template) ? template : home.resolve("tornado-argfile");
    Path jars = home.resolve("share/java/tornado");
    if (!Files.isReadable(argfile) || !Files.isDirectory(jars)) {
      System.err.println(
          "aliasfree: warning: TORNADOVM_HOME is '" + args[0] + "', where no TornadoVM is installed (there is no tornado-argfile, or no"
              + " share/java/tornado); going on without.");
      System.exit(1);
    }
    List<String> missing = DRIVERS.keySet().stream().filter(d -> DRIVERS.get(d).stream().noneMatch(Tornado::loads)).toList();
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(argfile)) {
      String option = line.strip().replace("${TORNADOVM_HOME}", home.toString());
      if (!option.isEmpty() && !option.startsWith("#") && !option.startsWith("--module-path") && !option.startsWith("-XX:+UseParallelGC") && !option.equals("--enable-preview")) {
        lines.add(quoted(option.startsWith("--add-modules") ? without(missing, option) : option));
      }
    }
    lines.add(quoted("--module-path " + modulePath(args[1], jars, missing)));
    Path made = Path.of(args[2], "tornado-" + ProcessHandle.current().pid() + ".options");
    Files.write(made, lines);
    Path options = Path.of(args[2], "tornado.options");
    Files.move(made, options, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    System.out.println(options);
  }

  private static boolean loads(String library) {
    try {
      SymbolLookup.libraryLookup(library, Arena.ofAuto());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String without(List<String> drivers, String option) {
    String kept = option;
    for (String driver : drivers) {
      kept = kept.replace(",tornado.drivers." + driver, "");
    }
    return kept;
  }

  private static String modulePath(String application, Path jars, List<String> missing) throws IOException {
    List<String> path = new ArrayList<>(List.of(application));
    try (Stream<Path> found = Files.list(jars)) {
      found
          .filter(jar -> missing.stream().noneMatch(d -> jar.getFileName().toString().startsWith("tornado-drivers-" + d + "-")))
          .sorted()
          .forEach(jar -> path.add(jar.toString()));
    }
    return String.join(File.pathSeparator, path);
  }

  /** As java reads it in a file of arguments, be there blanks in it or not. */
  private static String quoted(String option) {
    int blank = option.startsWith("--") ? option.indexOf(' ') : -1;
    return blank < 0
        ? '"' + option.replace("\\", "\\\\") + '"'
        : quoted(option.substring(0, blank)) + ' ' + quoted(option.substring(blank + 1).strip());
  }
}
