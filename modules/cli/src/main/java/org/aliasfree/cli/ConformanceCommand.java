package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Availability.Available;
import org.aliasfree.backend.Availability.Unavailable;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Backends;
import org.aliasfree.conformance.Case;
import org.aliasfree.conformance.ConformanceReport;
import org.aliasfree.conformance.ConformanceRun;
import org.aliasfree.conformance.OpSupport;
import org.aliasfree.conformance.Settings;
import org.aliasfree.conformance.Skipped;
import org.aliasfree.conformance.Subject;
import org.aliasfree.conformance.Throughput;
import org.aliasfree.conformance.Trials;
import org.aliasfree.conformance.Violation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aliasfree conformance}: whether backends follow the rules on this machine. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Check that a backend computes right on this machine: every op on random cases against the"
          + " reference, memory, errors, threads, whole networks.",
      "The rules are explained in docs/backend-spi.md."
    })
final class ConformanceCommand implements Action {
  private final Console console;

  @Option(
      names = "--backend",
      paramLabel = "ID[:DEVICE]",
      completionCandidates = Words.OfBackends.class,
      description = "The backend to check; see aliasfree devices. Default: all that can be used.")
  private @Nullable String backend;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "test",
      completionCandidates = Words.OfConformanceModes.class,
      description =
          "test: check the rules; support: print which op runs natively where, as docs/op-support.md"
              + " has it; perf: measure single ops. Default: ${DEFAULT-VALUE}.")
  private @Nullable String mode;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed gives other random cases. Default: 1.")
  private @Nullable Long seed;

  @Option(
      names = "--tries",
      paramLabel = "N",
      description = "Random cases of each op. Default: 32.")
  private @Nullable Integer tries;

  @Option(
      names = "--case",
      paramLabel = "LINE",
      description = "Check one case only: the line that a failure printed.")
  private @Nullable String line;

  ConformanceCommand(Console console) {
    this.console = console;
  }

  /** What a mode does with an open choice of backends. */
  private interface Mode {
    void run(List<Backends.Found> chosen, String device);
  }

  @Override
  public void run(Problems problems) {
    Case single = problems.parse("--case", line, Case::parse);
    Settings settings = problems.parse("--tries", String.valueOf(tries), t -> settings());
    Mode chosen =
        switch (Objects.requireNonNullElse(mode, "test")) {
          case "test" ->
              (found, device) -> test(found, device, Objects.requireNonNull(settings), single);
          case "support" -> this::support;
          case "perf" -> this::measure;
          default -> {
            problems.usage("--mode: \"" + mode + "\" is no mode; choose test, support or perf.");
            yield this::support;
          }
        };
    String choice = Objects.requireNonNullElse(backend, "");
    int colon = choice.indexOf(':');
    String id = colon < 0 ? choice : choice.substring(0, colon);
    List<Backends.Found> found = usable(id, problems);
    problems.throwIfAny();
    chosen.run(found, colon < 0 ? "" : choice.substring(colon + 1));
  }

  private Settings settings() {
    Settings defaults = Settings.DEFAULTS;
    return new Settings(
        seed == null ? defaults.seed() : seed, tries == null ? defaults.tries() : tries);
  }

  /** The backends to look at; one that was asked for must be there. */
  private List<Backends.Found> usable(String id, Problems problems) {
    List<Backends.Found> usable = new ArrayList<>();
    for (Backends.Found found : Backends.list()) {
      if (id.isEmpty() || id.equals(found.provider().id())) {
        switch (found.availability()) {
          case Available a -> usable.add(found);
          case Unavailable u -> {
            if (!id.isEmpty()) {
              problems.usage("--backend: \"" + id + "\" cannot be used: " + u.reason());
              return usable;
            }
          }
        }
      }
    }
    if (usable.isEmpty()) {
      problems.usage(
          "--backend: there is no backend called \""
              + id
              + "\"; there are: "
              + String.join(", ", Backends.list().stream().map(f -> f.provider().id()).toList())
              + ".");
    }
    return usable;
  }

  private void test(
      List<Backends.Found> found, String device, Settings settings, @Nullable Case single) {
    List<String> failed = new ArrayList<>();
    for (Backends.Found f : found) {
      BackendOptions options = BackendOptions.defaults().withDevice(device);
      boolean passed = single == null ? testAll(f, options, settings) : testOne(f, options, single);
      if (!passed) {
        failed.add(f.provider().id());
      }
    }
    if (!failed.isEmpty()) {
      throw new CommandFailure(
          List.of("Rules are broken by: " + String.join(", ", failed) + "; see above."),
          CommandFailure.RUN);
    }
  }

  private boolean testAll(Backends.Found found, BackendOptions options, Settings settings) {
    ProgressLine progress = new ProgressLine(console, found.provider().id());
    ConformanceReport report =
        ConformanceRun.of(found.provider(), options, settings, progress::show);
    progress.clear();
    report.table().forEach(console::line);
    return report.passed();
  }

  private boolean testOne(Backends.Found found, BackendOptions options, Case single) {
    String id = found.provider().id();
    try (Subject subject = new Subject(found.provider(), options)) {
      new Trials(subject).all(single);
      console.line(id + ": the case passes.");
      return true;
    } catch (Skipped s) {
      console.line(id + ": skipped: " + s.getMessage());
      return true;
    } catch (Violation v) {
      console.line(id + ": " + v.getMessage());
      return false;
    }
  }

  private void support(List<Backends.Found> found, String device) {
    List<Backend> open = new ArrayList<>();
    try {
      for (Backends.Found f : found) {
        open.add(f.provider().open(BackendOptions.defaults().withDevice(device)));
      }
      OpSupport.page(open).forEach(console::line);
    } finally {
      open.forEach(Backend::close);
    }
  }

  private void measure(List<Backends.Found> found, String device) {
    for (Backends.Found f : found) {
      try (Backend opened = f.provider().open(BackendOptions.defaults().withDevice(device))) {
        ProgressLine progress = new ProgressLine(console, opened.id());
        List<Throughput.Measurement> all = Throughput.of(opened, progress::show);
        progress.clear();
        console.line(opened.id() + ": " + opened.description());
        all.forEach(m -> console.line(m.line()));
      } catch (AliasFreeException e) {
        throw new CommandFailure(List.of(String.valueOf(e.getMessage())), CommandFailure.RUN);
      }
    }
  }
}
