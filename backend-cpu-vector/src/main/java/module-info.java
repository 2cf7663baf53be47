/**
 * The CPU backend on the Vector API and threads. Without vectors (see {@code VectorSupport}) the
 * same operations run as plain loops.
 */
module org.aliasfree.backend.cpu.vector {
  requires org.aliasfree.api;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  provides org.aliasfree.backend.BackendProvider with
      org.aliasfree.backend.cpu.vector.CpuVectorProvider;
}
