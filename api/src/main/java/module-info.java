/**
 * AliasFree's core: tensor types, the op set, graphs and their gradients, the StyleGAN networks as
 * functions that build graphs, and the interface that a compute backend implements. It needs
 * nothing but the JDK, and of that the Flight Recorder only where it is there.
 */
module org.aliasfree.api {
  requires static jdk.jfr;
  requires static transitive org.jspecify;

  exports org.aliasfree;
  exports org.aliasfree.backend;
  exports org.aliasfree.backend.support;
  exports org.aliasfree.file;
  exports org.aliasfree.graph;
  exports org.aliasfree.network;
  exports org.aliasfree.op;
  exports org.aliasfree.random;
  exports org.aliasfree.tensor;

  uses org.aliasfree.backend.BackendProvider;
}
