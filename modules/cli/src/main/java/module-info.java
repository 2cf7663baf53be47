/** The {@code aliasfree} command. */
module org.aliasfree.cli {
  requires info.picocli;
  requires org.aliasfree.api;
  requires static org.jspecify;

  opens org.aliasfree.cli to
      info.picocli;
}
