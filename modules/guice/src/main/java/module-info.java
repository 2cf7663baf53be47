/** Guice bindings: backends, networks and image generators for host applications. */
module org.aliasfree.guice {
  requires static org.jspecify;
  requires transitive com.google.guice;
  requires transitive jakarta.inject;
  requires transitive org.aliasfree.api;
  requires transitive org.aliasfree.checkpoint;
  requires transitive org.aliasfree.networks;

  exports org.aliasfree.guice;

  opens org.aliasfree.guice to
      com.google.guice;
}
