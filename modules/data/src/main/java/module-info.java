/** Images in files: data sets to train on, the tool that makes them, PNG. */
module org.aliasfree.data {
  requires java.desktop;
  requires static org.jspecify;
  requires org.aliasfree.checkpoint;
  requires transitive org.aliasfree.api;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports org.aliasfree.data;
  exports org.aliasfree.data.tool;
}
