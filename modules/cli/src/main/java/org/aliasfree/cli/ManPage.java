package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The manual page of a command, made of what its {@code --help} is made of.
 *
 * @param command what it is about
 * @param date of the page, as 2026-01-31
 */
record ManPage(CommandLine command, String date) {
  /** What the command reads and leaves on the disk, apart from what its options name. */
  private static final Map<String, String> FILES =
      Map.of(
          "~/.cache/aliasfree/networks",
          "Networks that were downloaded (Linux; ALIASFREE_CACHE and XDG_CACHE_HOME choose another folder).");

  /** What it is found by, without the ending of its section. */
  String name() {
    return name(command);
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName("-");
  }

  /** The page. */
  String text() {
    CommandSpec spec = command.getCommandSpec();
    Roff page = new Roff();
    String version = String.join("", spec.root().version()).split(",", 2)[0];
    page.macro(
        String.format(
            Locale.ROOT,
            ".TH \"%s\" 1 %s \"%s\" \"AliasFree\"",
            Roff.escaped(name().toUpperCase(Locale.ROOT)),
            date,
            Roff.escaped(version)));
    page.macro(".nh").macro(".ad l");
    page.section("NAME").marked(Roff.escaped(name()) + " \\- " + Roff.escaped(purpose(spec)));
    page.section("SYNOPSIS");
    synopsis(page);
    page.section("DESCRIPTION");
    paragraphs(List.of(spec.usageMessage().description()), page);
    options(page);
    commands(page);
    exitStatus(page);
    if (command.getParent() == null) {
      environment(page);
    }
    examples(page);
    seeAlso(page);
    return page.toString();
  }

  /** The first sentence, as manuals have it: in small letters, without a full stop. */
  private static String purpose(CommandSpec spec) {
    String[] description = spec.usageMessage().description();
    String first = description.length == 0 ? spec.name() : description[0];
    String sentence = first.split("[.:](\\s|$)", 2)[0];
    return sentence.split(" ", 2)[0].matches("[A-Z][a-z]*")
        ? sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1)
        : sentence;
  }

  private void synopsis(Roff page) {
    String name = command.getCommandSpec().qualifiedName();
    CommandLine.Help help =
        new CommandLine.Help(
            command.getCommandSpec(), CommandLine.Help.defaultColorScheme(Ansi.OFF));
    String text = help.synopsis(0).replaceAll("\\s+", " ").strip();
    page.marked(Roff.bold(name) + Roff.escaped(text.substring(name.length())));
  }

  /** Lines that begin with blanks are kept as they are. */
  private static void paragraphs(List<String> lines, Roff page) {
    boolean first = true;
    for (String line : lines) {
      if (line.startsWith(" ")) {
        page.verbatim(List.of(line));
      } else {
        if (!first) {
          page.macro(".PP");
        }
        page.line(line);
      }
      first = false;
    }
  }

  private void options(Roff page) {
    CommandSpec spec = command.getCommandSpec();
    page.section("OPTIONS");
    spec.positionalParameters()
        .forEach(argument -> item(Roff.italic(argument.paramLabel()), argument, page));
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        List<String> names = new ArrayList<>();
        for (String name : option.names()) {
          names.add(Roff.bold(name) + value(option, name.startsWith("--")));
        }
        item(String.join(", ", names), option, page);
      }
    }
  }

  private static String value(OptionSpec option, boolean isLong) {
    if (option.arity().max() == 0) {
      return "";
    }
    String value = (isLong ? "=" : " ") + Roff.italic(option.paramLabel());
    return option.arity().min() == 0 ? "[" + value + "]" : value;
  }

  private static void item(String marked, ArgSpec argument, Roff page) {
    page.macro(".TP").marked(marked);
    String usual = String.valueOf(argument.defaultValue());
    page.line(
        String.join(" ", argument.description())
            .replace("${DEFAULT-VALUE}", usual)
            .replace("%n", " ")
            .replace("%%", "%"));
  }

  private void commands(Roff page) {
    if (command.getSubcommands().isEmpty()) {
      return;
    }
    page.section("COMMANDS");
    for (CommandLine below : command.getSubcommands().values()) {
      page.macro(".TP").macro(reference(below));
      page.line(below.getCommandSpec().usageMessage().description()[0]);
    }
  }

  private static String reference(CommandLine line) {
    return ".BR " + Roff.escaped(name(line)) + " (1)";
  }

  private void exitStatus(Roff page) {
    page.section("EXIT STATUS");
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> page.macro(".TP").marked(Roff.bold(code)).line(meaning + "."));
  }

  private static void environment(Roff page) {
    page.section("ENVIRONMENT");
    EnvironmentVariable.all()
        .forEach(v -> page.macro(".TP").marked(Roff.bold(v.name())).line(v.meaning()));
    page.section("FILES");
    FILES.forEach((file, meaning) -> page.macro(".TP").marked(Roff.italic(file)).line(meaning));
  }

  private void examples(Roff page) {
    String[] footer = command.getCommandSpec().usageMessage().footer();
    if (footer.length > 0) {
      page.section("EXAMPLES").verbatim(Arrays.asList(footer));
    }
  }

  /** The commands above, beside and below. */
  private void seeAlso(Roff page) {
    CommandLine parent = command.getParent();
    List<String> others =
        Stream.concat(
                parent == null ? Stream.of() : Stream.of(parent),
                Stream.concat(
                    parent == null
                        ? Stream.of()
                        : parent.getSubcommands().values().stream()
                            .filter(c -> !name(c).equals(name())),
                    command.getSubcommands().values().stream()))
            .map(ManPage::reference)
            .toList();
    page.section("SEE ALSO");
    for (int i = 0; i < others.size(); i++) {
      page.macro(others.get(i) + (i + 1 < others.size() ? "," : ""));
    }
  }
}
