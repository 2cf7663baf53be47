package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.Backends;
import org.aliasfree.cli.Diagnosis.Fact;
import org.aliasfree.cli.Diagnosis.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorTest {
  private static Backend none() {
    throw new AliasFreeException("nothing computes here.");
  }

  @TempDir private Path root = Path.of("");

  private final List<String> told = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private List<String> options = List.of();

  private Diagnosis examine(Supplier<List<Backends.Found>> backends) {
    return new Doctor(
            new Machine(
                environment,
                name -> properties.getOrDefault(name, System.getProperty(name)),
                root,
                options,
                backends),
            DoctorTest::none)
        .examine(section -> told.addAll(Diagnosis.lines(section)));
  }

  private void file(String path, String... lines) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  /** The report as text. */
  private String text(Diagnosis diagnosis) {
    return String.join("\n", told) + String.join("\n", diagnosis.conclusion());
  }

  private static String fact(Diagnosis diagnosis, String section, String name) {
    return diagnosis.sections().stream()
        .filter(s -> s.name().equals(section))
        .flatMap(s -> s.facts().stream())
        .filter(f -> f.name().equals(name))
        .map(Fact::text)
        .findFirst()
        .orElse("(missing)");
  }

  private static List<String> troubles(Diagnosis diagnosis) {
    return diagnosis.findings().stream().map(Finding::trouble).toList();
  }

  @Test
  void aSoundMachineMakesThePictureThatGenerateMakes() throws IOException {
    CommandRun run = CommandRun.of("doctor", "--json");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).hasSize(1);
    JsonNode told = JsonMapper.shared().readTree(run.out().getFirst());
    assertThat(told.get("computes").asBoolean()).isTrue();
    assertThat(told.get("java").get("version").asString()).startsWith("25");
    assertThat(told.get("backends").get("cpu-vector").asString()).startsWith("score ");
    assertThat(told.get("memory").get("heap_at_most").asLong())
        .isEqualTo(Runtime.getRuntime().maxMemory());
    JsonNode test = told.get("self-test");
    assertThat(test.get("result").asString()).isEqualTo("ok");
    assertThat(test.get("network").asString()).isEqualTo("emoji-portraits");
    CommandRun bench =
        CommandRun.of(
            "bench", "--network=builtin:emoji-portraits", "--runs=1", "--warmup=0", "--json");
    assertThat(String.join("", bench.out())).contains(test.get("png_sha256").asString());
  }

  @Test
  void textAndJsonHaveTheSameFacts() {
    Diagnosis diagnosis = examine(Backends::list);
    JsonNode json = JsonMapper.shared().readTree(diagnosis.json());
    String text = text(diagnosis);
    for (Diagnosis.Section section : diagnosis.sections()) {
      JsonNode told = json.get(section.name().toLowerCase(Locale.ROOT));
      for (Fact fact : section.facts()) {
        assertThat(told.has(fact.name().replace(' ', '_'))).as(fact.name()).isTrue();
        assertThat(text).contains("\n  " + fact.name() + " ");
      }
    }
    for (Finding finding : diagnosis.findings()) {
      assertThat(text).contains("\n! " + finding.trouble() + "\n  " + finding.remedy());
    }
    assertThat(json.get("findings")).hasSize(diagnosis.findings().size());
  }

  @Test
  void aListOfBackendsThatFailsIsALineAndTheRestIsThere() {
    Diagnosis diagnosis =
        examine(
            () -> {
              throw new NoClassDefFoundError("some/driver");
            });
    assertThat(fact(diagnosis, "Backends", "failed"))
        .isEqualTo("java.lang.NoClassDefFoundError: some/driver");
    assertThat(fact(diagnosis, "Self-test", "failed")).isEqualTo("nothing computes here.");
    assertThat(fact(diagnosis, "Networks", "bundled")).isEqualTo("emoji-portraits");
    assertThat(troubles(diagnosis))
        .anyMatch(t -> t.startsWith("Backends: "))
        .contains("Self-test: nothing computes here.");
    assertThat(diagnosis.computes()).isFalse();
  }

  /** A backend whose probe throws, which none may. */
  private record Broken() implements BackendProvider {
    @Override
    public String id() {
      return "broken";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION;
    }

    @Override
    public Availability probe() {
      throw new UnsatisfiedLinkError("no libbroken.so");
    }

    @Override
    public Backend open(BackendOptions o) {
      throw new IllegalStateException("not reached");
    }
  }

  @Test
  void aProbeThatThrowsTakesAwayItsOwnBackendOnly() {
    Diagnosis diagnosis = examine(() -> Backends.list(List.of(new Broken())));
    assertThat(fact(diagnosis, "Backends", "broken"))
        .startsWith("cannot be used: its probe failed: ")
        .contains("no libbroken.so");
    assertThat(fact(diagnosis, "Backends", "cpu-reference")).startsWith("score 1: ");
    assertThat(Backends.list(List.of(new Broken())).getFirst().provider().id())
        .isEqualTo("cpu-vector");
  }

  @Test
  void aBackendThatThereIsNotIsInTheReport() {
    CommandRun run = CommandRun.of("doctor", "--backend=abacus");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .anyMatch(l -> l.matches("  failed +--backend: There is no backend called \"abacus\".*"))
        .anyMatch(l -> l.startsWith("  cpu-vector "));
    assertThat(run.err())
        .containsExactly("aliasfree: No picture could be made; the report says why.");
    assertThat(CommandRun.of("doctor", "--threads=x").exitCode()).isEqualTo(2);
  }

  @Test
  void whatAContainerLeavesIsTold() throws IOException {
    file("proc/meminfo", "MemTotal:       16777216 kB", "MemAvailable:     524288 kB");
    file("sys/fs/cgroup/cpu.max", "150000 100000");
    file("sys/fs/cgroup/memory.max", "2147483648");
    file("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX Kernel Module  1.2", "GCC");
    file(
        "proc/cpuinfo",
        "model name\t: Abacus 9",
        "physical id\t: 0",
        "core id\t\t: 3",
        "flags\t\t: fpu avx2 fma",
        "",
        "model name\t: Abacus 9",
        "physical id\t: 0",
        "core id\t\t: 3");
    Diagnosis diagnosis = examine(Backends::list);
    assertThat(fact(diagnosis, "Memory", "physical")).isEqualTo("16.0 GB");
    assertThat(fact(diagnosis, "Memory", "container limit")).isEqualTo("2.0 GB");
    assertThat(fact(diagnosis, "System", "container processors")).isEqualTo("1.50");
    assertThat(fact(diagnosis, "System", "processor")).isEqualTo("Abacus 9");
    assertThat(fact(diagnosis, "System", "cores")).isEqualTo("1");
    assertThat(fact(diagnosis, "System", "vector instructions")).isEqualTo("avx2, fma");
    assertThat(fact(diagnosis, "System", "nvidia driver"))
        .isEqualTo("NVIDIA UNIX Kernel Module  1.2");
    assertThat(troubles(diagnosis)).contains("There are 512 MB of memory available.");
  }

  @Test
  void olderContainersAreUnderstood() throws IOException {
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    Diagnosis diagnosis = examine(Backends::list);
    assertThat(fact(diagnosis, "System", "container processors")).isEqualTo("0.50");
    assertThat(fact(diagnosis, "Memory", "container limit")).isEqualTo("no limit");
  }

  @ParameterizedTest
  @CsvSource({
    "java.vm.info, 'interpreted mode, sharing', without -Xint",
    "java.vm.info, 'mixed mode, emulated-client', without -XX:TieredStopAtLevel",
    "aliasfree.vector, off, without -Daliasfree.vector=off",
    "java.io.tmpdir, /proc/1/none, -Djava.io.tmpdir"
  })
  void whatIsNotAsItShouldBeHasARemedy(String property, String value, String remedy) {
    properties.put(property, value);
    assertThat(examine(Backends::list).findings().stream().map(Finding::remedy))
        .anyMatch(text -> text.contains(remedy));
  }

  @Test
  void nothingSecretIsShown() {
    properties.put("user.home", "/home/ann");
    properties.put("java.home", "/home/ann/jdk");
    environment.put("https_proxy", "http://ann:pass:w/o@rd@proxy.example:3128/");
    environment.put("HTTP_PROXY", "ann:password1@proxy.example:3128");
    environment.put("ALIASFREE_TOKEN", "password2");
    environment.put(
        "JAVA_TOOL_OPTIONS",
        "-Dhttps.proxyPassword=password3 -Dx.secret='pass word4' -Xmx1g -Da=/home/ann/x,/home/anna");
    environment.put("UNRELATED", "password5");
    options =
        List.of("-Dhttp.proxyPassword=password6", "-Djavax.net.ssl.keyStorePassword=password7");
    Diagnosis diagnosis = examine(Backends::list);
    assertThat(fact(diagnosis, "Environment", "https_proxy"))
        .isEqualTo("http://***@proxy.example:3128/");
    assertThat(fact(diagnosis, "Environment", "HTTP_PROXY")).isEqualTo("***@proxy.example:3128");
    assertThat(fact(diagnosis, "Environment", "JAVA_TOOL_OPTIONS"))
        .isEqualTo("-Dhttps.proxyPassword=*** -Dx.secret=*** -Xmx1g -Da=~/x,/home/anna");
    assertThat(fact(diagnosis, "Java", "home")).isEqualTo("~/jdk");
    for (String report : List.of(diagnosis.json(), text(diagnosis))) {
      assertThat(report).doesNotContainPattern("pass ?w|word\\d|/home/ann/").contains("***");
    }
    assertThat(troubles(diagnosis)).anyMatch(t -> t.startsWith("A proxy is set"));
  }
}
