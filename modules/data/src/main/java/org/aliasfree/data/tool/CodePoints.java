package org.aliasfree.data.tool;

import java.util.Comparator;
import java.util.List;

/** The order in which Python sorts: by code points, which is not that of Java's chars. */
final class CodePoints {
  static final Comparator<String> ORDER = CodePoints::compare;

  /** Lists as tuples: the first difference decides, a shorter beginning comes first. */
  static final Comparator<List<String>> PARTS =
      (a, b) -> {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
          int order = compare(a.get(i), b.get(i));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(a.size(), b.size());
      };

  private CodePoints() {}

  private static int compare(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Code points above U+FFFF are pairs of surrogates, which are below U+E000 and U+FFFF.
        boolean pairs = Character.isSurrogate(x) != Character.isSurrogate(y);
        return pairs ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
