package org.aliasfree.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeAnnotation.TargetType;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What applications see: the module descriptors, and the public methods of exported packages. The
 * class files of every module in the source tree are read, as in {@link ArchitectureTest}.
 */
class PublicApiTest {
  private static final Path ROOT =
      Path.of(System.getProperty("aliasfree.root", "..")).toAbsolutePath().normalize();
  private static final Path GOLDEN = Path.of("docs/modules");

  /** Interfaces that an application implements, where its own input and output may fail. */
  private static final Set<String> CALLBACKS =
      Set.of(
          "org.aliasfree.checkpoint.BundledNetwork.open",
          "org.aliasfree.file.AtomicFile$Content.writeTo");

  /** Causes of exceptions, which Java has as null where there is none, and JSON's null. */
  private static final Set<String> MAY_TAKE_NULL =
      Set.of(
          "org.aliasfree.AliasFreeException.<init>",
          "org.aliasfree.backend.OutOfMemoryException.<init>",
          "org.aliasfree.conformance.Violation.<init>",
          "org.aliasfree.data.PythonJson.indented",
          "org.aliasfree.data.PythonJson.line");

  @TempDir private Path temporary = Path.of("");

  private static Map<ModuleDescriptor, Path> modules;

  @BeforeAll
  static void readDescriptors() throws IOException {
    modules = new LinkedHashMap<>();
    try (Stream<Path> found =
        Files.find(
            ROOT,
            5,
            // The signatures of TornadoVM's interface are not ours.
            (path, _) ->
                path.endsWith("target/classes/module-info.class")
                    && !path.startsWith(ROOT.resolve("backend-tornado/signatures")))) {
      for (Path file : found.sorted().toList()) {
        try (var in = Files.newInputStream(file)) {
          modules.put(ModuleDescriptor.read(in), file.getParent());
        }
      }
    }
    assertThat(modules).hasSizeGreaterThan(10);
  }

  /** A method that other modules can call or must implement. */
  private record PublicMethod(ClassModel type, MethodModel method) {
    String name() {
      return type.thisClass().asInternalName().replace('/', '.')
          + "."
          + method.methodName().stringValue();
    }

    boolean throwsChecked() {
      return method
          .findAttribute(Attributes.exceptions())
          .map(thrown -> thrown.exceptions().stream().anyMatch(e -> isChecked(e.asInternalName())))
          .orElse(false);
    }

    private static boolean isChecked(String internalName) {
      String name = internalName.replace('/', '.');
      try {
        Class<?> type = Class.forName(name);
        return !RuntimeException.class.isAssignableFrom(type)
            && !Error.class.isAssignableFrom(type);
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }

    /** Whether the method's result, or a parameter of it, may be null as a whole. */
    boolean mayBeNull(TargetType target) {
      return method
          .findAttribute(Attributes.runtimeVisibleTypeAnnotations())
          .map(all -> all.annotations().stream().anyMatch(a -> isNullable(a, target)))
          .orElse(false);
    }

    private static boolean isNullable(TypeAnnotation annotation, TargetType target) {
      return annotation.targetInfo().targetType() == target
          && annotation.targetPath().isEmpty()
          && annotation.annotation().className().stringValue().endsWith("/Nullable;");
    }
  }

  private static List<PublicMethod> publicMethods() throws IOException {
    List<PublicMethod> methods = new ArrayList<>();
    for (var module : modules.entrySet()) {
      for (ModuleDescriptor.Exports exported : module.getKey().exports()) {
        Path folder = module.getValue().resolve(exported.source().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
          files
              .filter(file -> file.toString().endsWith(".class"))
              .map(PublicApiTest::parse)
              .filter(PublicApiTest::isPublic)
              .forEach(
                  type ->
                      type.methods().stream()
                          .filter(PublicApiTest::isVisible)
                          .forEach(method -> methods.add(new PublicMethod(type, method))));
        }
      }
    }
    assertThat(methods).hasSizeGreaterThan(1000);
    return methods;
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the class, and what it is nested in, can be seen. */
  private static boolean isPublic(ClassModel type) {
    return type.flags().has(AccessFlag.PUBLIC)
        && type.findAttribute(Attributes.innerClasses()).stream()
            .flatMap(inner -> inner.classes().stream())
            .filter(inner -> inner.innerClass().equals(type.thisClass()))
            .allMatch(inner -> inner.flags().contains(AccessFlag.PUBLIC));
  }

  private static boolean isVisible(MethodModel method) {
    return !method.flags().has(AccessFlag.SYNTHETIC)
        && (method.flags().has(AccessFlag.PUBLIC) || method.flags().has(AccessFlag.PROTECTED));
  }

  @Test
  void noPublicMethodThrowsCheckedExceptions() throws IOException {
    Set<String> wrong = new TreeSet<>();
    for (PublicMethod method : publicMethods()) {
      if (method.throwsChecked() && !CALLBACKS.contains(method.name())) {
        wrong.add(method.name());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void noPublicMethodTakesOrGivesNull() throws IOException {
    Set<String> wrong = new TreeSet<>();
    for (PublicMethod method : publicMethods()) {
      if (method.mayBeNull(TargetType.METHOD_RETURN)
          || (method.mayBeNull(TargetType.METHOD_FORMAL_PARAMETER)
              && !MAY_TAKE_NULL.contains(method.name()))) {
        wrong.add(method.name());
      }
    }
    assertThat(wrong).isEmpty();
  }

  /**
   * Descriptors are part of what is released: a change is one that users notice. Where it is meant,
   * the failure says which file to replace.
   */
  @TestFactory
  Stream<DynamicTest> descriptorIsTheOneThatIsReleased() {
    return modules.entrySet().stream()
        .map(
            module -> {
              String name = module.getKey().name();
              return DynamicTest.dynamicTest(
                  name, () -> assertDescriptor(GOLDEN.resolve(name + ".txt"), module.getValue()));
            });
  }

  private void assertDescriptor(Path golden, Path classes) throws IOException {
    String described = describe(classes);
    Path file = ROOT.resolve(golden);
    String expected = Files.exists(file) ? Files.readString(file) : "";
    assertThat(described.lines())
        .as(
            "the descriptor; where the change is meant, make this the text of %s:\n%s",
            golden, described)
        .containsExactlyElementsOf(expected.lines().toList());
  }

  /** What {@code jar --describe-module} says, without where the file is and its version. */
  private String describe(Path classes) throws IOException {
    Path jar = Files.createTempDirectory(temporary, "jar").resolve("module.jar");
    jar("--create", "--file", jar.toString(), "-C", classes.toString(), ".");
    return jar("--describe-module", "--file", jar.toString())
        .replaceFirst("^([\\w.]+)\\S* jar:\\S*", "$1");
  }

  private static String jar(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    int code = ToolProvider.findFirst("jar").orElseThrow().run(writer, writer, arguments);
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }

  @Test
  void everyDescriptorThatIsKeptHasItsModule() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(GOLDEN))) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(n -> n.endsWith(".txt"))
          .forEach(names::add);
      assertThat(names)
          .containsExactlyInAnyOrderElementsOf(
              modules.keySet().stream().map(module -> module.name() + ".txt").toList());
    }
  }
}
