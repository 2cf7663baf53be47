package org.aliasfree.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** Walks the modules of a pickled network and gathers what they hold. */
final class ModuleWalk {
  private static final int DEEPEST = 32;

  private final ReadingBudget budget;
  private final PlainValues plain;
  private final Map<String, StoredModule> modules = new LinkedHashMap<>();
  private final Map<String, HostTensor> tensors = new LinkedHashMap<>();
  private final Set<String> buffers = new LinkedHashSet<>();

  private ModuleWalk(ReadingBudget budget) {
    this.budget = budget;
    this.plain = new PlainValues(budget);
  }

  static StoredNetwork of(PickleValue.PersistentObject root, ReadingBudget budget) {
    ModuleWalk walk = new ModuleWalk(budget);
    walk.visit("", root, 0);
    return new StoredNetwork(walk.modules, walk.tensors, walk.buffers);
  }

  private void visit(String path, PickleValue.PersistentObject module, int depth) {
    long offset = module.offset();
    if (depth > DEEPEST) {
      throw new Malformed(offset, "modules are nested more than " + DEEPEST + " deep.");
    }
    budget.walk(path.length() + 64, offset);
    if (modules.put(path, stored(module)) != null) {
      throw new Malformed(offset, "two modules have the path " + Quoted.of(path) + ".");
    }
    String prefix = path.isEmpty() ? "" : path + ".";
    addTensors(prefix, module, "_parameters");
    addTensors(prefix, module, "_buffers");
    for (Map.Entry<Object, PickleValue> child : section(module, "_modules").entrySet()) {
      String childPath = prefix + child.getKey();
      switch (child.getValue()) {
        case PickleValue.None _ -> {}
        case PickleValue.PersistentObject object -> visit(childPath, object, depth + 1);
        default ->
            throw new Malformed(
                offset,
                "the module "
                    + Quoted.of(childPath)
                    + " is "
                    + PickleValues.kind(child.getValue())
                    + ".");
      }
    }
  }

  private void addTensors(String prefix, PickleValue.PersistentObject module, String section) {
    for (Map.Entry<Object, PickleValue> entry : section(module, section).entrySet()) {
      String name = prefix + entry.getKey();
      budget.walk(name.length() + 8, module.offset());
      switch (entry.getValue()) {
        case PickleValue.None _ -> {}
        case PickleValue.Tensor tensor -> {
          if (tensors.put(name, tensor.toHostTensor()) != null) {
            throw new Malformed(
                module.offset(), "two tensors have the name " + Quoted.of(name) + ".");
          }
          if (section.equals("_buffers")) {
            buffers.add(name);
          }
        }
        default ->
            throw new Malformed(
                module.offset(),
                "the tensor "
                    + Quoted.of(name)
                    + " is "
                    + PickleValues.kind(entry.getValue())
                    + ".");
      }
    }
  }

  private static Map<Object, PickleValue> section(
      PickleValue.PersistentObject module, String section) {
    return switch (module.state().entries().get(section)) {
      case null -> Map.of();
      case PickleValue.Dict dict -> dict.entries();
      case PickleValue other ->
          throw new Malformed(
              module.offset(),
              section
                  + " of a module of class "
                  + Quoted.bare(module.className())
                  + " is "
                  + PickleValues.kind(other)
                  + " instead of a dict.");
    };
  }

  private StoredModule stored(PickleValue.PersistentObject module) {
    List<@Nullable Object> initArgs = new ArrayList<>();
    if (module.state().get("_init_args") instanceof PickleValue.Tuple(List<PickleValue> items)) {
      for (PickleValue item : items) {
        // A place is kept for an argument without a plain form, so that the others stay where they
        // are.
        List<@Nullable Object> argument = plain.of(item, module.offset()).orElse(null);
        initArgs.add(argument == null ? null : argument.get(0));
      }
    }
    Map<String, @Nullable Object> initKwargs = Map.of();
    if (module.state().get("_init_kwargs") instanceof PickleValue.Dict dict) {
      initKwargs = plain.map(dict, module.offset());
    }
    return new StoredModule(module.className(), initArgs, initKwargs, attributes(module));
  }

  private Map<String, @Nullable Object> attributes(PickleValue.PersistentObject module) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    for (Map.Entry<Object, PickleValue> entry : module.state().entries().entrySet()) {
      String name = entry.getKey().toString();
      if (!name.startsWith("_") && !name.equals("training")) {
        budget.walk(name.length(), module.offset());
        plain
            .of(entry.getValue(), module.offset())
            .ifPresent(value -> attributes.put(name, value.get(0)));
      }
    }
    return attributes;
  }
}
