package org.aliasfree.cli;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The program that runs, as it is installed.
 *
 * @param folder of the jars: the program's and its libraries'
 * @param systemModules modules of Java that they need
 */
record InstalledProgram(Path folder, Set<String> systemModules) {
  private static final String OWN = "org.aliasfree.";

  /** Finds it; null, and a problem more, if it cannot be made into a package. */
  static @Nullable InstalledProgram find(Problems problems) {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      problems.failure("Packages are made on Linux only, and this is " + system + ".");
      return null;
    }
    Path folder = jars();
    if (folder == null) {
      problems.failure(
          "Only the built program can be packaged, and this runs from classes; start ./aliasfree.");
      return null;
    }
    try {
      return new InstalledProgram(folder, systemModules(folder));
    } catch (ResolutionException e) {
      problems.failure(
          "The jars in " + folder + " do not fit together (" + e.getMessage() + "); build anew.");
      return null;
    }
  }

  private static @Nullable Path jars() {
    String name = InstalledProgram.class.getModule().getName();
    if (name == null) {
      return null; // on the class path
    }
    URI location =
        ModuleLayer.boot()
            .configuration()
            .findModule(name)
            .flatMap(module -> module.reference().location())
            .orElse(null);
    if (location == null || !location.getScheme().equals("file")) {
      return null;
    }
    Path jar = Path.of(location);
    return Files.isRegularFile(jar) ? jar.getParent() : null;
  }

  private static Set<String> systemModules(Path folder) {
    ModuleFinder program = ModuleFinder.of(folder);
    List<String> own =
        program.findAll().stream()
            .map(module -> module.descriptor().name())
            .filter(name -> name.startsWith(OWN))
            .toList();
    ModuleFinder system = ModuleFinder.ofSystem();
    return Configuration.empty().resolve(program, system, own).modules().stream()
        .map(module -> module.reference().descriptor().name())
        .filter(name -> system.find(name).isPresent())
        .collect(Collectors.toSet());
  }

  /** The jars. */
  List<Path> files() {
    return ModuleFinder.of(folder).findAll().stream()
        .map(ModuleReference::location)
        .flatMap(java.util.Optional::stream)
        .map(Path::of)
        .sorted()
        .toList();
  }
}
