package org.aliasfree.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for users show code that is compiled and tested. */
class DocumentationTest {
  private static final Path ROOT =
      Path.of(System.getProperty("aliasfree.root", "..")).toAbsolutePath().normalize();
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

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
