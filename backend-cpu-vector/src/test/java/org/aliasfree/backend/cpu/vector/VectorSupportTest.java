package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;

/** What a JVM on the class path uses, and says, under options that allow or prevent vectors. */
class VectorSupportTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  @Test
  void withoutTheModulePlainLoopsGiveTheResultAndSayWhy() {
    assertThat(say())
        .isEqualTo(
            "Plain loops are used because the module jdk.incubator.vector is absent; start with"
                + " --add-modules jdk.incubator.vector. 576");
  }

  @Test
  void withoutTheOptimisingCompilerPlainLoopsAreUsed() {
    assertThat(say(MODULE, "-Xint")).startsWith("Plain loops").contains("-Xint").endsWith(" 576");
    assertThat(say(MODULE, "-XX:TieredStopAtLevel=1"))
        .startsWith("Plain loops")
        .contains("-XX:TieredStopAtLevel")
        .endsWith(" 576");
  }

  @Test
  void theSwitchTurnsVectorsOffAndTheWidthCanBeNarrowed() {
    assertThat(say(MODULE, "-Daliasfree.vector=off"))
        .isEqualTo("Plain loops are used because -Daliasfree.vector=off was given. 576");
    if (VectorSupport.used()) {
      assertThat(say(MODULE, "-Daliasfree.vector.bits=128"))
          .isEqualTo("Vectors of 128 bits are used. 576");
    }
  }

  private static String say(String... options) {
    String separator = File.pathSeparator;
    String folders =
        folder(VectorSupport.class)
            + separator
            + folder(AliasFreeException.class)
            + separator
            + System.getProperty("basedir", ".")
            + "/target/test-classes";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", folders, VectorSupportProbe.class.getName()));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("exit code of %s", command).isZero();
      return text.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String folder(Class<?> of) {
    return Path.of(URI.create(of.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
