package org.aliasfree.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The entry point of {@code aliasfree}: parses the arguments and runs the command that they name.
 */
@Command(
    name = "aliasfree",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "StyleGAN3 for the JVM.")
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args the words after {@code aliasfree}
   */
  public static void main(String[] args) {
    StandardError.restore();
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }

  /** The version that the build wrote into the module descriptor. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var descriptor = Main.class.getModule().getDescriptor();
      String version = descriptor == null ? null : descriptor.rawVersion().orElse(null);
      return new String[] {
        "aliasfree "
            + (version == null ? "(not packaged)" : version)
            + ", Java "
            + Runtime.version()
      };
    }
  }
}
