/** Images in files: data sets to train on, the tool that makes them, PNG. */
module org.aliasfree.data {
  requires java.desktop;
  requires static org.jspecify;
  requires transitive org.aliasfree.api;
  requires tools.jackson.core;

  exports org.aliasfree.data;
}
