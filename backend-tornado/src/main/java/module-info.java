/**
 * The op set in Java, compiled by TornadoVM for NVIDIA, AMD, Intel and Apple devices. TornadoVM is
 * the user's own installation, named by {@code TORNADOVM_HOME}.
 */
@SuppressWarnings("module") // TornadoVM's modules are not there while this one is compiled.
module org.aliasfree.backend.tornado {
  requires org.aliasfree.api;
  requires static org.jspecify;
  requires static tornado.api;

  // TornadoVM reads the byte code of kernels, and of the method references that name them.
  opens org.aliasfree.backend.tornado to
      tornado.runtime;
  opens org.aliasfree.backend.tornado.device to
      tornado.runtime,
      tornado.drivers.common,
      tornado.drivers.opencl,
      tornado.drivers.ptx,
      tornado.drivers.spirv;

  provides org.aliasfree.backend.BackendProvider with
      org.aliasfree.backend.tornado.TornadoProvider;
}
