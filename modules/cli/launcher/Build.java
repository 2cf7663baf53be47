import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Builds the command where nothing is built or a source is newer, one build at a time, and prints the folder of its jars
 * on standard output: {@code java Build.java ROOT}. For {@code ./aliasfree} and {@code aliasfree.cmd}; the latter runs
 * the class that the last build left, which starts faster than source.
 */
class Build {
  private static final String MAIN = "org.aliasfree.cli/org.aliasfree.cli.Main";
  private static final String CURRENT = "current";
  private static final Duration KEPT = Duration.ofDays(1);

  private final Path root;
  private final Path state;
  private final Path log;

  private Build(Path root) {
    this.root = root;
    state = root.resolve("target/launcher");
    log = state.resolve("build.log");
  }

  public static void main(String[] args) throws Exception {
    try {
      System.out.println(new Build(Path.of(args[0]).toAbsolutePath().normalize()).application());
    } catch (Failure e) {
      System.err.println("aliasfree: " + e.getMessage());
      System.exit(1);
    }
  }

  /** What the user must know; its message goes on a line of its own. */
  private static final class Failure extends Exception {
    Failure(String message) {
      super(message);
    }
  }

  private Path application() throws Exception {
    Optional<Path> built = upToDate();
    if (built.isPresent()) {
      return built.get();
    }
    try {
      Files.createDirectories(state);
    } catch (IOException e) {
      throw notWritable();
    }
    if (!Files.isWritable(state)) {
      throw notWritable();
    }
    try (FileChannel file = FileChannel.open(state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(file)) {
      built = upToDate(); // by whoever held the lock
      return built.isPresent() ? built.get() : build();
    }
  }

  private Failure notWritable() {
    return new Failure(
        "the build needs to write to '" + state + "' and may not; run it once as the owner of that folder.");
  }

  private static FileLock lock(FileChannel file) throws IOException {
    FileLock lock = file.tryLock();
    if (lock == null) {
      System.err.println("aliasfree: waiting for another build");
      lock = file.lock();
    }
    return lock;
  }

  /** The folder of jars that the last build left, when no source is newer than that build. */
  private Optional<Path> upToDate() throws IOException {
    Path current = state.resolve(CURRENT);
    if (!Files.isReadable(current)) {
      return Optional.empty();
    }
    Path application = state.resolve(Files.readString(current).strip());
    FileTime built = Files.getLastModifiedTime(current);
    for (Path source : sources()) {
      if (isNewer(source, built)) {
        return Optional.empty();
      }
    }
    return Files.isDirectory(application) ? Optional.of(application) : Optional.empty();
  }

  private List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>(List.of(root.resolve("pom.xml"), root.resolve("modules/cli/launcher")));
    for (Path parent : List.of(root, root.resolve("modules"))) {
      try (Stream<Path> folders = Files.list(parent)) {
        folders.forEach(folder -> sources.addAll(List.of(folder.resolve("pom.xml"), folder.resolve("src/main"))));
      }
    }
    return sources.stream().filter(Files::exists).toList();
  }

  private static boolean isNewer(Path source, FileTime built) throws IOException {
    try (Stream<Path> newer =
        Files.find(source, Integer.MAX_VALUE, (_, of) -> of.lastModifiedTime().compareTo(built) > 0)) {
      return newer.findAny().isPresent();
    }
  }

  private Path build() throws Exception {
    String maven = maven();
    System.err.println("aliasfree: building (the log is " + log + ")");
    String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss"));
    Path application = state.resolve("application-" + time + "-" + ProcessHandle.current().pid());
    // As old as the start of the build: what changes meanwhile is built again.
    Path current = state.resolve(CURRENT + ".new");
    Files.writeString(current, application.getFileName() + "\n");
    Path made = root.resolve("modules/cli/target/launcher/application");
    delete(made);
    Files.deleteIfExists(log);
    if (run(maven, "-B", "-Daliasfree.launcher", "-pl", "modules/cli", "-am", "package") != 0) {
      throw failed("the build failed");
    }
    copy(made, application);
    if (java("-p", application.toString(), "-m", MAIN, "--version") != 0) {
      throw failed("the command was built but does not start");
    }
    archiveClasses(application);
    Path sources = root.resolve("modules/cli/launcher");
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", state.toString(), sources.resolve("Build.java").toString(), sources.resolve("Tornado.java").toString());
    Files.move(current, state.resolve(CURRENT), StandardCopyOption.REPLACE_EXISTING);
    deleteOlder(application);
    return application;
  }

  private static String maven() throws Failure {
    String name = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
    List<String> folders = new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
    String home = System.getenv().getOrDefault("MAVEN_HOME", "");
    if (!home.isEmpty()) {
      folders.add(home + File.separator + "bin");
    }
    return folders.stream()
        .map(folder -> new File(folder, name))
        .filter(file -> file.isFile() && file.canExecute())
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    "Maven is needed for the build and 'mvn' was not found; install it (Debian: apt-get install maven;"
                        + " elsewhere: https://maven.apache.org)."))
        .toString();
  }

  /**
   * Starts the command on a small network and keeps the classes that it loads as the JVM has them in memory: the next
   * start maps the file, which takes a third of a second less. Where there is none, or none that fits, all works as well.
   */
  private void archiveClasses(Path application) throws Exception {
    Path trial = state.resolve("trial");
    java(
        "@" + root.resolve("modules/cli/launcher/java.options"),
        "-XX:ArchiveClassesAtExit=" + application.resolve("classes.jsa"),
        "--module-path", application.toString(), "-m", MAIN,
        "generate", "--network", root.resolve("goldens/pickles/sg3t_32.pkl").toString(),
        "--seeds", "0", "--outdir", trial.toString());
    delete(trial);
  }

  private int java(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /** Runs a program in the root folder; what it prints goes to the log. */
  private int run(String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home")));
    Process process = builder.start();
    process.getOutputStream().close();
    return process.waitFor();
  }

  /** Maven's own lines say what is wrong long before the end of the log; without any, the end is all there is. */
  private Failure failed(String what) throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> problems =
        lines.stream()
            .filter(line -> line.matches("\\[(WARNING|ERROR)\\] .+"))
            .filter(
                line ->
                    !line.matches(
                        ".*(Help 1|Maven with the -e|Maven using the -X|refer to the|more information|-rf :|  mvn ).*"))
            .toList();
    List<String> shown = problems.isEmpty() ? lines : problems;
    return new Failure(
        what + "; the log is " + log + ", and its last problems are:\n"
            + String.join("\n", shown.subList(Math.max(0, shown.size() - 20), shown.size())));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Older builds stay for a day: a command that is still running loads classes from them. */
  private void deleteOlder(Path current) throws IOException {
    Instant limit = Instant.now().minus(KEPT);
    try (Stream<Path> all = Files.list(state)) {
      for (Path old : all.filter(path -> path.getFileName().toString().startsWith("application-")).toList()) {
        if (!old.equals(current) && Files.getLastModifiedTime(old).toInstant().isBefore(limit)) {
          try {
            delete(old);
          } catch (IOException e) {
            // Windows keeps files that a command has open; another day, then.
          }
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.toList().reversed()) {
        Files.delete(path);
      }
    }
  }
}
