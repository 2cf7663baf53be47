package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command as a shell completes it.
 *
 * @param path its name with those of the commands above it, without {@code aliasfree}
 * @param description one sentence
 * @param commands the commands below it
 * @param options those of this command
 * @param arguments what it takes besides options, in order
 */
record Completion(
    List<String> path,
    String description,
    List<Completion> commands,
    List<Flag> options,
    List<Value> arguments) {
  /** What a value can be. */
  enum Files {
    NONE,
    FOLDERS,
    ALL
  }

  /**
   * A value of an option, or an argument.
   *
   * @param label what it is called
   * @param words those that may be offered
   * @param files which may be offered
   * @param many whether there may be several
   */
  record Value(String label, List<String> words, Files files, boolean many) {
    /** Whether there is something to offer. */
    boolean known() {
      return !words.isEmpty() || files != Files.NONE;
    }
  }

  /**
   * An option.
   *
   * @param names long and short
   * @param description one sentence
   * @param values its value; none for a switch
   * @param optional whether the value may be left out
   * @param repeatable whether it may be given several times
   */
  record Flag(
      List<String> names,
      String description,
      List<Value> values,
      boolean optional,
      boolean repeatable) {}

  private static final Set<String> FOLDERS = Set.of("DIR", "FOLDER");
  private static final Set<String> FILES =
      Set.of("FILE", "PATH", "ZIP|DIR", "DIR|FILE", "PKL|RUN", "SOURCE", "TARGET");

  /** Of a command and all below it. */
  static Completion of(CommandLine line) {
    return of(line, List.of());
  }

  private static Completion of(CommandLine line, List<String> path) {
    CommandSpec spec = line.getCommandSpec();
    List<Completion> commands = new ArrayList<>();
    line.getSubcommands()
        .forEach(
            (name, command) ->
                commands.add(of(command, Stream.concat(path.stream(), Stream.of(name)).toList())));
    return new Completion(
        path,
        sentence(spec.usageMessage().description()),
        commands,
        spec.options().stream().filter(o -> !o.hidden()).map(Completion::flag).toList(),
        spec.positionalParameters().stream().map(Completion::value).toList());
  }

  private static Flag flag(OptionSpec option) {
    boolean takesValue = option.arity().max() > 0;
    return new Flag(
        List.of(option.names()),
        sentence(option.description()),
        takesValue ? List.of(value(option)) : List.of(),
        option.arity().min() == 0,
        option.isMultiValue());
  }

  private static Value value(ArgSpec argument) {
    String label = argument.paramLabel();
    Set<String> words = new LinkedHashSet<>();
    if (argument.completionCandidates() != null) {
      argument.completionCandidates().forEach(words::add);
    }
    if (label.equals("BOOL")) {
      words.addAll(List.of("1", "0"));
    } else if (label.matches("[a-z0-9]+(\\|[a-z0-9]+)+")) {
      words.addAll(List.of(label.split("\\|")));
    }
    Files files =
        FOLDERS.contains(label) ? Files.FOLDERS : FILES.contains(label) ? Files.ALL : Files.NONE;
    return new Value(label, List.copyOf(words), files, argument.isMultiValue());
  }

  /** The first sentence, or what stands before a colon, without its end. */
  private static String sentence(String[] description) {
    String text = description.length == 0 ? "" : description[0];
    return text.split("[.:;](\\s|$)", 2)[0].strip();
  }

  /** This and all below. */
  Stream<Completion> all() {
    return Stream.concat(Stream.of(this), commands.stream().flatMap(Completion::all));
  }
}
