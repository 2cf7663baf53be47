package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** Gathers a stored network module by module, in the order of PyTorch's {@code state_dict}. */
final class StoredNetworkBuilder {
  private final Map<String, StoredModule> modules = new LinkedHashMap<>();
  private final Map<String, HostTensor> tensors = new LinkedHashMap<>();
  private final Set<String> buffers = new LinkedHashSet<>();

  /** The network itself. */
  void network(
      String className,
      Map<String, @Nullable Object> initKwargs,
      Map<String, @Nullable Object> attributes) {
    modules.put("", new StoredModule(className, List.of(), initKwargs, attributes));
  }

  /** A module, before its tensors and the modules in it. */
  void module(String path, String className, Map<String, @Nullable Object> attributes) {
    modules.put(path, new StoredModule(className, List.of(), Map.of(), attributes));
  }

  /** A tensor that training changes. */
  void parameter(String name, HostTensor tensor) {
    tensors.put(name, tensor);
  }

  /** A tensor that training leaves alone. */
  void buffer(String name, HostTensor tensor) {
    tensors.put(name, tensor);
    buffers.add(name);
  }

  StoredNetwork build() {
    return new StoredNetwork(modules, tensors, buffers);
  }
}
