package org.aliasfree.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All kernels, compiled for the host by g++; made once for each state of the sources. */
final class EmulatedLibrary {
  private static final Path SOURCES =
      Path.of(System.getProperty("aliasfree.root")).resolve("backend-cuda/src/main/cuda");
  private static final List<String> COMPILER =
      List.of(
          "g++",
          "-std=c++17",
          "-O2",
          "-march=native",
          "-fPIC",
          "-shared",
          "-pthread",
          "-ffp-contract=off",
          "-w",
          "-x",
          "c++");

  /** What announces every access to memory; see emulation/traffic.h. */
  private static final List<String> COUNTING =
      List.of("-DALIASFREE_TRAFFIC", "-fsanitize=thread", "-c");

  private static final int WORKERS = Runtime.getRuntime().availableProcessors();

  private static @Nullable EmulatedLibrary known;
  private static @Nullable String whyNot;

  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final MethodHandle kernel;
  private final MethodHandle threads;
  private final MethodHandle arguments;
  private final MethodHandle launch;
  private final SymbolLookup lookup;
  private final int workers;

  @SuppressWarnings("restricted")
  private EmulatedLibrary(Path file, int workers) {
    this.workers = workers;
    lookup = SymbolLookup.libraryLookup(file, Arena.global());
    FunctionDescriptor ofNumber = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
    kernel = handle(lookup, "aliasfree_kernel", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    threads = handle(lookup, "aliasfree_threads", ofNumber);
    arguments = handle(lookup, "aliasfree_arguments", ofNumber);
    launch =
        handle(
            lookup,
            "aliasfree_launch",
            FunctionDescriptor.of(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  }

  @SuppressWarnings("restricted") // the functions are those of emulator.cu
  private static MethodHandle handle(SymbolLookup in, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(in.findOrThrow(name), type);
  }

  /** Why there is none here; empty if there is one. */
  static synchronized String whyNot() {
    String why = whyNot;
    if (why == null) {
      why = "";
      try {
        known = new EmulatedLibrary(compiled(), WORKERS);
      } catch (IOException e) {
        why = "there is no g++ (" + e.getMessage() + "); install it";
      }
      whyNot = why;
    }
    return why;
  }

  /** The library, if there is one. */
  static synchronized EmulatedLibrary get() {
    if (!whyNot().isEmpty() || known == null) {
      throw new IllegalStateException(whyNot);
    }
    return known;
  }

  /** A library that counts what kernels read and write; asked for by {@link Traffic}. */
  static EmulatedLibrary counting() throws IOException {
    Path folder = folder();
    Path object = folder.resolve("traffic-" + hash() + ".o");
    Path library = folder.resolve("traffic-" + hash() + ".so");
    if (!Files.exists(library)) {
      List<String> compiler = new ArrayList<>(COMPILER);
      compiler.addAll(COUNTING);
      compile(compiler, SOURCES.resolve("emulation/emulator.cu"), object);
      compile(List.of("g++", "-shared", "-pthread"), object, library);
    }
    return new EmulatedLibrary(library, 1);
  }

  /** A function of the library. */
  MethodHandle function(String name, FunctionDescriptor type) {
    return handle(lookup, name, type);
  }

  private static Path folder() throws IOException {
    return Files.createDirectories(SOURCES.resolve("../../../target/emulation").normalize());
  }

  /** Compiles the library, if that was not done before. */
  static Path compiled() throws IOException {
    Path library = folder().resolve("kernels-" + hash() + ".so");
    if (!Files.exists(library)) {
      compile(COMPILER, SOURCES.resolve("emulation/emulator.cu"), library);
    }
    return library;
  }

  private static void compile(List<String> compiler, Path source, Path result) throws IOException {
    Path fresh = Files.createTempFile(folder(), "kernels", ".tmp");
    List<String> command =
        Stream.concat(compiler.stream(), Stream.of(source + "", "-o", fresh + "")).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        Files.delete(fresh);
        throw new IllegalStateException("g++ refused the kernels:\n" + said);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Files.move(fresh, result, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String hash() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private int number(String name) {
    return numbers.computeIfAbsent(
        name,
        n -> {
          try (Arena arena = Arena.ofConfined()) {
            return (int) kernel.invokeExact(arena.allocateFrom(n));
          } catch (Throwable t) {
            throw new IllegalStateException(t);
          }
        });
  }

  /** Runs a kernel to its end. */
  void launch(Driver.Launch command) {
    int number = number(command.kernel());
    if (number < 0) {
      throw new IllegalStateException("there is no kernel " + command.kernel());
    }
    try (Arena arena = Arena.ofConfined()) {
      check(command, "threads", command.threads(), (int) threads.invokeExact(number));
      check(command, "bytes", command.arguments().length, (int) arguments.invokeExact(number));
      MemorySegment copy = arena.allocate(Math.max(8, command.arguments().length), 16);
      MemorySegment.copy(
          MemorySegment.ofArray(command.arguments()), 0, copy, 0, command.arguments().length);
      int failed =
          (int)
              launch.invokeExact(
                  number, command.x(), command.y(), command.z(), command.shared(), copy, workers);
      if (failed != 0) {
        throw new IllegalStateException(
            "the kernel " + command.kernel() + " has a barrier that not all threads reach");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static void check(Driver.Launch command, String what, int given, int declared) {
    if (given != declared) {
      throw new IllegalStateException(
          command.kernel() + " takes " + declared + " " + what + ", not " + given);
    }
  }
}
