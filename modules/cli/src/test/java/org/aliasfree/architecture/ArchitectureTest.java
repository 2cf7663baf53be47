package org.aliasfree.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shape of the whole project: which module may use which, no cycles, names, file lengths. The
 * rules read the class files and sources of every module in the source tree, so the module of this
 * test need not depend on them.
 */
class ArchitectureTest {
  private static final String API = "api";
  private static final String REFERENCE = "backend-cpu-reference";
  private static final String VECTOR = "backend-cpu-vector";
  private static final String CUDA = "backend-cuda";
  private static final String TORNADO = "backend-tornado";
  private static final String CHECKPOINT = "modules/checkpoint";
  private static final String PORTRAITS = "modules/network-portraits";
  private static final String STARTER = "modules/starter";
  private static final String NETWORKS = "modules/networks";
  private static final String GUICE = "modules/guice";
  private static final String DATA = "modules/data";
  private static final String TRAINING = "modules/training";
  private static final String CONFORMANCE = "conformance-tests/kit";
  private static final String MEASURE = "modules/measure";
  private static final String METRICS = "modules/metrics";
  private static final String BENCHMARKS = "modules/benchmarks";
  private static final String CLI = "modules/cli";

  /**
   * What the JDK and the null annotations offer; the libraries that a module may use are named in
   * its row.
   */
  private static final List<String> EVERYWHERE =
      List.of("java.", "jdk.incubator.vector", "org.jspecify.annotations");

  /**
   * A module of the project.
   *
   * @param folder its folder from the root
   * @param packages its packages, by regular expression; no other module has one of them
   * @param uses the modules that its classes may use
   * @param libraries the packages of libraries that its classes may use, by prefix
   * @param classes at least so many classes must have been read, or the rules say nothing
   */
  private record Module(
      String folder, String packages, Set<String> uses, List<String> libraries, int classes) {
    boolean owns(JavaClass type) {
      return type.getPackageName().matches(packages);
    }
  }

  private static final List<Module> MODULES =
      List.of(
          new Module(
              API,
              "org\\.aliasfree(\\.(file|tensor|op|graph|network|random|backend|backend\\.support))?",
              Set.of(),
              List.of("jdk.jfr."),
              120),
          new Module(
              REFERENCE, "org\\.aliasfree\\.backend\\.cpu\\.reference", Set.of(API), List.of(), 20),
          new Module(
              VECTOR, "org\\.aliasfree\\.backend\\.cpu\\.vector", Set.of(API), List.of(), 50),
          new Module(CUDA, "org\\.aliasfree\\.backend\\.cuda", Set.of(API), List.of("jcuda."), 30),
          new Module(
              TORNADO,
              "org\\.aliasfree\\.backend\\.tornado(\\.device)?",
              Set.of(API),
              List.of("uk.ac.manchester.tornado.api."),
              30),
          new Module(
              CHECKPOINT,
              "org\\.aliasfree\\.(checkpoint|onnx)",
              Set.of(API),
              List.of("tools.jackson."),
              35),
          new Module(
              PORTRAITS, "org\\.aliasfree\\.network\\.portraits", Set.of(CHECKPOINT), List.of(), 2),
          new Module(STARTER, "", Set.of(), List.of(), 0),
          new Module(
              NETWORKS,
              "org\\.aliasfree\\.networks",
              Set.of(API),
              List.of("tools.jackson.", "javax.net.ssl."),
              20),
          new Module(
              DATA,
              "org\\.aliasfree\\.data(\\.tool)?",
              Set.of(API, CHECKPOINT),
              List.of("tools.jackson.", "javax.imageio."),
              25),
          new Module(
              TRAINING,
              "org\\.aliasfree\\.training(\\.(augment|loop|report))?",
              Set.of(API, CHECKPOINT, DATA),
              List.of("tools.jackson."),
              28),
          new Module(
              CONFORMANCE,
              "org\\.aliasfree\\.conformance(\\.junit)?",
              Set.of(API, REFERENCE),
              List.of("org.junit.jupiter.api.", "net.jqwik.api.", "org.apiguardian."),
              40),
          new Module(MEASURE, "org\\.aliasfree\\.measure", Set.of(), List.of(), 8),
          new Module(METRICS, "org\\.aliasfree\\.metrics", Set.of(API, DATA), List.of(), 8),
          new Module(
              BENCHMARKS,
              "org\\.aliasfree\\.benchmarks",
              Set.of(API, CHECKPOINT, MEASURE, TRAINING),
              List.of("org.openjdk.jmh.", "ai.onnxruntime."),
              8),
          new Module(
              GUICE,
              "org\\.aliasfree\\.guice",
              Set.of(API, CHECKPOINT, NETWORKS),
              List.of("com.google.inject.", "jakarta.inject."),
              4),
          new Module(
              CLI,
              "org\\.aliasfree\\.cli",
              Set.of(
                  API,
                  REFERENCE,
                  VECTOR,
                  CHECKPOINT,
                  CONFORMANCE,
                  DATA,
                  MEASURE,
                  METRICS,
                  NETWORKS,
                  TRAINING),
              List.of(
                  "picocli.",
                  "tools.jackson.",
                  "com.sun.management.",
                  "org.slf4j.",
                  "ch.qos.logback."),
              20));

