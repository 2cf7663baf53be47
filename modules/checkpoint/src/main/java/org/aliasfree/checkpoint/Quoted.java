package org.aliasfree.checkpoint;

/** Text from a file as it may appear in a message: one line, no control characters, not endless. */
final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  /** In double quotes, cut after 80 characters. */
  static String of(String text) {
    String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    return '"' + oneLine(shown) + '"';
  }

  /** Without quotes, cut after 80 characters. */
  static String bare(String text) {
    return oneLine(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
  }

  /**
   * With every character that could break a line, move a cursor or reorder text written as an
   * escape.
   */
  static String oneLine(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.UNASSIGNED ->
            out.append(String.format("\\u%04x", (int) c));
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
