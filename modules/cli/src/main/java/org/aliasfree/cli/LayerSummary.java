package org.aliasfree.cli;

import java.util.Map;
import java.util.Optional;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * A module of a network file: what it is, and what lies in it without its own modules.
 *
 * @param path {@code synthesis.input.affine}; empty for the network itself
 * @param className its Python class; empty when the file does not tell
 * @param parameters by their names within the module
 * @param buffers likewise
 * @param output what it computes for one image, where the network can be built and the module is a
 *     step of it
 */
record LayerSummary(
    String path,
    String className,
    Map<String, HostTensor> parameters,
    Map<String, HostTensor> buffers,
    Optional<TensorType> output) {
  long parameterCount() {
    return elements(parameters);
  }

  long bufferCount() {
    return elements(buffers);
  }

  /** Bytes of all tensors. */
  long bytes() {
    return bytes(parameters) + bytes(buffers);
  }

  private static long elements(Map<String, HostTensor> tensors) {
    return tensors.values().stream().mapToLong(t -> t.shape().elements()).sum();
  }

  private static long bytes(Map<String, HostTensor> tensors) {
    return tensors.values().stream().mapToLong(t -> t.type().bytes()).sum();
  }
}