  private static final Pattern POOR_NAME = Pattern.compile(".*(Impl|Manager|Helpers?|Utils?)");
  private static final Set<String> POOR_PACKAGES =
      Set.of("util", "utils", "impl", "helper", "common", "misc");
  private static final int LONGEST_FILE = 800;

  private static final Path ROOT =
      Path.of(System.getProperty("aliasfree.root", "..")).toAbsolutePath().normalize();
  private static JavaClasses all;

  @BeforeAll
  static void readClasses() {
    all =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/jmh_generated/")) // written by JMH
            .importPaths(MODULES.stream().map(ArchitectureTest::folder).toList());
  }

  private static JavaClasses classes(Module module) {
    Path folder = folder(module);
    return all.that(
        describe(
            "classes of " + module.folder,
            type -> Path.of(type.getSource().orElseThrow().getUri()).startsWith(folder)));
  }

  private static Path folder(Module module) {
    return ROOT.resolve(module.folder).resolve("target/classes");
  }

  @Test
  void everyModuleOfTheBuildIsReadInFull() throws IOException {
    for (Module module : MODULES) {
      assertThat(classes(module)).as(module.folder).hasSizeGreaterThanOrEqualTo(module.classes);
    }
    assertThat(MODULES.stream().map(Module::folder)).containsAll(foldersWithMainSources());
  }

  private static Set<String> foldersWithMainSources() throws IOException {
    Set<String> folders = new TreeSet<>();
    try (Stream<Path> found = Files.find(ROOT, 4, (path, _) -> path.endsWith("src/main"))) {
      found.forEach(
          path -> folders.add(ROOT.relativize(path.resolve("../..").normalize()).toString()));
    }
    // These stand for projects of others.
    folders.removeAll(Set.of("docs/toy-backend", "backend-tornado/signatures"));
    return folders;
  }

