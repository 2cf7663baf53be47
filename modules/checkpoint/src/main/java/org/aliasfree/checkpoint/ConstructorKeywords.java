package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * What a network of a file was constructed with: keywords, positional arguments and, where neither
 * tells, attributes of its modules. A keyword that was given as {@code None} is found; one that was
 * not given is not.
 */
final class ConstructorKeywords {
  private final String whose;
  private final String prefix;
  private final Map<String, @Nullable Object> given;
  private final Map<String, StoredModule> modules;

  private ConstructorKeywords(
      String whose,
      String prefix,
      Map<String, @Nullable Object> given,
      Map<String, StoredModule> modules) {
    this.whose = whose;
    this.prefix = prefix;
    this.given = given;
    this.modules = modules;
  }

  /**
   * Of a whole network.
   *
   * @param whose for messages: {@code the generator}
   * @param positional names of the arguments that may be given without their names
   */
  static ConstructorKeywords of(StoredNetwork network, String whose, List<String> positional) {
    List<@Nullable Object> arguments = network.initArgs();
    if (arguments.size() > positional.size()) {
      throw new AliasFreeException(
          "In the file, "
              + whose
              + " was made with "
              + arguments.size()
              + " positional arguments; it has "
              + positional.size()
              + ".");
    }
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      given.put(positional.get(i), arguments.get(i));
    }
    given.putAll(network.initKwargs());
    return new ConstructorKeywords(whose, "", given, network.modules());
  }

  /** The keywords that are the value of one of these, such as {@code mapping_kwargs}. */
  ConstructorKeywords nested(String name) {
    Map<String, @Nullable Object> inner = new LinkedHashMap<>();
    if (given.get(name) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> inner.put(String.valueOf(key), value));
    } else if (given.get(name) != null) {
      throw new AliasFreeException(
          "In the file, " + whose + "'s " + name + " are not keywords; the file is damaged.");
    }
    return new ConstructorKeywords(whose, name + ".", inner, modules);
  }

  /** These, and those nested in one of them as if they had been given here. */
  ConstructorKeywords unfolded(String name) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(given);
    all.remove(name);
    all.putAll(nested(name).given);
    return new ConstructorKeywords(whose, prefix, all, modules);
  }

  /** Whether the keyword itself was given. */
  boolean gives(String name) {
    return given.containsKey(name);
  }

  /** Refuses keywords that the official code does not have, naming them. */
  void refuseUnknown(Set<String> known, String family) {
    List<String> unknown =
        given.keySet().stream()
            .filter(name -> !known.contains(name))
            .map(name -> prefix + Quoted.bare(name))
            .toList();
    if (!unknown.isEmpty()) {
      throw new AliasFreeException(
          "In the file, "
              + whose
              + " was made with "
              + String.join(", ", unknown)
              + ", which "
              + family
              + " does not have; it comes from changed code and cannot be rebuilt.");
    }
  }

  /** The keyword's value. */
  Optional<KeywordValue> find(String name) {
    return gives(name) ? Optional.of(value(name, given.get(name))) : Optional.empty();
  }

  /** The keyword's value, else the attribute of the same name of the module at a path. */
  Optional<KeywordValue> find(String name, String path) {
    return find(name, path, name);
  }

  /** The keyword's value, else an attribute of the module at a path. */
  Optional<KeywordValue> find(String name, String path, String attribute) {
    return find(name).or(() -> attribute(name, path, attribute));
  }

  /** What a module's attribute tells of a keyword. */
  private Optional<KeywordValue> attribute(String name, String path, String attribute) {
    StoredModule module = modules.get(path);
    return module != null && module.attributes().containsKey(attribute)
        ? Optional.of(value(name, module.attributes().get(attribute)))
        : Optional.empty();
  }

  private KeywordValue value(String name, @Nullable Object value) {
    return new KeywordValue(whose, prefix + name, value);
  }

  /**
   * How many of the highest resolutions run in f16, as the blocks (modules {@code b4}, {@code b8}
   * and so on at a path) say of themselves, for networks that have no keyword or attribute {@code
   * num_fp16_res}; empty when they agree with what is assumed.
   *
   * @param path of the module with the blocks
   * @param assumed whether the block of a resolution is taken to run in f16
   */
  Optional<Integer> countedFp16Res(String path, IntPredicate assumed) {
    if (find("num_fp16_res", path).isPresent()) {
      return Optional.empty();
    }
    String block = (path.isEmpty() ? "" : path + ".") + "b";
    int halves = 0;
    boolean agree = true;
    for (int log2 = 2; log2 < 31; log2++) {
      StoredModule module = modules.get(block + (1 << log2));
      if (module != null && module.attributes().get("use_fp16") instanceof Boolean half) {
        halves += half ? 1 : 0;
        agree &= half == assumed.test(1 << log2);
      }
    }
    return agree ? Optional.empty() : Optional.of(halves);
  }
}
