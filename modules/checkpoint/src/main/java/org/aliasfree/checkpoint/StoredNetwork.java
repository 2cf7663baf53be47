package org.aliasfree.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * A network as a file holds it: a tree of modules by path ({@code ""} is the network itself, {@code
 * synthesis.input} a module in it) and the tensors by name ({@code synthesis.input.weight}).
 *
 * @param modules in the order of the file, parents before children
 * @param tensors in the order of torch's {@code state_dict}: of each module the parameters, the
 *     buffers, then its children
 * @param buffers names of the tensors that are buffers, such as filters and running means; the
 *     others are parameters, which training changes
 */
public record StoredNetwork(
    Map<String, StoredModule> modules, Map<String, HostTensor> tensors, Set<String> buffers) {
  /** Largest finite number of f16. */
  private static final double LARGEST_HALF = 65504;

  /**
   * What a network is. Both generations use the same class names, so this is told by what is in it.
   */
  public enum Kind {
    /** A generator of StyleGAN3, configuration T or R. */
    STYLEGAN3_GENERATOR,
    /** A generator of StyleGAN2. */
    STYLEGAN2_GENERATOR,
    /** A discriminator, the same in both. */
    DISCRIMINATOR,
    /** None of these, for example the augmentation pipe. */
    OTHER
  }

  /** Keeps copies that cannot be changed; there must be a module {@code ""}, and every buffer. */
  public StoredNetwork {
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    if (!modules.containsKey("")) {
      throw new AliasFreeException("A stored network has no root module.");
    }
    buffers = Collections.unmodifiableSet(new LinkedHashSet<>(buffers));
    for (String buffer : buffers) {
      if (!tensors.containsKey(buffer)) {
        throw new AliasFreeException(
            "A stored network names the buffer " + Quoted.of(buffer) + ", but has no such tensor.");
      }
    }
  }

  /** A network whose tensors are all parameters. */
  public StoredNetwork(Map<String, StoredModule> modules, Map<String, HostTensor> tensors) {
    this(modules, tensors, Set.of());
  }

  /** The module at a path; fails when there is none. */
  public StoredModule module(String path) {
    StoredModule module = modules.get(path);
    if (module == null) {
      throw new AliasFreeException(
          "The stored network has no module \"" + path + "\"; it has " + modules.keySet() + ".");
    }
    return module;
  }

  /** Class of the network itself: {@code Generator} or {@code Discriminator}. */
  public String className() {
    return module("").className();
  }

  /** Positional constructor arguments of the network itself. */
  public List<@Nullable Object> initArgs() {
    return module("").initArgs();
  }

  /** Constructor keywords of the network itself. */
  public Map<String, @Nullable Object> initKwargs() {
    return module("").initKwargs();
  }

  /** The tensor of a name; fails when there is none. */
  public HostTensor tensor(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AliasFreeException(
          "The stored network (class "
              + className()
              + ", "
              + tensors.size()
              + " tensors) has no tensor \""
              + name
              + "\".");
    }
    return tensor;
  }

  /**
   * The same network with its f32 parameters rounded to f16, which halves a file. Buffers (filters,
   * running means) stay as they are, and so do parameters with values beyond the range of f16.
   */
  public StoredNetwork withHalfParameters() {
    Map<String, HostTensor> halved = new LinkedHashMap<>(tensors);
    halved.replaceAll(
        (name, tensor) ->
            buffers.contains(name) || tensor.dtype() != DType.F32 || exceedsHalf(tensor)
                ? tensor
                : tensor.to(DType.F16));
    return new StoredNetwork(modules, halved, buffers);
  }

  private static boolean exceedsHalf(HostTensor tensor) {
    for (long i = 0; i < tensor.type().elements(); i++) {
      if (!(Math.abs(tensor.get(i)) <= LARGEST_HALF)) {
        return true;
      }
    }
    return false;
  }

  /** What this network is. */
  public Kind kind() {
    StoredModule synthesis = modules.get("synthesis");
    if (modules.containsKey("synthesis.input")
        || (synthesis != null && synthesis.attributes().containsKey("layer_names"))) {
      return Kind.STYLEGAN3_GENERATOR;
    }
    if (modules.containsKey("synthesis.b4")) {
      return Kind.STYLEGAN2_GENERATOR;
    }
    return modules.containsKey("b4") ? Kind.DISCRIMINATOR : Kind.OTHER;
  }
}