  @Test
  void aModuleUsesOnlyTheModulesAndLibrariesBelowIt() {
    Set<String> wrong = new TreeSet<>();
    for (Module module : MODULES) {
      for (JavaClass type : classes(module)) {
        if (!module.owns(type) && !type.getSimpleName().equals("module-info")) {
          wrong.add(type.getName() + " is in a package that does not belong to " + module.folder);
        }
        type.getDirectDependenciesFromSelf().stream()
            .filter(
                dependency -> !mayUse(module, dependency.getTargetClass().getBaseComponentType()))
            .map(Dependency::getDescription)
            .forEach(wrong::add);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean mayUse(Module module, JavaClass target) {
    String name = target.getName();
    return target.isPrimitive()
        || module.owns(target)
        || Stream.concat(EVERYWHERE.stream(), module.libraries.stream()).anyMatch(name::startsWith)
        || MODULES.stream()
            .anyMatch(other -> module.uses.contains(other.folder) && other.owns(target));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("(**)").should().beFreeOfCycles().check(all);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : all) {
      if (!type.getPackageName().isEmpty()
          && !type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @Test
  void namesAreTheFieldsTerms() {
    Set<String> poor = new TreeSet<>();
    for (JavaClass type : all) {
      if (POOR_NAME.matcher(type.getSimpleName()).matches()) {
        poor.add(type.getName());
      }
      if (Stream.of(type.getPackageName().split("\\.")).anyMatch(POOR_PACKAGES::contains)) {
        poor.add(type.getPackageName());
      }
    }
    assertThat(poor).isEmpty();
  }

  @Test
  void publicSignaturesHoldNoTypeOfALibrary() {
    Set<String> leaks = new TreeSet<>();
    for (Module module : MODULES) {
      if (Set.of(CLI, BENCHMARKS, TORNADO).contains(module.folder)) {
        continue; // nothing is exported
      }
      for (JavaClass type : classes(module)) {
        if (type.getModifiers().contains(JavaModifier.PUBLIC)) {
          type.getCodeUnits().stream()
              .filter(unit -> isVisible(unit.getModifiers()) && !onlyKnownTypes(unit))
              .forEach(unit -> leaks.add(unit.getFullName()));
        }
      }
    }
    assertThat(leaks).isEmpty();
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return !modifiers.contains(SYNTHETIC)
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }

  private static boolean onlyKnownTypes(JavaCodeUnit unit) {
    return Stream.concat(
            Stream.of(unit.getRawReturnType()),
            Stream.concat(unit.getRawParameterTypes().stream(), unit.getExceptionTypes().stream()))
        .map(JavaClass::getBaseComponentType)
        .allMatch(
            type ->
                type.isPrimitive()
                    || type.getName().startsWith("java.")
                    || type.getName().startsWith("org.aliasfree."));
  }

  @Test
  void sourceFilesStayShort() throws IOException {
    Set<String> tooLong = new TreeSet<>();
    int read = 0;
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(ArchitectureTest::isOwnSource).toList()) {
        long lines;
        try (Stream<String> text = Files.lines(file)) {
          lines = text.count();
        }
        read++;
        if (lines > LONGEST_FILE) {
          tooLong.add(ROOT.relativize(file) + " has " + lines + " lines");
        }
      }
    }
    assertThat(read).as("source files found").isGreaterThan(60);
    assertThat(tooLong)
        .as("files of more than %d lines: split them by what they are about", LONGEST_FILE)
        .isEmpty();
  }

  private static boolean isOwnSource(Path file) {
    String path = "/" + ROOT.relativize(file);
    return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
  }

  @Test
  void providersOfModulesAndOfTheClassPathAgree() throws IOException {
    for (Module module : MODULES) {
      Path descriptor = folder(module).resolve("module-info.class");
      if (!Files.exists(descriptor)) {
        continue; // everyModuleOfTheBuildIsReadInFull says what is missing
      }
      Map<String, List<String>> ofModule = new TreeMap<>();
      try (InputStream in = Files.newInputStream(descriptor)) {
        ModuleDescriptor.read(in).provides().forEach(p -> ofModule.put(p.service(), p.providers()));
      }
      assertThat(servicesOfClassPath(folder(module))).as(module.folder).isEqualTo(ofModule);
    }
  }

  private static Map<String, List<String>> servicesOfClassPath(Path classes) throws IOException {
    Map<String, List<String>> services = new TreeMap<>();
    Path folder = classes.resolve("META-INF/services");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          List<String> providers =
              Files.readAllLines(file).stream()
                  .map(String::strip)
                  .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                  .toList();
          services.put(file.getFileName().toString(), providers);
        }
      }
    }
    return services;
  }
}
