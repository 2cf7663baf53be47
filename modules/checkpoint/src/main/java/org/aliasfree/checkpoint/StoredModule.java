package org.aliasfree.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module of a stored network: its class, how it was constructed, what it was set to. Values are
 * null (Python's {@code None}), Boolean, Long, BigInteger, Double, String, List and Map.
 *
 * @param className the Python class, for example {@code SynthesisLayer}; both generations use the
 *     same names
 * @param initArgs positional constructor arguments
 * @param initKwargs constructor keywords
 * @param attributes the other attributes that have a plain form; those that torch keeps for itself
 *     are left out
 */
public record StoredModule(
    String className,
    List<@Nullable Object> initArgs,
    Map<String, @Nullable Object> initKwargs,
    Map<String, @Nullable Object> attributes) {
  /** Keeps copies that cannot be changed. */
  public StoredModule(
      String className,
      List<@Nullable Object> initArgs,
      Map<String, @Nullable Object> initKwargs,
      Map<String, @Nullable Object> attributes) {
    this.className = className;
    this.initArgs = Collections.unmodifiableList(new ArrayList<>(initArgs));
    this.initKwargs = Collections.unmodifiableMap(new LinkedHashMap<>(initKwargs));
    this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
