/**
 * Signatures of TornadoVM's programming interface, as far as the backend calls it: enough to
 * compile against where the real module cannot be had, never packaged and never run.
 */
@SuppressWarnings("module") // Its name is that of TornadoVM's own.
module tornado.api {
  exports uk.ac.manchester.tornado.api;
  exports uk.ac.manchester.tornado.api.annotations;
  exports uk.ac.manchester.tornado.api.common;
  exports uk.ac.manchester.tornado.api.enums;
  exports uk.ac.manchester.tornado.api.exceptions;
  exports uk.ac.manchester.tornado.api.math;
  exports uk.ac.manchester.tornado.api.runtime;
  exports uk.ac.manchester.tornado.api.types.vectors;
}
