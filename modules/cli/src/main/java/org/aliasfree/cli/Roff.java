package org.aliasfree.cli;

/** Text in the language of manual pages, as the macros {@code man} of groff and mandoc read it. */
final class Roff {
  private static final int LONGEST = 78;

  private final StringBuilder text = new StringBuilder();

  /** A request or macro with its arguments, written as they are. */
  Roff macro(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** A heading of a section. */
  Roff section(String name) {
    return macro(".SH " + name);
  }

  /** Text that is filled. */
  Roff line(String plain) {
    return marked(escaped(plain));
  }

  /** As {@link #line} with markup made by {@link #bold} and {@link #italic}. */
  Roff marked(String words) {
    StringBuilder line = new StringBuilder();
    for (String word : words.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > LONGEST) {
        macro(line.toString());
        line.setLength(0);
      }
      if (line.isEmpty()) {
        line.append(isRequest(word) ? "\\&" : "").append(word);
      } else {
        line.append(' ').append(word);
      }
    }
    return macro(line.toString());
  }

  /** Lines that are kept as they are. */
  Roff verbatim(Iterable<String> lines) {
    macro(".nf");
    for (String line : lines) {
      macro(line.isBlank() ? ".sp" : escaped(line));
    }
    return macro(".fi");
  }

  /** A word of a {@code marked} line in bold. */
  static String bold(String plain) {
    return "\\fB" + escaped(plain) + "\\fR";
  }

  /** A word of a {@code marked} line in italics. */
  static String italic(String plain) {
    return "\\fI" + escaped(plain) + "\\fR";
  }

  /**
   * Plain text without anything that roff would take for its own. Hyphens become those of options,
   * which can be copied; a line that begins with a dot or a quote is no request.
   */
  static String escaped(String plain) {
    StringBuilder line = new StringBuilder(isRequest(plain) ? "\\&" : "");
    plain
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> line.append("\\e");
                case '-' -> line.append("\\-");
                case '\'' -> line.append("\\(aq");
                case '`' -> line.append("\\(ga");
                case '^' -> line.append("\\(ha");
                case '~' -> line.append("\\(ti");
                default -> {
                  if (c < 128) {
                    line.appendCodePoint(c);
                  } else {
                    line.append(String.format("\\[u%04X]", c));
                  }
                }
              }
            });
    return line.toString();
  }

  private static boolean isRequest(String line) {
    return line.startsWith(".") || line.startsWith("'");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
