package org.aliasfree.backend.cuda;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * Makes JCuda's native part loadable. JCuda looks for it on {@code java.library.path}, then inside
 * its own module, where it is not, then takes any file of that name in {@code java.io.tmpdir}, even
 * one that another process is still writing. So it gets a folder of its own, with the whole file in
 * it, for the moment in which its class is initialised.
 */
final class NativeLibrary {
  private static final String FILE = "libJCudaDriver-12.6.0-linux-x86_64.so";
  private static final String DRIVER = "jcuda.driver.JCudaDriver";
  private static final String TEMPORARY = "java.io.tmpdir";

  private static boolean loaded;
  private static @Nullable String failure;

  private NativeLibrary() {}

  /**
   * Initialises JCuda's class, once. Only where the driver's library is there.
   *
   * @throws AliasFreeException if it cannot be loaded
   */
  static synchronized void load() {
    if (failure != null) {
      throw new AliasFreeException(failure);
    }
    if (!loaded) {
      try {
        inFolderOfItsOwn();
        loaded = true;
      } catch (IOException | LinkageError | ClassNotFoundException e) {
        failure =
            "JCuda's native library cannot be loaded ("
                + e
                + "). The folder for temporary files, "
                + System.getProperty(TEMPORARY)
                + ", needs 2 MB and must allow programs to run (no noexec); choose another by"
                + " -Djava.io.tmpdir=FOLDER.";
        throw new AliasFreeException(failure, e);
      }
    }
  }

  private static void inFolderOfItsOwn() throws IOException, ClassNotFoundException {
    Path folder = Files.createTempDirectory("aliasfree-cuda-"); // its owner's alone
    Path library = folder.resolve(FILE);
    try {
      extract(library);
      String before = System.getProperty(TEMPORARY);
      System.setProperty(TEMPORARY, folder.toString());
      try {
        Class.forName(DRIVER, true, NativeLibrary.class.getClassLoader());
      } finally {
        System.setProperty(TEMPORARY, before);
      }
    } finally {
      // What is loaded stays so without its file.
      Files.deleteIfExists(library);
      Files.deleteIfExists(folder);
    }
  }

  /** Writes the library, whole or not at all. */
  static void extract(Path library) throws IOException {
    Path partial = library.resolveSibling(FILE + ".partial");
    try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream("lib/" + FILE)) {
      if (in == null) {
        throw new FileNotFoundException(
            FILE + " is in no jar; jcuda-natives-12.6.0-linux-x86_64.jar is missing");
      }
      Files.copy(in, partial);
      Files.move(partial, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
