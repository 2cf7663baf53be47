/** Network files by URL or by published name, downloaded once and kept in a folder. */
module org.aliasfree.networks {
  requires java.net.http;
  requires static org.jspecify;
  requires transitive org.aliasfree.api;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports org.aliasfree.networks;
}
