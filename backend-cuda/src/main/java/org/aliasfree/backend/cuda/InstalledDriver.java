package org.aliasfree.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks NVIDIA's driver what there is, through Java's own foreign functions: JCuda's classes cannot
 * be touched where there is no driver.
 */
final class InstalledDriver {
  /** The name under which every installation of the driver is found. */
  static final String LIBRARY = "libcuda.so.1";

  private static final int OLDEST = 12000;
  private static final int OLDEST_CAPABILITY = 80;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int LONGEST_NAME = 256;
  private static final List<String> USUAL_FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/lib/x86_64-linux-gnu",
          "/usr/local/nvidia/lib64",
          "/usr/local/nvidia/lib",
          "/usr/lib/wsl/lib",
          "/run/opengl-driver/lib");

  private final SymbolLookup symbols;
  private final Linker linker = Linker.nativeLinker();

  private InstalledDriver(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** What the driver says. */
  sealed interface Answer {}

  /**
   * It can be used.
   *
   * @param version of CUDA, 12060 for 12.6
   * @param devices those that can be used, at least one
   */
  record Usable(int version, List<Found> devices) implements Answer {}

  /**
   * It cannot.
   *
   * @param reason one line that ends in the remedy
   */
  record Unusable(String reason) implements Answer {}

  /**
   * A device.
   *
   * @param index the driver's number for it
   * @param capability compute capability, 80 for 8.0
   */
  record Found(int index, String name, int capability, long memory) {
    String description() {
      return "%s, %.1f GB, compute capability %s"
          .formatted(name, memory / 1e9, InstalledDriver.capability(capability));
    }
  }

  /** Asks the driver of this machine. Never throws. */
  static Answer ask() {
    String system = System.getProperty("os.name", "");
    String processor = System.getProperty("os.arch", "");
    if (!system.equals("Linux") || !List.of("amd64", "x86_64").contains(processor)) {
      return new Unusable(
          "it needs Linux on x86-64, and this is "
              + system
              + " on "
              + processor
              + ". Use another backend here.");
    }
    // Java warns of native access that was not enabled: not where there is nothing to access.
    if (!InstalledDriver.class.getModule().isNativeAccessEnabled() && !isInUsualFolder()) {
      return missing();
    }
    return ask(LIBRARY);
  }

  private static boolean isInUsualFolder() {
    String configured = System.getenv("LD_LIBRARY_PATH");
    return Stream.concat(
            configured == null ? Stream.of() : Arrays.stream(configured.split(":")),
            USUAL_FOLDERS.stream())
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.exists(Path.of(folder, LIBRARY)));
  }

  /** Asks a library, by name or path. Never throws. */
  @SuppressWarnings("restricted") // the functions and their types are the driver's, by its manual
  static Answer ask(String library) {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      return missing();
    }
    try (Arena arena = Arena.ofConfined()) {
      return new InstalledDriver(symbols).answer(arena);
    } catch (Failure e) {
      return new Unusable(e.reason);
    } catch (RuntimeException | LinkageError e) {
      return new Unusable("NVIDIA's driver cannot be asked (" + e + "). Install it anew.");
    }
  }

  private static Unusable missing() {
    return new Unusable(
        "NVIDIA's driver is not there ("
            + LIBRARY
            + " was not found). Install it, version 525 or newer; a container needs --gpus=all.");
  }

  private Answer answer(Arena arena) {
    MemorySegment number = arena.allocate(JAVA_INT);
    check("cuDriverGetVersion", call("cuDriverGetVersion", number), arena);
    int version = number.get(JAVA_INT, 0);
    if (version < OLDEST) {
      return new Unusable(
          "NVIDIA's driver is too old: it knows CUDA "
              + version(version)
              + ", and "
              + version(OLDEST)
              + " is needed. Update it to version 525 or newer.");
    }
    check("cuInit", call("cuInit", 0), arena);
    check("cuDeviceGetCount", call("cuDeviceGetCount", number), arena);
    int count = number.get(JAVA_INT, 0);
    if (count == 0) {
      return new Unusable(
          "NVIDIA's driver finds no device. " + CudaErrors.remedy(CudaErrors.NO_DEVICE));
    }
    List<Found> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      devices.add(device(i, arena));
    }
    List<Found> able = devices.stream().filter(d -> d.capability >= OLDEST_CAPABILITY).toList();
    return able.isEmpty() ? tooOld(devices.getFirst()) : new Usable(version, able);
  }

  private static Unusable tooOld(Found device) {
    return new Unusable(
        device.name
            + " has compute capability "
            + capability(device.capability)
            + ", and "
            + capability(OLDEST_CAPABILITY)
            + " is needed (Ampere, 2020). Use a newer device, or another backend.");
  }

  private Found device(int index, Arena arena) {
    MemorySegment handle = arena.allocate(JAVA_INT);
    check("cuDeviceGet", call("cuDeviceGet", handle, index), arena);
    int device = handle.get(JAVA_INT, 0);
    MemorySegment name = arena.allocate(LONGEST_NAME);
    check("cuDeviceGetName", call("cuDeviceGetName", name, LONGEST_NAME, device), arena);
    MemorySegment memory = arena.allocate(JAVA_LONG);
    check("cuDeviceTotalMem", call("cuDeviceTotalMem_v2", memory, device), arena);
    int capability =
        10 * attribute(CAPABILITY_MAJOR, device, arena)
            + attribute(CAPABILITY_MINOR, device, arena);
    return new Found(index, name.getString(0), capability, memory.get(JAVA_LONG, 0));
  }

  private int attribute(int attribute, int device, Arena arena) {
    MemorySegment value = arena.allocate(JAVA_INT);
    int code = call("cuDeviceGetAttribute", value, attribute, device);
    check("cuDeviceGetAttribute", code, arena);
    return value.get(JAVA_INT, 0);
  }

  private void check(String name, int code, Arena arena) {
    if (code == 0) {
      return;
    }
    String described =
        CudaErrors.describe(
            name, "", text("cuGetErrorName", code, arena), text("cuGetErrorString", code, arena));
    throw new Failure(
        "NVIDIA's driver does not start: " + described + ". " + CudaErrors.remedy(code));
  }

  @SuppressWarnings("restricted") // a text of C, which ends with 0
  private String text(String function, int code, Arena arena) {
    MemorySegment pointer = arena.allocate(ADDRESS);
    if (call(function, code, pointer) != 0 || pointer.get(ADDRESS, 0).address() == 0) {
      return "error " + code;
    }
    return pointer.get(ADDRESS, 0).reinterpret(LONGEST_NAME, Arena.global(), null).getString(0);
  }

  /** Calls a function that takes numbers and addresses, and returns an error code. */
  @SuppressWarnings("restricted")
  private int call(String function, Object... arguments) {
    MemoryLayout[] types =
        Arrays.stream(arguments)
            .map(a -> a instanceof Integer ? JAVA_INT : ADDRESS)
            .toArray(MemoryLayout[]::new);
    MemorySegment symbol =
        symbols
            .find(function)
            .orElseThrow(
                () ->
                    new Failure(
                        LIBRARY + " has no " + function + ". Install NVIDIA's driver anew."));
    try {
      return (int)
          linker
              .downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, types))
              .invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static String version(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private static String capability(int capability) {
    return capability / 10 + "." + capability % 10;
  }

  /** Ends the questions. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Failure(String reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
