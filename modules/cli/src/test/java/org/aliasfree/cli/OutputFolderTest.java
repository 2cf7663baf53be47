package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir private Path temporary = Path.of("");

  @Test
  void failedFileLeavesTheOldOneAndNoPart() throws IOException {
    Files.writeString(temporary.resolve("x"), "old");
    try (OutputFolder folder = OutputFolder.open(temporary.toString())) {
      assertThatThrownBy(
              () ->
                  folder.make(
                      "x",
                      part -> {
                        Files.write(part, new byte[100_000]);
                        throw new IOException("No space left on device");
                      }))
          .hasMessage("cannot write " + temporary.resolve("x") + ": No space left on device.");
      assertThat(temporary.resolve("x")).hasContent("old");
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(temporary.resolve("x"));
    }
  }

  @Test
  void rollbackSparesWhatWasThereBefore() throws IOException {
    Files.writeString(temporary.resolve("x"), "old");
    OutputFolder folder = OutputFolder.open(temporary.toString());
    folder.make("x", part -> Files.writeString(part, "1"));
    folder.make("y", part -> Files.writeString(part, "2"));
    folder.rollback();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(temporary.resolve("x"));
    }
    OutputFolder deep = OutputFolder.open(temporary.resolve("a/../b/c").toString());
    deep.make("y", part -> Files.writeString(part, "2"));
    deep.rollback();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(temporary.resolve("x"));
    }
  }
}
