package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a TensorFlow network and the networks in it keep.
 *
 * @param staticKwargs the keywords that it was made with
 * @param variables by path: those of the component {@code mapping} begin with {@code mapping/}
 * @param offset where in the file the network was made
 */
record TensorFlowState(
    PickleValue.Dict staticKwargs, Map<String, PickleValue.NumpyArray> variables, long offset) {
  private static final long OLDEST_VERSION = 4;
  private static final int DEEPEST = 4;

  static TensorFlowState of(PickleValue.TensorFlowNetwork network, ReadingBudget budget) {
    Map<String, PickleValue.NumpyArray> variables = new LinkedHashMap<>();
    collect("", network, 0, variables, budget);
    return new TensorFlowState(
        section(network, "static_kwargs", PickleValue.Dict.class), variables, network.offset());
  }

  private static void collect(
      String prefix,
      PickleValue.TensorFlowNetwork network,
      int depth,
      Map<String, PickleValue.NumpyArray> variables,
      ReadingBudget budget) {
    long offset = network.offset();
    if (depth > DEEPEST) {
      throw new Malformed(offset, "components are nested more than " + DEEPEST + " deep.");
    }
    checkVersion(network);
    for (PickleValue item : section(network, "variables", PickleValue.Sequence.class).items()) {
      if (!(item instanceof PickleValue.Tuple(List<PickleValue> pair))
          || pair.size() != 2
          || !(pair.get(1) instanceof PickleValue.NumpyArray array)) {
        throw new Malformed(
            offset,
            "a variable is "
                + PickleValues.kind(item)
                + "; tuples of a name and a numpy array are expected.");
      }
      String name = prefix + PickleValues.text(pair.get(0), offset);
      budget.walk(name.length() + 8, offset);
      if (variables.put(name, array) != null) {
        throw new Malformed(offset, "two variables have the name " + Quoted.of(name) + ".");
      }
    }
    PickleValue.Dict components = section(network, "components", PickleValue.Dict.class);
    for (Map.Entry<Object, PickleValue> entry : components.entries().entrySet()) {
      String path = prefix + entry.getKey() + "/";
      budget.walk(path.length() + 64, offset);
      if (!(entry.getValue() instanceof PickleValue.TensorFlowNetwork component)) {
        throw new Malformed(
            offset,
            "the component "
                + Quoted.of(path)
                + " is "
                + PickleValues.kind(entry.getValue())
                + " instead of a network.");
      }
      collect(path, component, depth + 1, variables, budget);
    }
  }

  private static void checkVersion(PickleValue.TensorFlowNetwork network) {
    PickleValue.Int version = section(network, "version", PickleValue.Int.class);
    if (version.value() < OLDEST_VERSION) {
      throw new Malformed(
          network.offset(),
          "the network's format has version "
              + version.value()
              + ", but StyleGAN2 has 4 or newer; "
              + TensorFlowNetworks.NOT_SUPPORTED);
    }
  }

  private static <T extends PickleValue> T section(
      PickleValue.TensorFlowNetwork network, String name, Class<T> type) {
    PickleValue value = network.entries().get(name);
    if (!type.isInstance(value)) {
      throw new Malformed(
          network.offset(),
          "the entry "
              + Quoted.of(name)
              + " of a TensorFlow network is "
              + (value == null ? "missing" : PickleValues.kind(value))
              + "; the file is damaged or of another kind.");
    }
    return type.cast(value);
  }
}
