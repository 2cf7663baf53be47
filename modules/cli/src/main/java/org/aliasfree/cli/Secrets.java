package org.aliasfree.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a text what is nobody's business: reports are shown to everybody. Passwords in
 * addresses and options become ***, the user's folder ~. Where it is not clear how far a password
 * goes, too much is taken.
 *
 * @param home folder of the user; empty for none
 */
record Secrets(String home) {
  private static final String MASK = "***";
  private static final String WORDS =
      "(?:password|passwd|passphrase|pwd|secret|token|credential|api[._-]?key|private[._-]?key|auth)";

  /** {@code http://user:password@proxy}; a password may have any character but a blank. */
  private static final Pattern IN_URL = Pattern.compile("://\\S*@");

  /** {@code user:password@proxy}. */
  private static final Pattern IN_ADDRESS =
      Pattern.compile("(?<![^\\s=,;\"'])[^\\s@=:/,;\"']+:(?!//)\\S*@(?=\\S)");

  /** {@code -Dhttps.proxyPassword=value}, quoted or not; {@code ?token=value}. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?i)([\\w.-]*" + WORDS + "[\\w.-]*=)(?:\"[^\"]*(?:\"|$)|'[^']*(?:'|$)|\\S+)");

  private static final Pattern NAME = Pattern.compile("(?i).*" + WORDS + ".*");

  /** Whether a variable of this name holds a secret. */
  static boolean isSecret(String name) {
    return NAME.matcher(name).matches();
  }

  /** What may be shown of the value of a variable. */
  static String value(String name, String value) {
    return isSecret(name) ? MASK : value;
  }

  /** The text without secrets. */
  String hide(String text) {
    String hidden = IN_URL.matcher(text).replaceAll("://" + MASK + "@");
    hidden = IN_ADDRESS.matcher(hidden).replaceAll(MASK + "@");
    hidden = SETTING.matcher(hidden).replaceAll("$1" + Matcher.quoteReplacement(MASK));
    if (home.length() < 2) { // the root folder is nobody's
      return hidden;
    }
    return hidden.replaceAll("(?<![\\w.-])" + Pattern.quote(home) + "(?![\\w.-])", "~");
  }
}
