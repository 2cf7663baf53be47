package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;

/**
 * Large files are read, and pickles written, by a JVM of their own with little heap and just as
 * much memory beside the heap as the reader may take: nothing for tensors that can be used where
 * they lie, once their size (and a little) for those that must be copied or decoded, and one of the
 * four tensors more where both is needed. The tensors have 64 MiB together; a second copy would not
 * fit.
 */
@Timeout(120)
class PeakMemoryTest {
  private static final int TENSOR_MIB = 64;

  @ParameterizedTest
  @CsvSource({
    "DENSE, 1",
    "CHANNELS_LAST, 66",
    "PROTOCOL_2, 66",
    "PROTOCOL_2_CHANNELS_LAST, 82",
    "SAFETENSORS, 1"
  })
  void tensorsAreReadWithoutASecondCopy(LargeFile.Kind kind, int beside, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve(kind == LargeFile.Kind.SAFETENSORS ? "x.safetensors" : "x.pkl");
    LargeFile.write(kind, file, TENSOR_MIB);
    assertThat(Files.size(file)).isBetween((long) TENSOR_MIB << 20, (TENSOR_MIB + 1L) << 20);
    assertThat(run(file, 24, beside)).isEqualTo(LargeFile.expected(TENSOR_MIB));
  }

  @Test
  void tensorsAreWrittenIntoPicklesWithoutASecondCopy(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.pkl");
    Path copy = folder.resolve("copy.pkl");
    LargeFile.write(LargeFile.Kind.DENSE, file, TENSOR_MIB);
    assertThat(run(file, 24, 2, copy.toString())).isEqualTo(LargeFile.expected(TENSOR_MIB));
    assertThat(Files.size(copy)).isBetween((long) TENSOR_MIB << 20, (TENSOR_MIB + 1L) << 20);
  }

  /** The limits bite: with a little less than once its size, a tensor cannot be copied. */
  @ParameterizedTest
  @CsvSource({"CHANNELS_LAST", "PROTOCOL_2"})
  void theLimitIsOne(LargeFile.Kind kind, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.pkl");
    LargeFile.write(kind, file, TENSOR_MIB);
    assertThat(run(file, 24, TENSOR_MIB - 1)).contains("OutOfMemoryError");
  }

  private static String run(Path file, int heap, int beside, String... more)
      throws IOException, InterruptedException, URISyntaxException {
    Path output = file.resolveSibling("output");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=" + beside + "m",
                "-cp",
                classPath(),
                LargeFile.class.getName(),
                file.toString()));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();
    return Files.readString(output).strip();
  }

  /** The classes of the reader, of these tests, and of what the reader is built on. */
  private static String classPath() throws URISyntaxException {
    StringBuilder path = new StringBuilder();
    for (Class<?> type :
        List.of(
            NetworkFile.class,
            AliasFreeException.class,
            JacksonException.class,
            tools.jackson.databind.JsonNode.class,
            com.fasterxml.jackson.annotation.JsonInclude.class)) {
      path.append(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
      path.append(File.pathSeparator);
    }
    String name = LargeFile.class.getSimpleName() + ".class";
    Path own = Path.of(Objects.requireNonNull(LargeFile.class.getResource(name)).toURI());
    for (int i = 0; i < LargeFile.class.getName().split("\\.", -1).length; i++) {
      own = Objects.requireNonNull(own.getParent());
    }
    return path.append(own).toString();
  }
}
