package org.aliasfree.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for users show code that is compiled and tested. */
class DocumentationTest {
  private static final Path ROOT =
      Path.of(System.getProperty("aliasfree.root", "..")).toAbsolutePath().normalize();
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern EXPORTED =
      Pattern.compile("^ *exports ([\\w.]+);", Pattern.MULTILINE);

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/java.md"})
  void javaOnThePagesIsPartOfTheFirstImageProject(String page) throws IOException {
    List<String> blocks =
        JAVA_BLOCK
            .matcher(Files.readString(ROOT.resolve(page)))
            .results()
            .map(MatchResult::group)
            .map(block -> block.substring(block.indexOf('\n'), block.lastIndexOf("```")))
            .toList();
    assertThat(blocks).isNotEmpty();
    List<String> sources = sources();
    for (String block : blocks) {
      assertThat(sources).as(block).anyMatch(source -> source.contains(words(block)));
    }
  }

  /** As javadoc's own check would, but for tags: a comment says what is to be said in sentences. */
  @Test
  void everyPublicClassAndMemberOfAnExportedPackageHasAComment() throws IOException {
    Set<String> bare = new TreeSet<>();
    int read = 0;
    for (Path descriptor : descriptors()) {
      for (Path file : sourcesOfExportedPackages(descriptor)) {
        PublicElements elements = PublicElements.of(file);
        read += elements.count();
        elements.withoutComment().forEach(name -> bare.add(ROOT.relativize(file) + ": " + name));
      }
    }
    assertThat(read).as("public elements read").isGreaterThan(1400);
    assertThat(bare).isEmpty();
  }

  private static List<Path> descriptors() throws IOException {
    try (Stream<Path> files =
        Files.find(ROOT, 6, (path, _) -> path.endsWith("src/main/java/module-info.java"))) {
      return files.toList();
    }
  }

  private static List<Path> sourcesOfExportedPackages(Path descriptor) throws IOException {
    List<Path> sources = new ArrayList<>();
    Matcher exported = EXPORTED.matcher(Files.readString(descriptor));
    while (exported.find()) {
      Path folder = descriptor.resolveSibling(exported.group(1).replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static List<String> sources() throws IOException {
    Path folder = ROOT.resolve("docs/examples/first-image/src/main/java/example");
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(DocumentationTest::read).map(DocumentationTest::words).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
