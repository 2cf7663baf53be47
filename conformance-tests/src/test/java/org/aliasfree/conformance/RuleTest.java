package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.cuda.EmulatedProvider;
import org.aliasfree.backend.tornado.PlainProvider;
import org.aliasfree.conformance.junit.BackendConformance;
import org.aliasfree.conformance.junit.ForRule;
import org.aliasfree.op.Source;
import org.junit.jupiter.api.Test;

/** Rules, tests, cases and documentation belong together. */
class RuleTest {
  private static final Path DOCS =
      Path.of(System.getProperty("aliasfree.root", ".."), "docs").toAbsolutePath();

  private static Stream<Method> tests() {
    return Stream.of(BackendConformance.class, BackendConformance.class.getSuperclass())
        .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
        .filter(m -> m.isAnnotationPresent(ForRule.class));
  }

  @Test
  void theDocumentationListsExactlyTheRules() throws IOException {
    Pattern row = Pattern.compile("\\| ([A-Z]+-\\d+) \\| (MUST|MAY) \\| (.*?) \\|.*");
    List<String> documented = new ArrayList<>();
    for (String line : Files.readAllLines(DOCS.resolve("backend-spi.md"))) {
      var match = row.matcher(line);
      if (match.matches()) {
        documented.add(match.group(1) + " " + match.group(2) + " " + match.group(3));
      }
    }
    assertThat(documented)
        .containsExactlyElementsOf(
            Arrays.stream(Rule.values())
                .map(r -> r.id() + (r.isMust() ? " MUST " : " MAY ") + r.sentence())
                .toList());
  }

  @Test
  void everyRuleHasATestAndEveryTestARule() {
    Set<Rule> tied =
        tests()
            .flatMap(m -> Arrays.stream(m.getAnnotation(ForRule.class).value()))
            .collect(Collectors.toSet());
    assertThat(tied).containsExactlyInAnyOrder(Rule.values());
    Stream.of(BackendConformance.class, BackendConformance.class.getSuperclass())
        .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
        .filter(m -> m.getAnnotations().length > 0)
        .forEach(m -> assertThat(m.isAnnotationPresent(ForRule.class)).as(m.getName()).isTrue());
  }

  @Test
  void everyBackendThatIsPresentIsChecked() {
    List<String> checked =
        Stream.of(
                new CpuVectorConformanceTest().provider(),
                new CpuReferenceConformanceTest().provider())
            .map(BackendProvider::id)
            .toList();
    assertThat(checked).containsAll(TestBackends.ids());
  }

  @Test
  void everyOpHasCases() {
    Set<String> ops =
        OpClasses.all().stream().map(Class::getSimpleName).collect(Collectors.toSet());
    Set<String> sources =
        Stream.of(Source.Input.class, Source.Read.class, Source.Constant.class)
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());
    ops.removeAll(sources); // what cases are made of
    Set<String> covered =
        CaseGenerators.names().stream()
            .filter(name -> !name.contains(" "))
            .collect(Collectors.toSet());
    assertThat(covered).isEqualTo(ops);
  }

  @Test
  void everyKindOfCasesHasAProperty() {
    Set<String> names = tests().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    assertThat(names)
        .containsAll(CaseGenerators.names().stream().map(RuleTest::methodName).toList());
  }

  /** {@code Conv2d of many channels}: {@code conv2dOfManyChannels}. */
  private static String methodName(String kind) {
    String joined =
        Arrays.stream(kind.split(" "))
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
    return joined.substring(0, 1).toLowerCase(Locale.ROOT) + joined.substring(1);
  }

  /** With the backends that need a device as they are without one: they answer the same. */
  @Test
  void thePageOfOpsAndBackendsIsCurrent() throws IOException {
    EmulatedProvider emulated = new EmulatedProvider();
    assumeTrue(emulated.probe() instanceof Availability.Available, "there is no g++");
    try (Backend cuda = emulated.open(BackendOptions.defaults());
        Backend tornado = new PlainProvider().open(BackendOptions.defaults());
        Backend vector = Backends.select("cpu-vector");
        Backend reference = Backends.select("cpu-reference")) {
      SequencedMap<String, Backend> backends = new LinkedHashMap<>();
      backends.put("cuda", cuda);
      backends.put("tornado", tornado);
      backends.put("cpu-vector", vector);
      backends.put("cpu-reference", reference);
      List<String> page = OpSupport.page(backends);
      if (Boolean.getBoolean("aliasfree.write")) {
        Files.write(DOCS.resolve("op-support.md"), page);
      }
      assertThat(Files.readAllLines(DOCS.resolve("op-support.md")))
          .as("written by this test with -Daliasfree.write=true")
          .isEqualTo(page);
    }
  }
}
