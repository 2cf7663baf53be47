package org.aliasfree.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a command did.
 *
 * @param exitCode 0 for success
 * @param out lines on standard output
 * @param err lines on standard error
 */
record CommandRun(int exitCode, List<String> out, List<String> err) {
  /** A network that takes no time. */
  static final String TINY =
      "random:stylegan3-t-16?seed=3&cbase=128&cmax=8&w_dim=8&z_dim=8&num_layers=4&first_cutoff=2";

  static CommandRun of(String... args) {
    return of(0, args);
  }

  /** On a terminal so many characters wide; 0 for none. */
  static CommandRun of(int columns, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code =
        Main.run(
            List.of(args),
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                () -> columns));
    return new CommandRun(code, lines(out), lines(err));
  }

  private static List<String> lines(ByteArrayOutputStream text) {
    return text.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
