package org.aliasfree.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.aliasfree.cli.Diagnosis.Notes;

/**
 * The machine: processors, memory, and what a container leaves of them.
 *
 * @param machine what is looked at
 */
record SystemCheck(Machine machine) {
  private static final Set<String> VECTOR_FLAGS =
      Set.of(
          "sse4_2",
          "avx",
          "avx2",
          "fma",
          "avx512f",
          "avx512dq",
          "avx512vl",
          "asimd",
          "sve",
          "sve2");

  private static final long LITTLE = 1L << 30;
  private static final long SMALL_HEAP = 512L << 20;

  /** A group of version 1 without a limit has about 2⁶³ bytes. */
  private static final long NO_LIMIT = 1L << 60;

  void system(Notes notes) {
    notes.fact("name", machine.property("os.name") + " " + machine.property("os.version"));
    notes.fact("architecture", machine.property("os.arch"));
    notes.fact("processor", processor());
    notes.fact("processors", (long) Runtime.getRuntime().availableProcessors());
    cores().ifPresent(cores -> notes.fact("cores", cores));
    machine
        .find("proc/cpuinfo", "^(?:flags|Features)\\s*:(.*)$")
        .map(flags -> Arrays.stream(flags.split(" ")).filter(VECTOR_FLAGS::contains).toList())
        .ifPresent(flags -> notes.fact("vector instructions", flags));
    notes.fact("container processors", processorLimit().orElse("no limit"));
    notes.fact("nvidia driver", driver());
    notes.fact("character sets", charsets(), String.join(", ", charsets()));
  }

  private String processor() {
    return machine
        .find("proc/cpuinfo", "^(?:model name|Model)\\s*:(.*)$")
        .orElse(
            machine.environment().getOrDefault("PROCESSOR_IDENTIFIER", "not told by this system"));
  }

  /** Cores of all sockets; threads of a core count once. */
  private Optional<Long> cores() {
    return machine
        .file("proc/cpuinfo")
        .map(
            text ->
                Pattern.compile("(?m)^physical id\\s*: (\\d+)$[^$]*?^core id\\s*: (\\d+)$")
                    .matcher(text)
                    .results()
                    .map(m -> m.group(1) + ":" + m.group(2))
                    .distinct()
                    .count())
        .filter(count -> count > 0);
  }

  /** In version 2 and 1 of Linux's control groups. */
  private Optional<String> processorLimit() {
    Optional<MatchResult> two = quota("sys/fs/cgroup/cpu.max", "(\\d+) (\\d+)");
    if (two.isPresent()) {
      return two.map(m -> share(Double.parseDouble(m.group(1)), Double.parseDouble(m.group(2))));
    }
    Optional<String> quota = machine.find("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "^(\\d+)$");
    Optional<String> period = machine.find("sys/fs/cgroup/cpu/cpu.cfs_period_us", "^(\\d+)$");
    return quota.flatMap(q -> period.map(p -> share(Double.parseDouble(q), Double.parseDouble(p))));
  }

  private Optional<MatchResult> quota(String path, String pattern) {
    return machine
        .file(path)
        .flatMap(text -> Pattern.compile(pattern).matcher(text).results().findFirst());
  }

  private static String share(double quota, double period) {
    return String.format(Locale.ROOT, "%.2f", quota / period);
  }

  private String driver() {
    return machine
        .find("proc/driver/nvidia/version", "^NVRM version:(.*)$")
        .orElse(
            machine.property("os.name").equals("Linux")
                ? "no NVIDIA driver found"
                : "not looked for on this system");
  }

  private List<String> charsets() {
    return List.of(
        "native " + machine.property("native.encoding"),
        "file names " + machine.property("sun.jnu.encoding"),
        "output " + machine.property("stdout.encoding"));
  }

  void memory(Notes notes) {
    Optional<Long> physical = kilobytes("MemTotal");
    Optional<Long> free = kilobytes("MemAvailable");
    if (physical.isEmpty()
        && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      physical = Optional.of(system.getTotalMemorySize());
      free = Optional.of(system.getFreeMemorySize());
    }
    physical.ifPresent(bytes -> notes.bytes("physical", bytes));
    free.ifPresent(bytes -> notes.bytes("available", bytes));
    Optional<Long> limit = memoryLimit();
    notes.fact(
        "container limit", limit.orElse(null), limit.map(Diagnosis::size).orElse("no limit"));
    machine
        .find("proc/self/limits", "^Max address space\\s+(\\S+)")
        .ifPresent(space -> notes.fact("address space", space));
    long heap = Runtime.getRuntime().maxMemory();
    notes.bytes("heap at most", heap);
    notes.bytes(
        "heap used", Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    long there = Math.min(physical.orElse(Long.MAX_VALUE), limit.orElse(Long.MAX_VALUE));
    if (heap < SMALL_HEAP) {
      notes.finding(
          "The heap may have " + Diagnosis.size(heap) + " only; large networks will not fit.",
          there > 4 * SMALL_HEAP
              ? "Give Java more: ALIASFREE_OPTS=-Xmx2g, and look for -Xmx above."
              : "Use a machine or a container with more memory.");
    }
    if (free.isPresent() && free.get() < LITTLE) {
      notes.finding(
          "There are " + Diagnosis.size(free.get()) + " of memory available.",
          "End other programs; tensors need memory besides Java's heap.");
    }
  }

  private Optional<Long> kilobytes(String name) {
    return machine
        .find("proc/meminfo", "^" + name + ":\\s+(\\d+) kB")
        .map(text -> Long.parseLong(text) * 1024);
  }

  private Optional<Long> memoryLimit() {
    return machine
        .find("sys/fs/cgroup/memory.max", "^(\\d{1,18})$")
        .or(() -> machine.find("sys/fs/cgroup/memory/memory.limit_in_bytes", "^(\\d{1,18})$"))
        .map(Long::parseLong)
        .filter(bytes -> bytes < NO_LIMIT);
  }
}
