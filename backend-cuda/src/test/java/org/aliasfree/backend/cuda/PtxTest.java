package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The compiled kernels that are checked in: those of the sources, and fit for every device. */
class PtxTest {
  private static final String REMEDY =
      "Run backend-cuda/compile-kernels, which needs nvcc, and check in what it writes.";
  private static final String FEWEST_TARGETS = "sm_80";
  private static final List<String> TARGETS = List.of("sm_80", "sm_86", "sm_89", "sm_90");
  private static final Path MODULE = Path.of(System.getProperty("aliasfree.root"), "backend-cuda");
  private static final Path SOURCES = MODULE.resolve("src/main/cuda");
  private static final int MOST_ARGUMENTS = 4096;

  /**
   * Kernels that take no time worth speaking of, and may keep what registers do not hold in memory.
   */
  private static final Set<String> RARE =
      Set.of("conv_transpose_plain", "conv_weight_plain", "warp_points");

  /** What each line of the manifest says of a thing: its words by their second or third. */
  private static Map<String, List<String>> manifest(String kind) throws IOException {
    Map<String, List<String>> lines = new TreeMap<>();
    try (InputStream in = PtxTest.class.getResourceAsStream("kernels.manifest")) {
      assertThat(in).as(REMEDY).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> l.startsWith(kind + " ")).toList()) {
        List<String> words = List.of(line.split(" "));
        lines.put(words.get(Math.min(2, words.size() - 1)), words);
      }
    }
    return lines;
  }

  private static List<Ptx> all() throws IOException {
    return manifest("ptx").keySet().stream().map(name -> Ptx.read(name + ".gz")).toList();
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void kernelsAreThoseOfTheSources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = SOURCES.relativize(file).toString().replace('\\', '/');
        if (!name.startsWith("emulation/")) {
          sources.put(name, hash(Files.readAllBytes(file)));
        }
      }
    }
    Map<String, String> compiled = new TreeMap<>();
    manifest("source").forEach((name, words) -> compiled.put(name, words.get(1)));
    assertThat(compiled).as(REMEDY).isEqualTo(sources);
  }

  @Test
  void kernelsAreThoseOfTheManifest() throws IOException {
    Map<String, List<String>> lines = manifest("ptx");
    assertThat(lines).as(REMEDY).containsKey("kernels-sm80.ptx");
    for (Ptx ptx : all()) {
      List<String> words = Objects.requireNonNull(lines.get(ptx.name().replace(".gz", "")));
      assertThat(hash(ptx.text().getBytes(StandardCharsets.US_ASCII)))
          .as(REMEDY)
          .isEqualTo(words.get(1));
    }
  }

  @Test
  void kernelsAreTheSameWhenTheyAreCompiledAgain(@TempDir Path folder) throws Exception {
    String version = manifest("nvcc").keySet().iterator().next();
    assumeTrue(nvcc().contains(" V" + version + "\n"), "needs nvcc " + version + " on the PATH");
    Process process =
        new ProcessBuilder(MODULE.resolve("compile-kernels").toString(), folder.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    try (InputStream in = PtxTest.class.getResourceAsStream("kernels.manifest")) {
      assertThat(Files.readString(folder.resolve("kernels.manifest")))
          .as(REMEDY)
          .isEqualTo(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String nvcc() throws IOException {
    try {
      Process process = new ProcessBuilder("nvcc", "--version").redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "there is none";
    }
  }

  @Test
  void launchesCanBeCheckedAgainstEveryKernel() throws IOException {
    for (Ptx ptx : all()) {
      long entries = ptx.text().lines().filter(l -> l.contains(".entry ")).count();
      assertThat(ptx.kernels()).hasSize((int) entries).isNotEmpty();
      ptx.kernels()
          .forEach(
              (name, kernel) -> {
                assertThat(kernel.arguments()).as(name).isBetween(1, MOST_ARGUMENTS);
                assertThat(kernel.threads()).as(name).isBetween(32, 1024);
                assertThat(kernel.threads() % 32).as(name).isZero();
              });
    }
  }

  @Test
  void olderDriversReadTheKernels() throws IOException {
    assertThat(all()).allSatisfy(p -> assertThat(p.text()).contains("\n.version 8.0\n"));
  }

  /**
   * What NVIDIA's own compiler, as of CUDA 12.0, makes of the kernels. One target of each, or all
   * with {@code -Dcuda.targets=all}.
   */
  @TestFactory
  Stream<DynamicTest> everyDeviceCanRunTheKernels() throws IOException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "NVIDIA's compiler is here for Linux on x86-64 only");
    String chosen = System.getProperty("cuda.targets", FEWEST_TARGETS);
    List<String> targets =
        chosen.equals("all") ? TARGETS : Arrays.stream(chosen.split(",")).toList();
    return all().stream()
        .flatMap(
            ptx ->
                (ptx.name().contains("sm90a") ? List.of("sm_90a") : targets)
                    .stream()
                        .map(
                            target ->
                                DynamicTest.dynamicTest(
                                    ptx.name() + " for " + target, () -> compile(ptx, target))));
  }

  private static void compile(Ptx ptx, String target) {
    PtxCompiler.Compiled compiled = PtxCompiler.compile(ptx.text(), target);
    Map<String, PtxCompiler.Use> uses = compiled.uses();
    // wgmma one after the other, or setmaxnreg ignored, would be slow
    assertThat(compiled.log()).doesNotContain("serialized", "C7508", "C7510");
    assertThat(uses.keySet()).isEqualTo(ptx.kernels().keySet());
    StringBuilder table = new StringBuilder(ptx.name() + " for " + target + ":\n");
    new TreeMap<>(uses)
        .forEach(
            (name, use) ->
                table.append(
                    "%-40s %3d registers, %5d bytes spilled, %6d static shared, %5d stack\n"
                        .formatted(
                            name, use.registers(), use.spilled(), use.shared(), use.stack())));
    if (Boolean.getBoolean("cuda.registers")) {
      System.out.print(table);
      compiled.log().lines().filter(l -> l.contains("(C")).forEach(System.out::println);
    }
    assertThat(uses)
        .as(table.toString())
        .allSatisfy(
            (name, use) -> {
              assertThat(use.spilled() == 0 || RARE.contains(name))
                  .as(name + " has no spills")
                  .isTrue();
              assertThat(use.shared()).as(name).isLessThanOrEqualTo(48 << 10);
            });
  }
}
