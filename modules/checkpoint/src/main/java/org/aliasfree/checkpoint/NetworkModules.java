package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * The modules that a network built here has in a file: those of the official one, with the classes
 * and the attributes that tell what a network is.
 */
final class NetworkModules {
  /** Classes by path; the first pattern that fits counts. */
  private static final Map<Pattern, String> CLASSES = classes();

  private final Map<String, StoredModule> modules = new LinkedHashMap<>();

  /** The network itself. */
  NetworkModules(
      String className,
      Map<String, @Nullable Object> initKwargs,
      Map<String, @Nullable Object> attributes) {
    modules.put("", new StoredModule(className, List.of(), initKwargs, attributes));
  }

  private static Map<Pattern, String> classes() {
    Map<Pattern, String> classes = new LinkedHashMap<>();
    classes.put(Pattern.compile("synthesis"), "SynthesisNetwork");
    classes.put(Pattern.compile("mapping"), "MappingNetwork");
    classes.put(Pattern.compile("mapping\\..*|.*\\.affine|b4\\.(fc|out)"), "FullyConnectedLayer");
    classes.put(Pattern.compile("synthesis\\.input"), "SynthesisInput");
    classes.put(Pattern.compile("synthesis\\.(L.*|b\\d+\\.conv[01])"), "SynthesisLayer");
    classes.put(Pattern.compile("synthesis\\.b\\d+"), "SynthesisBlock");
    classes.put(Pattern.compile("synthesis\\.b\\d+\\.torgb"), "ToRGBLayer");
    classes.put(Pattern.compile("b4"), "DiscriminatorEpilogue");
    classes.put(Pattern.compile("b\\d+"), "DiscriminatorBlock");
    classes.put(Pattern.compile(".*"), "Conv2dLayer");
    return classes;
  }

  /** A module that has attributes. */
  void add(String path, Map<String, @Nullable Object> attributes) {
    modules.put(path, new StoredModule(classOf(path), List.of(), Map.of(), attributes));
  }

  /** The network with its tensors, and modules for all of them. */
  StoredNetwork withTensors(List<NetworkVariable> variables, Map<String, HostTensor> tensors) {
    Set<String> buffers = new LinkedHashSet<>();
    for (NetworkVariable v : variables) {
      String name = v.variable().name();
      if (!v.trainable()) {
        buffers.add(name);
      }
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        String path = name.substring(0, dot);
        modules.computeIfAbsent(
            path, p -> new StoredModule(classOf(p), List.of(), Map.of(), Map.of()));
      }
    }
    return new StoredNetwork(modules, tensors, buffers);
  }

  private static String classOf(String path) {
    return CLASSES.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }
}
