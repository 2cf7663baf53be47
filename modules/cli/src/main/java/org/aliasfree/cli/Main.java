package org.aliasfree.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import org.aliasfree.AliasFreeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The entry point of {@code aliasfree}: parses the arguments and runs the command that they name.
 */
@Command(
    name = "aliasfree",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "StyleGAN3 for the JVM.",
      "Each command does one thing; aliasfree COMMAND --help, or aliasfree man COMMAND, tells of"
          + " its options."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:the work could not be done, and what it had written was removed; or standard output could"
          + " not be written",
      "2:the command line is wrong",
      "130:interrupted (Ctrl-C); files that are complete stay, all else is removed, and train"
          + " leaves a state to go on from",
      "143:ended by SIGTERM; the same"
    })
public final class Main implements Action {
  private final Console console;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Tell on standard error what is chosen and done.")
  private boolean verbose;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description =
          "Print stack traces of failures (the environment variable ALIASFREE_DEBUG does too).")
  private boolean debug;

  private Main(Console console) {
    this.console = console;
  }

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args the words after {@code aliasfree}
   */
  public static void main(String[] args) {
    StandardError.restore();
    System.exit(
        run(
            List.of(args),
            new Console(System.out, System.err, Terminal::columns, Terminal::errorColumns)));
  }

  /**
   * Runs the command line.
   *
   * @param args the words after {@code aliasfree}
   * @param out standard output, taken to be no terminal
   * @param err standard error
   * @return the exit code: 0 for success, 1 for work that failed, 2 for a wrong command line
   */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    return run(args, new Console(out, err, () -> 0));
  }

  static int run(List<String> args, Console console) {
    Main main = new Main(console);
    try {
      main.execute(args);
      if (console.out().checkError()) {
        console.error("Cannot write to standard output; it may be full or closed.");
        return CommandFailure.RUN;
      }
      return 0;
    } catch (CommandFailure e) {
      e.lines().forEach(console::error);
      main.trace(e);
      return e.exitCode();
    } catch (AliasFreeException e) {
      console.error(String.valueOf(e.getMessage()));
      main.trace(e);
    } catch (OutOfMemoryError e) {
      console.error(
          "Not enough memory: "
              + e.getMessage()
              + "; use a smaller --batch or --grid, or give Java more: ALIASFREE_OPTS=-Xmx8g.");
      main.trace(e);
    } catch (InternalError e) {
      // A mapped file that somebody cut short.
      console.error("A file changed while it was read: " + e.getMessage() + "; try again.");
      main.trace(e);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      console.error(
          "This is a fault of aliasfree itself: " + e + "; --debug shows where it happened.");
      main.trace(e);
    }
    return CommandFailure.RUN;
  }

  private void trace(Throwable e) {
    String variable = System.getenv("ALIASFREE_DEBUG");
    if (debug || (variable != null && !variable.isEmpty())) {
      e.printStackTrace(console.err());
    }
  }

  private void execute(List<String> args) {
    CommandLine line = commandLine();
    ParseResult parsed = line.parseArgs(args.toArray(String[]::new));
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return;
    }
    ConsoleLogs.setVerbose(verbose);
    Problems problems = new Problems();
    List<CommandLine> named = parsed.asCommandLineList();
    for (CommandLine command : named) {
      for (Exception error : command.getParseResult().errors()) {
        problems.usage(explain(error, command));
      }
    }
    ((Action) named.getLast().getCommand()).run(problems);
  }

  private CommandLine commandLine() {
    return commandLine(this, console);
  }

  /** The command with all below it. */
  static CommandLine commandLine(Console console) {
    return commandLine(new Main(console), console);
  }

  private static CommandLine commandLine(Main main, Console console) {
    CommandLine line =
        new CommandLine(main)
            .addSubcommand(new GenerateCommand(console))
            .addSubcommand(new SampleGridCommand(console))
            .addSubcommand(new StyleMixCommand(console))
            .addSubcommand(new TrainCommand(console))
            .addSubcommand(new DatasetCommand(console))
            .addSubcommand(new MetricsCommand(console))
            .addSubcommand(new BenchCommand(console))
            .addSubcommand(NetworksCommand.commandLine(console))
            .addSubcommand(new ConvertCommand(console))
            .addSubcommand(new ConformanceCommand(console))
            .addSubcommand(new DevicesCommand(console))
            .addSubcommand(new DoctorCommand(console))
            .addSubcommand(new CompletionCommand(console))
            .addSubcommand(new ManCommand(console))
            .addSubcommand(new PackageCommand(console))
            .setOut(new PrintWriter(console.out(), true, console.out().charset()))
            .setErr(new PrintWriter(console.err(), true, console.err().charset()))
            .setOverwrittenOptionsAllowed(true) // as in the official tools, the last one counts
            .setAllowOptionsAsOptionParameters(false);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            Terminal.colours(console.columns(), System.getenv("NO_COLOR")) ? Ansi.ON : Ansi.OFF));
    line.getSubcommands().values().forEach(command -> shareExitCodes(line, command));
    collectErrors(line);
    return line;
  }

  /** All commands have the same, unless one says otherwise. */
  private static void shareExitCodes(CommandLine from, CommandLine to) {
    UsageMessageSpec told = from.getCommandSpec().usageMessage();
    UsageMessageSpec usage = to.getCommandSpec().usageMessage();
    if (usage.exitCodeList().isEmpty()) {
      usage.exitCodeListHeading(told.exitCodeListHeading()).exitCodeList(told.exitCodeList());
    }
    to.getSubcommands().values().forEach(command -> shareExitCodes(to, command));
  }

  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(Main::collectErrors);
  }

  private static String explain(Exception error, CommandLine command) {
    String text = String.valueOf(error.getMessage());
    if (error instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      text +=
          suggestions.isEmpty()
              ? "; see " + command.getCommandSpec().qualifiedName() + " --help"
              : "; did you mean " + String.join(" or ", suggestions) + "?";
    }
    return text;
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public void run(Problems problems) {
    problems.throwIfAny();
    commandLine().usage(console.out());
  }

  /** The version that the build wrote into the module descriptor. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"aliasfree " + number() + ", Java " + Runtime.version()};
    }

    /** As 1.2.3. */
    static String number() {
      var descriptor = Main.class.getModule().getDescriptor();
      String version = descriptor == null ? null : descriptor.rawVersion().orElse(null);
      return version == null ? "(not packaged)" : version;
    }
  }
}
