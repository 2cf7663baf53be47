package org.aliasfree.checkpoint;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * This project's layout of networks in a safetensors file. The metadata entry {@code
 * aliasfree.network} is a JSON object:
 *
 * <pre>{@code
 * {"version": 1,
 *  "networks": {"G_ema": {"": {"class": "Generator", "init_args": [], "init_kwargs": {…}, "attributes": {…}},
 *                         "synthesis": {…}, "synthesis.input": {…}, …}},
 *  "buffers": {"G_ema": ["synthesis.input.transform", …]},
 *  "entries": {"training_set_kwargs": {…}}}
 * }</pre>
 *
 * with a member for each module path; what is not among the buffers is a parameter. A tensor's name
 * is network, dot, state-dict name.
 */
final class NetworkSafetensors {
  static final String KEY = "aliasfree.network";

  private static final long VERSION = 1;

  /** In bits; pickles that are read may have no longer ones. */
  private static final int LONGEST_INTEGER = 511;

  private static final long MOST_VALUES = 1_000_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private NetworkSafetensors() {}

  static Safetensors content(
      Map<String, StoredNetwork> networks, Map<String, @Nullable Object> entries) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    Map<String, @Nullable Object> described = new LinkedHashMap<>();
    Map<String, @Nullable Object> buffers = new LinkedHashMap<>();
    networks.forEach(
        (name, network) -> {
          if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new AliasFreeException(
                "A network cannot be stored as \"" + name + "\": a name without a dot is needed.");
          }
          network.tensors().forEach((tensor, data) -> tensors.put(name + "." + tensor, data));
          Map<String, @Nullable Object> modules = new LinkedHashMap<>();
          network.modules().forEach((path, module) -> modules.put(path, describe(module)));
          described.put(name, modules);
          buffers.put(name, List.copyOf(network.buffers()));
        });
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("version", VERSION);
    root.put("networks", described);
    root.put("buffers", buffers);
    root.put("entries", entries);
    checkStorable(root, KEY);
    return new Safetensors(tensors, Map.of(KEY, JSON.writeValueAsString(root)));
  }

  private static Map<String, @Nullable Object> describe(StoredModule module) {
    Map<String, @Nullable Object> described = new LinkedHashMap<>();
    described.put("class", module.className());
    described.put("init_args", module.initArgs());
    described.put("init_kwargs", module.initKwargs());
    described.put("attributes", module.attributes());
    return described;
  }

  /** Pickles and JSON have all these kinds of values; JSON has no infinities. */
  static void checkStorable(@Nullable Object value, String where) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((key, item) -> checkStorable(item, where + "." + key));
      case List<?> list -> list.forEach(item -> checkStorable(item, where));
      case Double number when !Double.isFinite(number) ->
          throw new AliasFreeException(
              "The setting "
                  + Quoted.oneLine(where)
                  + " is "
                  + number
                  + ", which cannot be stored.");
      case BigInteger integer when integer.bitLength() > LONGEST_INTEGER ->
          throw new AliasFreeException(
              "The setting "
                  + Quoted.oneLine(where)
                  + " is an integer of "
                  + integer.bitLength()
                  + " bits, which cannot be stored.");
      case null -> {}
      case Boolean _, Long _, BigInteger _, Double _, String _ -> {}
      default ->
          throw new AliasFreeException(
              "The setting "
                  + Quoted.oneLine(where)
                  + " is a "
                  + value.getClass().getName()
                  + ", which cannot be stored.");
    }
  }

  static NetworkFile read(Path path, Safetensors file) {
    String text = file.metadata().get(KEY);
    if (text == null) {
      throw new Malformed(
          -1,
          "this safetensors file holds tensors but no network: it has no metadata "
              + Quoted.of(KEY)
              + ".");
    }
    Map<String, @Nullable Object> root = parse(text);
    if (!(root.get("version") instanceof Long version) || version != VERSION) {
      throw new Malformed(
          -1,
          "the network layout has version " + root.get("version") + "; version 1 is supported.");
    }
    Map<String, Map<String, HostTensor>> tensors = new LinkedHashMap<>();
    Map<String, Supplier<StoredNetwork>> networks = new LinkedHashMap<>();
    Map<String, @Nullable Object> buffers = object(root.get("buffers"), "buffers");
    object(root.get("networks"), "networks")
        .forEach(
            (name, modules) -> {
              Map<String, HostTensor> own = new LinkedHashMap<>();
              Map<String, StoredModule> checked = modules(name, modules);
              Set<String> itsBuffers = names(buffers.get(name), "buffers." + name);
              tensors.put(name, own);
              networks.put(name, () -> new StoredNetwork(checked, own, itsBuffers));
            });
    file.tensors().forEach((name, tensor) -> place(name, tensor, tensors));
    if (networks.isEmpty()) {
      throw new Malformed(-1, "the file holds no network.");
    }
    return new NetworkFile(path, networks, object(root.get("entries"), "entries"));
  }

  private static void place(
      String name, HostTensor tensor, Map<String, Map<String, HostTensor>> tensors) {
    int dot = name.indexOf('.');
    Map<String, HostTensor> own = dot < 0 ? null : tensors.get(name.substring(0, dot));
    if (own == null) {
      throw new Malformed(
          -1,
          "the tensor "
              + Quoted.of(name)
              + " belongs to none of the networks "
              + tensors.keySet()
              + ".");
    }
    own.put(name.substring(dot + 1), tensor);
  }

  private static Map<String, @Nullable Object> parse(String text) {
    try (JsonParser tokens = JSON.createParser(text)) {
      for (long count = 0; tokens.nextToken() != null; count++) {
        if (count == MOST_VALUES) {
          throw new Malformed(
              -1, "the metadata " + KEY + " has more than " + MOST_VALUES + " names and values.");
        }
      }
      return object(JSON.readValue(text, Object.class), KEY);
    } catch (JacksonException e) {
      throw new Malformed(
          -1,
          "the metadata "
              + KEY
              + " is not valid JSON: "
              + Quoted.bare(e.getOriginalMessage())
              + ".");
    }
  }

  private static Map<String, StoredModule> modules(String name, @Nullable Object described) {
    Map<String, StoredModule> modules = new LinkedHashMap<>();
    object(described, name)
        .forEach((path, module) -> modules.put(path, module(module, name + "." + path)));
    if (!modules.containsKey("")) {
      throw new Malformed(-1, "the network " + Quoted.of(name) + " has no root module.");
    }
    return modules;
  }

  private static Set<String> names(@Nullable Object value, String where) {
    if (value instanceof List<?> list) {
      Set<String> names = new LinkedHashSet<>();
      list.forEach(name -> names.add(String.valueOf(name)));
      return names;
    }
    throw new Malformed(
        -1, Quoted.of(where) + " in the metadata " + KEY + " is not a JSON array of names.");
  }

  private static StoredModule module(@Nullable Object described, String where) {
    Map<String, @Nullable Object> module = object(described, where);
    if (module.get("class") instanceof String className
        && module.get("init_args") instanceof List<?> initArgs) {
      return new StoredModule(
          className,
          new ArrayList<>(initArgs),
          object(module.get("init_kwargs"), where + ".init_kwargs"),
          object(module.get("attributes"), where + ".attributes"));
    }
    throw new Malformed(-1, "the module " + Quoted.of(where) + " has no class or no init_args.");
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value, String where) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      map.forEach((key, item) -> object.put(String.valueOf(key), item));
      return object;
    }
    throw new Malformed(
        -1, Quoted.of(where) + " in the metadata " + KEY + " is not a JSON object.");
  }
}
