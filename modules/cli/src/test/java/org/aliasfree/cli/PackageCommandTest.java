package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no built program; the package itself is checked by {@code .ci/check-package}. */
class PackageCommandTest {
  @TempDir private Path folder = Path.of("");

  private static List<String> output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] said = process.getInputStream().readAllBytes();
    List<String> lines = new String(said, StandardCharsets.UTF_8).lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    CommandRun run = CommandRun.of("package", "--dest=" + folder);
    assertThat(run.exitCode()).isEqualTo(CommandFailure.RUN);
    assertThat(run.err()).hasSize(2).anySatisfy(l -> assertThat(l).contains("exists already"));
    assertThat(run.err()).anySatisfy(l -> assertThat(l).endsWith("start ./aliasfree."));
    assertThat(CommandRun.of("package").exitCode()).isEqualTo(CommandFailure.USAGE);
    assertThat(CommandRun.of("package", "--dest=").exitCode()).isEqualTo(CommandFailure.USAGE);
  }

  @Test
  void namesOfArchives() {
    assertThat(Archive.of("a.tar.xz")).contains(Archive.TAR_XZ);
    assertThat(Archive.of("a.b.tar.gz")).contains(Archive.TAR_GZ);
    assertThat(Archive.of("a.zip")).contains(Archive.ZIP);
    assertThat(Archive.of(".zip")).isEmpty();
    assertThat(Archive.of("aliasfree-1.2")).isEmpty();
    assertThat(Archive.TAR_GZ.stem("a.b.tar.gz")).isEqualTo("a.b");
  }

  /** A folder with all that a package may have. */
  private Path contents() throws IOException {
    Path contents = Files.createDirectories(folder.resolve("contents/top"));
    Path program = Files.writeString(contents.resolve("run"), "#!/bin/sh\necho it runs\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path deep = Files.createDirectories(contents.resolve("d".repeat(80) + "/" + "e".repeat(60)));
    Path data = Files.write(deep.resolve("data"), new byte[513]);
    Files.setLastModifiedTime(data, FileTime.fromMillis(1_000_000_000_000L));
    Files.createSymbolicLink(contents.resolve("link"), Path.of("run"));
    Files.createDirectory(contents.resolve("empty"));
    return folder.resolve("contents");
  }

  @Test
  void othersCanUnpackWhatIsWritten() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && List.of("/bin/tar", "/usr/bin/tar").stream().anyMatch(p -> Files.exists(Path.of(p))),
        "needs tar");
    Path archive = folder.resolve("a.tar.gz");
    Archive.TAR_GZ.write(contents(), archive);
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    output("tar", "xzf", archive.toString(), "-C", unpacked.toString());
    assertThat(output("diff", "-r", folder + "/contents", unpacked.toString())).isEmpty();
    assertThat(output(unpacked + "/top/link")).containsExactly("it runs");
    assertThat(Files.readSymbolicLink(unpacked.resolve("top/link"))).isEqualTo(Path.of("run"));
    assertThat(output("tar", "tvzf", archive.toString()).getFirst())
        .startsWith("drwxr-xr-x root/root");
    Path data = unpacked.resolve("top/" + "d".repeat(80) + "/" + "e".repeat(60) + "/data");
    assertThat(Files.getLastModifiedTime(data).toMillis()).isEqualTo(1_000_000_000_000L);
  }

  @Test
  void zipFilesKeepTheRightToRun() throws Exception {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "packages are for Linux");
    Path archive = folder.resolve("a.zip");
    Archive.ZIP.write(contents(), archive);
    try (var zip =
        java.nio.file.FileSystems.newFileSystem(
            archive, java.util.Map.of("enablePosixFileAttributes", "true"))) {
      for (String name : List.of("top/run", "top/link")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(zip.getPath(name))))
            .isEqualTo("rwxr-xr-x");
        assertThat(Files.readString(zip.getPath(name))).contains("it runs");
      }
    }
  }

  @Test
  void namesThatDoNotFit() throws IOException {
    Path contents = Files.createDirectory(folder.resolve("contents"));
    Files.createFile(contents.resolve("n".repeat(150)));
    assertThatThrownBy(() -> TarWriter.write(contents, new ByteArrayOutputStream()))
        .hasMessageContaining("too long for a tar file");
  }
}
