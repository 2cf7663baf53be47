/**
 * Everything that making images needs: the api, network files, PNG, the CPU backends and a small
 * trained network. An application that {@code requires org.aliasfree.starter} can use the first
 * three, and the service loader finds the rest.
 */
module org.aliasfree.starter {
  requires org.aliasfree.backend.cpu.reference;
  requires org.aliasfree.backend.cpu.vector;
  requires org.aliasfree.network.portraits;
  requires transitive org.aliasfree.api;
  requires transitive org.aliasfree.checkpoint;
  requires transitive org.aliasfree.data;
}
