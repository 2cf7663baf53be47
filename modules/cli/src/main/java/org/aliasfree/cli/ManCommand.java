package org.aliasfree.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.file.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aliasfree man}: the manual pages. */
@Command(
    name = "man",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Print the manual page of a command, or write those of all.",
      "They are dated with today, or with the environment variable SOURCE_DATE_EPOCH."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree man generate | man -l -",
      "  aliasfree man --outdir ~/.local/share/man/man1"
    })
final class ManCommand implements Action {
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The command, such as generate, or networks list. Default: aliasfree itself.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--outdir",
      paramLabel = "FOLDER",
      description =
          "Write the pages of all commands there, aliasfree.1, aliasfree-generate.1 and so on; made where it does not"
              + " exist.")
  private @Nullable String outdir;

  ManCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    CommandLine root = Objects.requireNonNull(spec).root().commandLine();
    String date = date(System.getenv("SOURCE_DATE_EPOCH"));
    CommandLine chosen = find(root, problems);
    if (outdir != null && !words.isEmpty()) {
      problems.usage("--outdir: the pages of all commands are written; name none.");
    }
    if (!problems.isEmpty() || outdir == null) {
      problems.throwIfAny();
      console.out().print(new ManPage(Objects.requireNonNull(chosen), date).text());
      console.out().flush();
      return;
    }
    List<ManPage> pages = all(root).map(command -> new ManPage(command, date)).toList();
    try (OutputFolder folder = OutputFolder.open(outdir, problems)) {
      problems.throwIfAny();
      write(pages, Objects.requireNonNull(folder));
    }
  }

  private void write(List<ManPage> pages, OutputFolder folder) {
    try {
      for (ManPage page : pages) {
        byte[] text = page.text().getBytes(StandardCharsets.US_ASCII);
        folder.make(page.name() + ".1", path -> AtomicFile.write(path, text));
      }
    } catch (RuntimeException e) {
      folder.rollback();
      throw e;
    }
    console.line(pages.size() + " pages in " + Console.oneLine(String.valueOf(outdir)));
  }

  private @Nullable CommandLine find(CommandLine root, Problems problems) {
    CommandLine found = root;
    for (String word : words) {
      CommandLine below = found.getSubcommands().get(word);
      if (below == null) {
        problems.usage(
            "COMMAND: "
                + found.getCommandSpec().qualifiedName()
                + " has no command "
                + OptionValues.quoted(word)
                + ".");
        return null;
      }
      found = below;
    }
    return found;
  }

  private static Stream<CommandLine> all(CommandLine line) {
    return Stream.concat(
        Stream.of(line), line.getSubcommands().values().stream().flatMap(ManCommand::all));
  }

  /** Of the build that makes packages, or today. */
  static String date(@Nullable String epochSeconds) {
    return epochSeconds != null && epochSeconds.matches("\\d{1,11}")
        ? LocalDate.ofInstant(Instant.ofEpochSecond(Long.parseLong(epochSeconds)), ZoneOffset.UTC)
            .toString()
        : LocalDate.now(ZoneOffset.UTC).toString();
  }
}
