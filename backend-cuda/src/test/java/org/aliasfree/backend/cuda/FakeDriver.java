package org.aliasfree.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands for NVIDIA's driver in these tests: {@code src/test/cuda/fake_driver.cpp}, compiled
 * by g++ together with a few kernels. Once it is loaded, whatever looks for {@code libcuda.so.1} in
 * this process finds it.
 */
final class FakeDriver {
  private static final String KERNELS = "-DALIASFREE_KERNELS=\"../source.cu\"";

  private static @Nullable FakeDriver known;

  private final Path file;
  private final MethodHandle set;
  private final MethodHandle fail;
  private final MethodHandle live;

  @SuppressWarnings("restricted") // the functions are those of fake_driver.cpp
  private FakeDriver(Path file) {
    this.file = file;
    SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
    Linker linker = Linker.nativeLinker();
    set =
        linker.downcallHandle(
            symbols.findOrThrow("fake_set"), FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
    fail =
        linker.downcallHandle(
            symbols.findOrThrow("fake_fail"), FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    live =
        linker.downcallHandle(symbols.findOrThrow("fake_live"), FunctionDescriptor.of(JAVA_LONG));
  }

  /** The driver; the test is skipped where none can be made. */
  static synchronized FakeDriver get() {
    FakeDriver driver = known;
    if (driver == null) {
      driver = new FakeDriver(compiled());
      known = driver;
    }
    return driver;
  }

  /** The library. */
  Path file() {
    return file;
  }

  /** Changes what the driver says of itself: version, devices, capability, memory. */
  void set(String what, long value) {
    try (Arena arena = Arena.ofConfined()) {
      set.invoke(arena.allocateFrom(what), value);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has a function fail from now on; 0 for no longer. */
  void fail(String call, int code) {
    try (Arena arena = Arena.ofConfined()) {
      fail.invoke(arena.allocateFrom(call), code);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Ends what a real device never recovers from, and forgets the memory that could not be freed.
   */
  void recover() {
    set("broken", 0);
  }

  /** Memory and contexts that were asked for and not given back. */
  long live() {
    try {
      return (long) live.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path compiled() {
    String processor = System.getProperty("os.arch");
    if (!System.getProperty("os.name").equals("Linux") || !processor.equals("amd64")) {
      abort("the backend is for Linux on x86-64");
    }
    String path = System.getenv("PATH");
    if (Arrays.stream(path.split(":")).noneMatch(f -> Files.isExecutable(Path.of(f, "g++")))) {
      abort("there is no g++ to compile a driver with; install it");
    }
    Path module = Path.of(System.getProperty("aliasfree.root"), "backend-cuda");
    try {
      Path folder = Files.createTempDirectory("aliasfree-fake-cuda-");
      Path library = folder.resolve(InstalledDriver.LIBRARY);
      library.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      File said = File.createTempFile("gpp", ".log");
      List<String> command =
          List.of(
              "g++",
              "-std=c++17",
              "-O1",
              "-fPIC",
              "-shared",
              "-pthread",
              "-ffp-contract=off",
              "-w",
              "-fvisibility=hidden",
              "-Wl,-soname," + InstalledDriver.LIBRARY,
              KERNELS,
              "-x",
              "c++",
              module.resolve("src/test/cuda/fake_driver.cpp").toString(),
              module.resolve("src/main/cuda/emulation/emulator.cu").toString(),
              "-ldl",
              "-o",
              library.toString());
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said).start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("g++ refused it: " + Files.readString(said.toPath()));
      }
      Files.delete(said.toPath());
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
