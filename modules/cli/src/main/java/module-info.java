/** The {@code aliasfree} command. */
module org.aliasfree.cli {
  requires info.picocli;
  requires static org.jspecify;

  opens org.aliasfree.cli to
      info.picocli;
}
