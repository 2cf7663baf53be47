package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of cells as lines of text with aligned columns. Cells may hold anything: what could break a
 * line is written as an escape.
 */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Boolean> right;

  /**
   * An empty table.
   *
   * @param rightAligned for each column but the last, which is never padded, whether it is a number
   */
  TextTable(Boolean... rightAligned) {
    right = List.of(rightAligned);
  }

  /** Adds a row of one cell more than there are alignments. */
  TextTable row(String... cells) {
    rows.add(List.of(cells).stream().map(Console::oneLine).toList());
    return this;
  }

  /** The lines, without blanks at their ends. */
  List<String> lines() {
    int[] widths = new int[right.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String blanks = " ".repeat(widths[i] - row.get(i).length());
      line.append(right.get(i) ? blanks + row.get(i) : row.get(i) + blanks).append("  ");
    }
    return line.append(row.getLast()).toString().stripTrailing();
  }
}
