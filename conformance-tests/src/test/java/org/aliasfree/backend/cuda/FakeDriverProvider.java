package org.aliasfree.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;

/**
 * The backend cuda as it is used, down to JCuda, on a library that stands for NVIDIA's driver and
 * runs the emulated kernels (backend-cuda/src/test/cuda). It is that of the whole process from then
 * on.
 */
final class FakeDriverProvider implements BackendProvider {
  private static final Path MODULE = Path.of(System.getProperty("aliasfree.root"), "backend-cuda");

  @Override
  public String id() {
    return "cuda-fake-driver";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Availability probe() {
    String why = EmulatedLibrary.whyNot();
    return why.isEmpty()
        ? CudaProvider.availability(InstalledDriver.ask(Library.PATH.toString()))
        : new Availability.Unavailable(why);
  }

  @Override
  public Backend open(BackendOptions options) {
    InstalledDriver.Usable usable =
        (InstalledDriver.Usable) InstalledDriver.ask(Library.PATH.toString());
    Driver driver = CudaDriver.open(CudaProvider.chosen(usable, options.device()));
    return new CudaBackend(id(), driver, options);
  }

  /** Made when it is first asked for. */
  private static final class Library {
    static final Path PATH = load();

    @SuppressWarnings("restricted")
    private static Path load() {
      try {
        Path folder = Files.createTempDirectory("aliasfree-fake-cuda-");
        Path library = folder.resolve(InstalledDriver.LIBRARY);
        List<String> command =
            List.of(
                "g++",
                "-std=c++17",
                "-O1",
                "-fPIC",
                "-shared",
                "-pthread",
                "-fvisibility=hidden",
                "-Wl,-soname," + InstalledDriver.LIBRARY,
                MODULE.resolve("src/test/cuda/fake_driver.cpp").toString(),
                "-ldl",
                "-o",
                library.toString());
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
          throw new IllegalStateException("g++ refused the driver");
        }
        tell(SymbolLookup.libraryLookup(library, Arena.global()), EmulatedLibrary.compiled());
        library.toFile().deleteOnExit();
        folder.toFile().deleteOnExit();
        return library;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @SuppressWarnings("restricted") // the function is that of fake_driver.cpp
    private static void tell(SymbolLookup driver, Path kernels) {
      try (Arena arena = Arena.ofConfined()) {
        int known =
            (int)
                Linker.nativeLinker()
                    .downcallHandle(
                        driver.findOrThrow("fake_kernels"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS))
                    .invoke(arena.allocateFrom(kernels.toString()));
        if (known == 0) {
          throw new IllegalStateException("the driver cannot load " + kernels);
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
