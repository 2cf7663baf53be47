package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code aliasfree doctor} found.
 *
 * @param sections facts, by what they are about
 * @param findings what is not as it should be
 * @param computes whether a picture could be made
 */
record Diagnosis(List<Section> sections, List<Finding> findings, boolean computes) {
  private static final int LONGEST = 90;

  /** Characters of the longest usual name. */
  private static final int NAMES = 28;

  /** Facts about one matter. */
  record Section(String name, List<Fact> facts) {}

  /**
   * A fact.
   *
   * @param name small letters; blanks become underscores in JSON
   * @param value a text, number, truth or list of these; null for what cannot be told
   * @param text the same for people
   */
  record Fact(String name, @Nullable Object value, String text) {}

  /** What is wrong, and what to do about it. */
  record Finding(String trouble, String remedy) {}

  /** Takes facts and findings. */
  static final class Notes {
    private final List<Fact> facts = new ArrayList<>();
    private final List<Finding> findings;

    Notes(List<Finding> findings) {
      this.findings = findings;
    }

    void fact(String name, Object value) {
      String text =
          switch (value) {
            case List<?> list when list.isEmpty() -> "none";
            case List<?> list -> String.join(", ", list.stream().map(String::valueOf).toList());
            case Boolean truth -> truth ? "yes" : "no";
            default -> value.toString();
          };
      fact(name, value, text);
    }

    void fact(String name, @Nullable Object value, String text) {
      facts.add(new Fact(name, value, text));
    }

    /** A number of bytes. */
    void bytes(String name, long count) {
      fact(name, count, size(count));
    }

    void finding(String trouble, String remedy) {
      findings.add(new Finding(trouble, remedy));
    }

    Section section(String name) {
      return new Section(name, List.copyOf(facts));
    }
  }

  /** {@code 7.8 GB}, {@code 12 MB}; with 1024 of each. */
  static String size(long bytes) {
    double megabytes = bytes / 1048576.0;
    return megabytes < 1024
        ? String.format(Locale.ROOT, "%.0f MB", megabytes)
        : String.format(Locale.ROOT, "%.1f GB", megabytes / 1024);
  }

  /** A section with every text changed so. */
  static Section map(Section section, UnaryOperator<String> change) {
    return new Section(section.name, section.facts.stream().map(f -> map(f, change)).toList());
  }

  /** Findings with every text changed so. */
  static List<Finding> map(List<Finding> findings, UnaryOperator<String> change) {
    return findings.stream()
        .map(f -> new Finding(change.apply(f.trouble), change.apply(f.remedy)))
        .toList();
  }

  private static Fact map(Fact fact, UnaryOperator<String> change) {
    return new Fact(fact.name, map(fact.value, change), change.apply(fact.text));
  }

  private static @Nullable Object map(@Nullable Object value, UnaryOperator<String> change) {
    return switch (value) {
      case null -> null;
      case String text -> change.apply(text);
      case List<?> list -> list.stream().map(item -> change.apply(String.valueOf(item))).toList();
      default -> value;
    };
  }

  /** Lines about one matter, aligned as those of the others. */
  static List<String> lines(Section section) {
    TextTable table = new TextTable(false);
    for (Fact fact : section.facts) {
      String name = String.format(Locale.ROOT, "  %-" + NAMES + "s", fact.name);
      for (String line : wrapped(fact.text)) {
        table.row(name, line);
        name = " ".repeat(NAMES + 2);
      }
    }
    List<String> lines = new ArrayList<>(List.of(section.name));
    lines.addAll(table.lines());
    return lines;
  }

  /** What is not as it should be, at the end of the report. */
  List<String> conclusion() {
    List<String> lines = new ArrayList<>(List.of(""));
    if (findings.isEmpty()) {
      lines.add("All is well.");
    }
    for (Finding finding : findings) {
      lines.add(Console.oneLine("! " + finding.trouble));
      lines.add(Console.oneLine("  " + finding.remedy));
    }
    return lines;
  }

  /** Lines that break at blanks; a word that is longer has one of its own. */
  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > LONGEST) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** One object. */
  String json() {
    return JsonText.of(
        out -> {
          out.writeStartObject();
          for (Section section : sections) {
            out.writeName(key(section.name));
            out.writeStartObject();
            for (Fact fact : section.facts) {
              out.writeName(key(fact.name));
              JsonText.write(fact.value, out);
            }
            out.writeEndObject();
          }
          out.writeArrayPropertyStart("findings");
          for (Finding finding : findings) {
            out.writeStartObject();
            out.writeStringProperty("trouble", finding.trouble);
            out.writeStringProperty("remedy", finding.remedy);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeBooleanProperty("computes", computes);
          out.writeEndObject();
        });
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace(' ', '_');
  }
}
