/** How far the images of a network are from those of a data set. */
module org.aliasfree.metrics {
  requires static org.jspecify;
  requires transitive org.aliasfree.api;
  requires transitive org.aliasfree.data;

  exports org.aliasfree.metrics;
}
